package protocol

// Hello is the first message of a client: who it is and which room it wants.
// Answered by [Lobby].
type Hello struct {
	ID       string  `json:"id"`
	V        int     `json:"v"` // [Version]
	Room     string  `json:"room,omitempty"`
	Name     string  `json:"name,omitempty"`
	Test     bool    `json:"test,omitempty"` // instead of Room and Name: only to see which ways lead here
	Token    string  `json:"token,omitempty"`
	Password string  `json:"password,omitempty"`
	Lang     string  `json:"lang,omitempty"` // BCP 47
	Resume   *Resume `json:"resume,omitempty"`
}

// Resume asks to go on with a session that has lost its WebSocket.
type Resume struct {
	Session string `json:"session"`
	Seq     uint64 `json:"seq"` // the last that was taken; 0: the client knows nothing
}

// Join carries the first offer. Answered by [Joined].
type Join struct {
	ID    string            `json:"id"`
	SDP   string            `json:"sdp"`
	Lines map[string]Source `json:"lines,omitempty"` // by mid
}

// Enter takes the client from the lobby into the room. Answered by [Welcome].
type Enter struct {
	ID   string `json:"id"`
	Name string `json:"name,omitempty"` // instead of that of Hello, which may have been said before it was known
}

// Ready says that the answer to the request Re is applied: the slots of that
// offer may be fed.
type Ready struct {
	Re string `json:"re"`
}

// Offer carries another offer. Answered by [Answer].
type Offer struct {
	ID      string            `json:"id"`
	SDP     string            `json:"sdp"`
	Lines   map[string]Source `json:"lines,omitempty"`
	Restart bool              `json:"restart,omitempty"` // the offer restarts ICE
}

// ICE carries one candidate, in either direction: the value of the candidate
// attribute (RFC 8839), with or without the word "candidate:" before it. Empty: no more will come.
type ICE struct {
	Candidate string `json:"candidate"`
}

// Publish says how one of the client's sources is from now on.
type Publish struct {
	ID     string      `json:"id,omitempty"`
	Source Source      `json:"source"`
	State  SourceState `json:"state"`
}

// View says what is on the client's screen, most important first.
type View struct {
	ID    string `json:"id,omitempty"`
	Tiles []Tile `json:"tiles"`
}

// Tile is one thing on the screen.
type Tile struct {
	Member string `json:"member"`
	Source Source `json:"source"` // camera or screen
	W      int    `json:"w"`      // CSS pixels × devicePixelRatio, 0 to 16384
	H      int    `json:"h"`
	Pin    bool   `json:"pin,omitempty"`
}

// Bye ends a session for good: from the client, it leaves; from the server, it
// was removed, and Code says why.
type Bye struct {
	Code Code `json:"code,omitempty"`
	// HoldMS, from the client: a resume within so many milliseconds, at most
	// [MaxHold], takes the bye back.
	HoldMS int64 `json:"hold_ms,omitempty"`
}

// Ping asks for a [Pong] with the same TS, in either direction.
type Ping struct {
	TS float64 `json:"ts"` // the sender's own clock
}

// Pong answers a [Ping].
type Pong struct {
	TS float64 `json:"ts"`
}

// Type is hello.
func (*Hello) Type() string { return "hello" }

// Type is join.
func (*Join) Type() string { return "join" }

// Type is enter.
func (*Enter) Type() string { return "enter" }

// Type is ready.
func (*Ready) Type() string { return "ready" }

// Type is offer.
func (*Offer) Type() string { return "offer" }

// Type is ice.
func (*ICE) Type() string { return "ice" }

// Type is publish.
func (*Publish) Type() string { return "publish" }

// Type is view.
func (*View) Type() string { return "view" }

// Type is bye.
func (*Bye) Type() string { return "bye" }

// Type is ping.
func (*Ping) Type() string { return "ping" }

// Type is pong.
func (*Pong) Type() string { return "pong" }

// RequestID is the id.
func (m *Hello) RequestID() string { return m.ID }

// RequestID is the id.
func (m *Join) RequestID() string { return m.ID }

// RequestID is the id.
func (m *Enter) RequestID() string { return m.ID }

// RequestID is the id.
func (m *Offer) RequestID() string { return m.ID }

// RequestID is the id.
func (m *Publish) RequestID() string { return m.ID }

// RequestID is the id.
func (m *View) RequestID() string { return m.ID }
