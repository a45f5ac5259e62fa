package protocol

// The messages of this file are requests by those who may; the server tells
// everybody what came of them in a message of the same type, without an id.

// Hand raises or lowers a hand.
type Hand struct {
	ID     string `json:"id,omitempty"`
	Member string `json:"member,omitempty"`
	Up     bool   `json:"up"`
	Seq    uint64 `json:"seq,omitempty"`
}

// React shows an emoji for a moment.
type React struct {
	ID     string `json:"id,omitempty"`
	Member string `json:"member,omitempty"`
	Emoji  string `json:"emoji"`
	Seq    uint64 `json:"seq,omitempty"`
}

// Role changes what a member may do.
type Role struct {
	ID     string `json:"id,omitempty"`
	Member string `json:"member"`
	Role   string `json:"role"`
	Seq    uint64 `json:"seq,omitempty"`
}

// Mute mutes a member's source.
type Mute struct {
	ID     string `json:"id,omitempty"`
	Member string `json:"member"`
	Source Source `json:"source"`
	Seq    uint64 `json:"seq,omitempty"`
}

// Kick removes a member.
type Kick struct {
	ID     string `json:"id,omitempty"`
	Member string `json:"member"`
	Seq    uint64 `json:"seq,omitempty"`
}

// Lock closes the room to newcomers, or opens it.
type Lock struct {
	ID     string `json:"id,omitempty"`
	Locked bool   `json:"locked"`
	Seq    uint64 `json:"seq,omitempty"`
}

// Admit lets somebody in who waits in the lobby.
type Admit struct {
	ID     string `json:"id,omitempty"`
	Member string `json:"member"`
	Seq    uint64 `json:"seq,omitempty"`
}

// Deny sends somebody away who waits in the lobby.
type Deny struct {
	ID     string `json:"id,omitempty"`
	Member string `json:"member"`
	Seq    uint64 `json:"seq,omitempty"`
}

// Record starts or stops the recording.
type Record struct {
	ID  string `json:"id,omitempty"`
	On  bool   `json:"on"`
	Seq uint64 `json:"seq,omitempty"`
}

// Type is hand.
func (*Hand) Type() string { return "hand" }

// Type is react.
func (*React) Type() string { return "react" }

// Type is role.
func (*Role) Type() string { return "role" }

// Type is mute.
func (*Mute) Type() string { return "mute" }

// Type is kick.
func (*Kick) Type() string { return "kick" }

// Type is lock.
func (*Lock) Type() string { return "lock" }

// Type is admit.
func (*Admit) Type() string { return "admit" }

// Type is deny.
func (*Deny) Type() string { return "deny" }

// Type is record.
func (*Record) Type() string { return "record" }

// RequestID is the id.
func (m *Hand) RequestID() string { return m.ID }

// RequestID is the id.
func (m *React) RequestID() string { return m.ID }

// RequestID is the id.
func (m *Role) RequestID() string { return m.ID }

// RequestID is the id.
func (m *Mute) RequestID() string { return m.ID }

// RequestID is the id.
func (m *Kick) RequestID() string { return m.ID }

// RequestID is the id.
func (m *Lock) RequestID() string { return m.ID }

// RequestID is the id.
func (m *Admit) RequestID() string { return m.ID }

// RequestID is the id.
func (m *Deny) RequestID() string { return m.ID }

// RequestID is the id.
func (m *Record) RequestID() string { return m.ID }
