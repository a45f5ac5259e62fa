package protocol

// Lobby answers [Hello]: the client is authorised.
type Lobby struct {
	Re       string      `json:"re"`
	Session  string      `json:"session"` // a secret: whoever has it is this member
	You      string      `json:"you"`     // the public member id
	ICE      []ICEServer `json:"ice"`
	Slots    SlotCounts  `json:"slots"`  // to start with
	Codecs   []string    `json:"codecs"` // video, the preferred one first: vp8, vp9, h264, av1
	Bitrates Bitrates    `json:"bitrates"`
	State    LobbyState  `json:"state"`
	Epoch    string      `json:"epoch"`             // names the server's memory
	Resumed  bool        `json:"resumed,omitempty"` // the session is the one that was asked for
}

// LobbyState says whether a client may enter.
type LobbyState string

// The states of a client in the lobby.
const (
	StateWaiting LobbyState = "waiting" // for somebody to admit it
	StateIn      LobbyState = "in"      // it may enter when it likes
)

// ICEServer is an RTCIceServer of WebRTC.
type ICEServer struct {
	URLs       []string `json:"urls"`
	Username   string   `json:"username,omitempty"`
	Credential string   `json:"credential,omitempty"`
}

// SlotCounts says how many receive lines to offer.
type SlotCounts struct {
	Pairs int `json:"pairs"` // a video line and an audio line each
	Audio int `json:"audio"` // audio lines beside them
}

// Bitrates are the most that a client should send, in bits per second: camera
// layers with the RIDs q, h and f, and the screen.
type Bitrates struct {
	Q      int `json:"q"`
	H      int `json:"h"`
	F      int `json:"f"`
	Screen int `json:"screen"`
}

// Joined answers [Join].
type Joined struct {
	Re     string           `json:"re"`
	SDP    string           `json:"sdp"`
	Slots  map[string]*Slot `json:"slots"` // by mid; nothing is on them yet
	Limits Limits           `json:"limits"`
}

// Limits is what this server bounds; more is answered too_fast or too_big.
type Limits struct {
	Messages int `json:"messages"` // a second, and in one burst
	Chat     int `json:"chat"`     // chat lines a second, and in one burst
	Text     int `json:"text"`     // bytes of a chat line
	Pairs    int `json:"pairs"`    // pairs over all offers
	Audio    int `json:"audio"`    // audio lines beside them over all offers
}

// Welcome answers [Enter]: the client is in.
type Welcome struct {
	Re     string   `json:"re"`
	Room   Room     `json:"room"`
	People []Person `json:"people"` // the client itself included
	Chat   ChatMark `json:"chat"`
	// Role and May are the client's own.
	Role Role         `json:"role"`
	May  []Permission `json:"may"`
	// Waiting are those who wait in the lobby, for who may let them in.
	Waiting []Waiter `json:"waiting,omitempty"`
	Seq     uint64   `json:"seq,omitempty"`
}

// Room is how a room is.
type Room struct {
	Name      string `json:"name"`
	Locked    bool   `json:"locked"`
	Recording bool   `json:"recording"`
	SlowS     int    `json:"slow_s,omitempty"` // see [Slow]
	Spotlight *Spot  `json:"spotlight,omitempty"`
}

// ChatMark says how far a room's chat has come.
type ChatMark struct {
	Last  uint64 `json:"last"` // the `seq` of the newest line, 0 for none
	Epoch string `json:"epoch"`
}

// Person is a member of the room.
type Person struct {
	ID    string `json:"id"`
	Name  string `json:"name"`
	State string `json:"state"` // in, reconnecting
	Role  Role   `json:"role"`
	Hand  uint32 `json:"hand,omitempty"` // who raised it first has the lowest; 0: it is down
	// Sources that are live or muted; ended ones are absent.
	Sources map[Source]SourceState `json:"sources"`
	Held    []Source               `json:"held,omitempty"` // that it cannot make live: see [Mute]
}

// Answer answers [Offer].
type Answer struct {
	Re  string `json:"re"`
	SDP string `json:"sdp"`
}

// Slots says what slots carry from now on; those that are not named stay as
// they were. On the wire the mids stand beside `t` and `seq`.
type Slots struct {
	Slots map[string]Slot
	Seq   uint64
}

// Slot is what one slot carries: Member's Source from RTP timestamp TS on, or
// nothing because of Why; Member and Source may stand beside a Why.
type Slot struct {
	Member string  `json:"member,omitempty"`
	Source Source  `json:"source,omitempty"`
	TS     *uint32 `json:"ts,omitempty"`
	Why    string  `json:"why,omitempty"` // empty, muted, gone, bandwidth, codec
}

// Want says which layers of one of the client's sources anybody needs. Before
// the first one all are needed.
type Want struct {
	Source Source   `json:"source"`
	Layers []string `json:"layers"` // RIDs, or "" for the layer of a source without; none: nobody sees it
	Seq    uint64   `json:"seq,omitempty"`
}

// People says who came, who changed and who left.
type People struct {
	Add []Person `json:"add,omitempty"`
	Set []Person `json:"set,omitempty"`
	Del []string `json:"del,omitempty"`
	Seq uint64   `json:"seq,omitempty"`
}

// Speakers says who speaks, loudest first.
type Speakers struct {
	Levels []Level `json:"levels"`
	Seq    uint64  `json:"seq,omitempty"`
}

// Level is how loud a member is; on the wire [member, level].
type Level struct {
	Member string
	Level  uint8 // 0 to 127
}

// Quality says how well members are connected. On the wire the member ids stand
// beside `t` and `seq`.
type Quality struct {
	Members map[string]Link
	Seq     uint64
}

// Link is how well one member is connected, 1 (bad) to 5; 0 where nothing is
// sent that way.
type Link struct {
	Up   int    `json:"up"`
	Down int    `json:"down"`
	Why  string `json:"why"` // uplink, downlink, server, none
}

// Goaway says that the server will end: rejoin, at URL if there is one.
type Goaway struct {
	InMS int64  `json:"in_ms"`
	URL  string `json:"url,omitempty"`
}

// Moved says that the room is at another server.
type Moved struct {
	URL string `json:"url"`
}

// Error says what was wrong. Re names the request, CID the chat line, if any.
type Error struct {
	Re      string `json:"re,omitempty"`
	CID     string `json:"cid,omitempty"`
	Code    Code   `json:"code"`
	Message string `json:"message,omitempty"`
	RetryMS int64  `json:"retry_ms,omitempty"` // try again after so long
}

// Type is lobby.
func (*Lobby) Type() string { return "lobby" }

// Type is joined.
func (*Joined) Type() string { return "joined" }

// Type is welcome.
func (*Welcome) Type() string { return "welcome" }

// Type is answer.
func (*Answer) Type() string { return "answer" }

// Type is slots.
func (*Slots) Type() string { return "slots" }

// Type is want.
func (*Want) Type() string { return "want" }

// Type is people.
func (*People) Type() string { return "people" }

// Type is speakers.
func (*Speakers) Type() string { return "speakers" }

// Type is quality.
func (*Quality) Type() string { return "quality" }

// Type is goaway.
func (*Goaway) Type() string { return "goaway" }

// Type is moved.
func (*Moved) Type() string { return "moved" }

// Type is error.
func (*Error) Type() string { return "error" }
