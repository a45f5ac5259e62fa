package room

import (
	"sync"
	"time"

	"madang/sfu"
)

// MemberID names a member in public. Random and global: 64 bits or more, text.
type MemberID string

// Conn is how one member hears from its room. Both methods are called on the
// room's goroutine and must not block: a member that reads too slowly loses its
// connection, nobody else loses anything.
type Conn interface {
	// Send queues an event. Events are shared between members and immutable.
	Send(Event)
	// Close ends the member's connection with a code of the wire.
	Close(code string)
}

// Event is something a room tells a member. The types in this file are all.
type Event interface{ event() }

// Shared lets an event that goes to many be encoded once. The zero value is ready.
type Shared struct {
	once  sync.Once
	bytes []byte
}

// Encoded returns what encode returned the first time. Any goroutine.
func (s *Shared) Encoded(encode func() []byte) []byte {
	s.once.Do(func() { s.bytes = encode() })
	return s.bytes
}

// SourceState is how a source is.
type SourceState string

// The states of a source on the wire. A source that was never published has ended.
const (
	SourceLive  SourceState = "live"
	SourceMuted SourceState = "muted"
	SourceEnded SourceState = "ended"
)

// PersonState is how a member is.
type PersonState string

// The states of a member on the wire.
const (
	PersonIn           PersonState = "in"
	PersonReconnecting PersonState = "reconnecting" // nothing was heard of it for a while
)

// Person is a member as the others see it.
type Person struct {
	ID    MemberID
	Name  string
	State PersonState
	// Sources that are live or muted; ended ones are absent.
	Sources map[sfu.SourceKind]SourceState
}

// Welcome answers Enter and Renew: the member is in. It comes before any other
// event, and what comes behind one that answers Renew replaces what was before.
type Welcome struct {
	Room     string
	Locked   bool
	People   []Person // the member itself included
	ChatLast uint64   // sequence number of the newest chat line, 0 for none
	Epoch    string   // names this room's memory of its chat
}

// Refused answers Enter: the member is not in.
type Refused struct{ Err *Error }

// People is what changed among the members; at most 10 a second. The same event
// goes to all: Add may name someone whom the Welcome named already (its newest
// state holds), and Del someone who was never named.
type People struct {
	Shared
	Add, Set []Person
	Del      []MemberID
}

// SlotCarries is what one slot of this member carries from an RTP timestamp on.
type SlotCarries struct {
	Mid       string
	Member    MemberID // empty for an empty slot
	Source    sfu.SourceKind
	Why       sfu.Why
	Timestamp uint32 // meaningful while Why is empty
}

// Slots is what changed on this member's slots.
type Slots struct{ Slots []SlotCarries }

// Speakers is who speaks, loudest first, at most 5 a second.
type Speakers struct {
	Shared
	Levels []SpeakerLevel
}

// SpeakerLevel is how loud one member is, 0 to 127.
type SpeakerLevel struct {
	Member MemberID
	Level  uint8
}

// Want is which layers of one of this member's sources anybody needs. Before the
// first one all are needed.
type Want struct {
	Source sfu.SourceKind
	// Layers are RIDs, the smallest first; a source without RIDs has the one layer
	// "". None: nobody sees the source.
	Layers []string
}

// Quality is how members fare of whom something changed, at most once a second.
type Quality struct {
	Shared
	Members []MemberQuality
}

// MemberQuality is how one member's media fares: 1 (bad) to 5, 0 where nothing
// is sent that way.
type MemberQuality struct {
	Member   MemberID
	Up, Down uint8
	Cause    sfu.Cause
}

// ChatLine is one line of chat, stamped and ordered by the room.
type ChatLine struct {
	Shared
	Epoch string
	Seq   uint64
	ID    string
	CID   string // the sender's own id for it
	From  MemberID
	Name  string
	To    MemberID // empty: everybody
	Text  string
	At    time.Time
}

// ChatPage is a run of older lines, in order.
type ChatPage struct{ Lines []*ChatLine }

// ChatCaughtUp ends the answer to ChatSince.
type ChatCaughtUp struct{ Seq uint64 }

// ChatDeleted says that a line is no more.
type ChatDeleted struct {
	Shared
	ID string
}

// ChatTyping says that a member is writing.
type ChatTyping struct {
	Shared
	From MemberID
	To   MemberID
}

// ChatRefused says that a line was not taken.
type ChatRefused struct {
	CID string
	Err *Error
}

// Failed answers a request (by its id) that the room refused.
type Failed struct {
	Re  string
	Err *Error
}

func (*Welcome) event()      {}
func (*Refused) event()      {}
func (*People) event()       {}
func (*Slots) event()        {}
func (*Speakers) event()     {}
func (*Want) event()         {}
func (*Quality) event()      {}
func (*ChatLine) event()     {}
func (*ChatPage) event()     {}
func (*ChatCaughtUp) event() {}
func (*ChatDeleted) event()  {}
func (*ChatTyping) event()   {}
func (*ChatRefused) event()  {}
func (*Failed) event()       {}
