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
	// Hand is the number of its raised hand, 0 while it is down: who raised it first
	// has the lowest. Numbers are not used again.
	Hand uint32
	Role Role
	// Held are sources that a moderator has muted or ended until it lets them go.
	Held Kinds
}

// Waiter is somebody who waits in the lobby.
type Waiter struct {
	ID   MemberID
	Name string
}

// Welcome answers Enter and Renew: the member is in. It comes before any other
// event, and what comes behind one that answers Renew replaces what was before.
type Welcome struct {
	Room     string
	Locked   bool
	People   []Person // the member itself included
	ChatLast uint64   // sequence number of the newest chat line, 0 for none
	Epoch    string   // names this room's memory of its chat
	Slow     time.Duration
	Spot     Spot        // what is in the spotlight
	Role     Role        // the member's own
	May      Permissions // likewise
	Waiting  []Waiter    // by arrival; of who moderates only
}

// Refused answers Enter: the member is not in. To who waits in the lobby it comes when
// it is sent away.
type Refused struct{ Err *Error }

// May is what this member is and may do from now on.
type May struct {
	Role Role
	May  Permissions
}

// Waiting is what changed among those who wait in the lobby, to those who moderate; at
// most 10 a second. The same goes for Add and Del as for those of People; Del is to be
// read first.
type Waiting struct {
	Shared
	Add []Waiter
	Del []MemberID
}

// Locked says whether newcomers are refused.
type Locked struct {
	Shared
	Locked bool
}

// SlowMode says how long a member who does not moderate must wait between two lines of
// chat; 0: not at all.
type SlowMode struct {
	Shared
	Every time.Duration
}

// Spotlight says what is on everybody's stage from now on; the zero value: nothing.
type Spotlight struct {
	Shared
	Spot Spot
}

// Muted tells a member that one of its sources was muted, or ended if it is of a
// screen.
type Muted struct {
	Source sfu.SourceKind
	By     MemberID // empty: the server itself
	// Hold: it cannot be live again before an UnmuteAsked.
	Hold bool
}

// UnmuteAsked asks a member to make a source live that it may make live again.
type UnmuteAsked struct {
	Source sfu.SourceKind
	By     MemberID // empty: the server itself
}

// Reaction is an emoji that a member shows for a moment.
type Reaction struct {
	Shared
	Member MemberID
	Emoji  string
}

// Done answers a request (by its id) that the room has done.
type Done struct{ Re string }

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
	Reply string   // ID of the line that it answers; empty: none
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

// ChatCleared says that the lines up to a number are no more.
type ChatCleared struct {
	Shared
	Seq uint64
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
func (*May) event()          {}
func (*Waiting) event()      {}
func (*People) event()       {}
func (*Locked) event()       {}
func (*SlowMode) event()     {}
func (*Spotlight) event()    {}
func (*Muted) event()        {}
func (*UnmuteAsked) event()  {}
func (*Reaction) event()     {}
func (*Slots) event()        {}
func (*Speakers) event()     {}
func (*Want) event()         {}
func (*Quality) event()      {}
func (*ChatLine) event()     {}
func (*ChatPage) event()     {}
func (*ChatCaughtUp) event() {}
func (*ChatDeleted) event()  {}
func (*ChatCleared) event()  {}
func (*ChatTyping) event()   {}
func (*ChatRefused) event()  {}
func (*Done) event()         {}
func (*Failed) event()       {}
