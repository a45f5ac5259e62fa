package protocol

// Numbered is a message that stands in the order of what a session was told about
// its room.
type Numbered interface {
	Message
	// Number is the `seq`; 0 for none.
	Number() uint64
}

// Number is the seq.
func (m *Welcome) Number() uint64 { return m.Seq }

// Number is the seq.
func (m *People) Number() uint64 { return m.Seq }

// Number is the seq.
func (m *Slots) Number() uint64 { return m.Seq }

// Number is the seq.
func (m *Want) Number() uint64 { return m.Seq }

// Number is the seq.
func (m *Speakers) Number() uint64 { return m.Seq }

// Number is the seq.
func (m *Quality) Number() uint64 { return m.Seq }

// Number is the seq.
func (m *React) Number() uint64 { return m.Seq }

// Number is the seq.
func (m *Mute) Number() uint64 { return m.Seq }

// Number is the seq.
func (m *Unmute) Number() uint64 { return m.Seq }

// Number is the seq.
func (m *Lock) Number() uint64 { return m.Seq }

// Number is the seq.
func (m *Slow) Number() uint64 { return m.Seq }

// Number is the seq.
func (m *Spotlight) Number() uint64 { return m.Seq }

// Number is the seq.
func (m *Record) Number() uint64 { return m.Seq }

// Number is the seq.
func (m *May) Number() uint64 { return m.Seq }

// Number is the seq.
func (m *Waiting) Number() uint64 { return m.Seq }

// Reply is a message that answers a [Request].
type Reply interface {
	Message
	// ReplyTo is the `re`; empty where it answers none.
	ReplyTo() string
}

// ReplyTo is the re.
func (m *Lobby) ReplyTo() string { return m.Re }

// ReplyTo is the re.
func (m *Joined) ReplyTo() string { return m.Re }

// ReplyTo is the re; empty where nobody has asked to enter.
func (m *Welcome) ReplyTo() string { return m.Re }

// ReplyTo is the re.
func (m *Answer) ReplyTo() string { return m.Re }

// ReplyTo is the re.
func (m *Done) ReplyTo() string { return m.Re }

// ReplyTo is the re; empty for a warning.
func (m *Expiry) ReplyTo() string { return m.Re }

// ReplyTo is the re.
func (m *Invitation) ReplyTo() string { return m.Re }

// ReplyTo is the re; empty where it is about no request.
func (m *Error) ReplyTo() string { return m.Re }
