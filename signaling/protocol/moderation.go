package protocol

// Most messages of this file are requests by those who may. One that has an id is
// answered by [Done] or [Error]; what came of it is told to whom it concerns, by a
// message of the same type without an id, or in [People].

// Hand raises or lowers a hand. All see it in the [Person].
type Hand struct {
	ID     string `json:"id,omitempty"`
	Member string `json:"member,omitempty"` // empty: one's own
	Up     bool   `json:"up"`
}

// React shows an emoji for a moment. Member stands in the server's only.
type React struct {
	ID     string `json:"id,omitempty"`
	Member string `json:"member,omitempty"`
	Emoji  string `json:"emoji"` // one, of at most [MaxEmoji] bytes
	Seq    uint64 `json:"seq,omitempty"`
}

// Mute mutes a member's microphone or camera, or ends its screen. From the server
// it goes to that member alone, and By says who did it.
type Mute struct {
	ID     string `json:"id,omitempty"`
	Member string `json:"member,omitempty"` // empty: everyone of a lower role
	Source Source `json:"source"`
	// Hold: the member cannot make it live again before an [Unmute].
	Hold bool   `json:"hold,omitempty"`
	By   string `json:"by,omitempty"`
	Seq  uint64 `json:"seq,omitempty"`
}

// Unmute lifts the hold of a [Mute] and asks the member to make its source live. From
// the server it goes to that member alone, which may or may not do so.
type Unmute struct {
	ID     string `json:"id,omitempty"`
	Member string `json:"member,omitempty"`
	Source Source `json:"source"`
	By     string `json:"by,omitempty"`
	Seq    uint64 `json:"seq,omitempty"`
}

// Kick removes a member.
type Kick struct {
	ID     string `json:"id,omitempty"`
	Member string `json:"member"`
	BanS   int    `json:"ban_s,omitempty"` // seconds for which it may not come back, at most [MaxBan]
}

// Lock closes the room to newcomers, or opens it.
type Lock struct {
	ID     string `json:"id,omitempty"`
	Locked bool   `json:"locked"`
	Seq    uint64 `json:"seq,omitempty"`
}

// Slow has everybody who does not moderate wait between two lines of chat.
type Slow struct {
	ID      string `json:"id,omitempty"`
	Seconds int    `json:"seconds"` // 0: not at all; at most [MaxSlow]
	Seq     uint64 `json:"seq,omitempty"`
}

// Spotlight puts a camera or a screen on everybody's stage.
type Spotlight struct {
	ID string `json:"id,omitempty"`
	Spot
	Seq uint64 `json:"seq,omitempty"`
}

// Spot is what stands in the [Spotlight]; the zero value: nothing.
type Spot struct {
	Member string `json:"member,omitempty"`
	Source Source `json:"source,omitempty"` // camera, screen
}

// Clear takes back all lines of the chat. Answered to all by [Cleared].
type Clear struct {
	ID string `json:"id,omitempty"`
}

// End ends the room for all.
type End struct {
	ID string `json:"id,omitempty"`
}

// Record starts or stops the recording.
type Record struct {
	ID  string `json:"id,omitempty"`
	On  bool   `json:"on"`
	Seq uint64 `json:"seq,omitempty"`
}

// Done says that the request Re was done. Requests that have an answer of their own
// are not answered by it.
type Done struct {
	Re string `json:"re"`
}

// Type is hand.
func (*Hand) Type() string { return "hand" }

// Type is react.
func (*React) Type() string { return "react" }

// Type is mute.
func (*Mute) Type() string { return "mute" }

// Type is unmute.
func (*Unmute) Type() string { return "unmute" }

// Type is kick.
func (*Kick) Type() string { return "kick" }

// Type is lock.
func (*Lock) Type() string { return "lock" }

// Type is slow.
func (*Slow) Type() string { return "slow" }

// Type is spotlight.
func (*Spotlight) Type() string { return "spotlight" }

// Type is clear.
func (*Clear) Type() string { return "clear" }

// Type is end.
func (*End) Type() string { return "end" }

// Type is record.
func (*Record) Type() string { return "record" }

// Type is done.
func (*Done) Type() string { return "done" }

// RequestID is the id.
func (m *Hand) RequestID() string { return m.ID }

// RequestID is the id.
func (m *React) RequestID() string { return m.ID }

// RequestID is the id.
func (m *Mute) RequestID() string { return m.ID }

// RequestID is the id.
func (m *Unmute) RequestID() string { return m.ID }

// RequestID is the id.
func (m *Kick) RequestID() string { return m.ID }

// RequestID is the id.
func (m *Lock) RequestID() string { return m.ID }

// RequestID is the id.
func (m *Slow) RequestID() string { return m.ID }

// RequestID is the id.
func (m *Spotlight) RequestID() string { return m.ID }

// RequestID is the id.
func (m *Clear) RequestID() string { return m.ID }

// RequestID is the id.
func (m *End) RequestID() string { return m.ID }

// RequestID is the id.
func (m *Record) RequestID() string { return m.ID }
