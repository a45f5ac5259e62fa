package protocol

// ChatMsg is a line of chat as its author sends it. CID is the author's own id
// for it: sent twice, it is taken once.
type ChatMsg struct {
	CID   string `json:"cid"`
	To    string `json:"to,omitempty"`    // a member id; empty for everybody
	Reply string `json:"reply,omitempty"` // id of the line that it answers
	Text  string `json:"text"`
}

// ChatLine is a line of chat, stamped and ordered by the server.
type ChatLine struct {
	Epoch string `json:"epoch"`
	Seq   uint64 `json:"seq"`
	ID    string `json:"id"`
	CID   string `json:"cid"`
	From  string `json:"from"`
	Name  string `json:"name"`
	To    string `json:"to,omitempty"`
	Reply string `json:"reply,omitempty"`
	Text  string `json:"text"`
	At    int64  `json:"at"` // milliseconds since 1970, UTC
}

// Since asks for the lines after Seq of Epoch; an unknown epoch asks for all.
type Since struct {
	Epoch string `json:"epoch"`
	Seq   uint64 `json:"seq"`
}

// CaughtUp ends the answer to [Since]; Seq is the newest line's.
type CaughtUp struct {
	Seq uint64 `json:"seq"`
}

// Del takes back a line: from its author a wish, from the server the fact.
type Del struct {
	ID string `json:"id"` // the line's
}

// Cleared answers [Clear], to all: the lines up to Seq are gone.
type Cleared struct {
	Seq uint64 `json:"seq"`
}

// Typing says that somebody writes. From stands in the server's only.
type Typing struct {
	From string `json:"from,omitempty"`
	To   string `json:"to,omitempty"`
}

// Type is msg.
func (*ChatMsg) Type() string { return "msg" }

// Type is msg.
func (*ChatLine) Type() string { return "msg" }

// Type is since.
func (*Since) Type() string { return "since" }

// Type is caught-up.
func (*CaughtUp) Type() string { return "caught-up" }

// Type is del.
func (*Del) Type() string { return "del" }

// Type is clear.
func (*Cleared) Type() string { return "clear" }

// Type is typing.
func (*Typing) Type() string { return "typing" }

// RequestID is the line's id.
func (m *Del) RequestID() string { return m.ID }
