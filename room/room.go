package room

import (
	"log/slog"

	"madang/sfu"
)

// Router is the media plane of one room as the room sees it; [sfu.Router] is one.
type Router interface {
	Route(*sfu.Routing)
	Close()
}

// Joining is a member on its way in.
type Joining struct {
	ID   MemberID
	Name string
	Conn Conn
	// What was negotiated for it so far.
	Sources []*sfu.Source
	Pairs   []sfu.Pair
	Voices  []*sfu.Slot
}

// Tile is something a member wants to see, the most important first.
type Tile struct {
	Member        MemberID
	Source        sfu.SourceKind // Camera or Screen
	Width, Height int            // device pixels
	Pinned        bool
}

// Rooms is all rooms of this server. Safe for any goroutine.
type Rooms struct{}

// NewRooms makes the registry. newRouter makes a room's media plane.
func NewRooms(cfg Config, newRouter func(sfu.Observer) Router, log *slog.Logger) *Rooms {
	panic("contract only")
}

// Policy is what the room with this name asks, whether it exists or not.
func (r *Rooms) Policy(name string) Policy { panic("contract only") }

// Open returns the room with this name, made if need be, and keeps it alive
// until Release. unavailable once the registry is closing.
func (r *Rooms) Open(name string) (*Room, error) { panic("contract only") }

// Close ends all rooms and waits for their goroutines.
func (r *Rooms) Close() { panic("contract only") }

// Room is the actor of one room: who is here, who is shown to whom, the chat.
// Its methods post to it and return; results come to the member's Conn. They
// may wait while the room's mailbox is full (bounded), so they are for the
// member's own goroutine, and nobody calls them holding a lock.
type Room struct{}

// Release gives back what Open took. The room ends when nobody holds it.
func (r *Room) Release() { panic("contract only") }

// Enter brings a member in: a Welcome or a Refused comes to its Conn.
func (r *Room) Enter(j Joining) { panic("contract only") }

// Leave takes a member out; after it returns its Conn hears nothing more.
func (r *Room) Leave(id MemberID) { panic("contract only") }

// Negotiated tells the room of the member's lines after another offer.
func (r *Room) Negotiated(id MemberID, sources []*sfu.Source, pairs []sfu.Pair, voices []*sfu.Slot) {
	panic("contract only")
}

// Publish says how one of the member's sources is. re is the id of the request.
func (r *Room) Publish(id MemberID, re string, kind sfu.SourceKind, state SourceState) {
	panic("contract only")
}

// View says what the member has on its screen. Before the first View the room
// fills slots by arrival, then by who speaks.
func (r *Room) View(id MemberID, re string, tiles []Tile) { panic("contract only") }

// Chat posts a line; to is empty for everybody. Exactly once by (id, cid).
func (r *Room) Chat(id MemberID, cid string, to MemberID, text string) { panic("contract only") }

// ChatSince asks for the lines after seq in pages, then ChatCaughtUp. An epoch
// other than the room's asks for everything.
func (r *Room) ChatSince(id MemberID, epoch string, seq uint64) { panic("contract only") }

// ChatDelete takes back one's own line.
func (r *Room) ChatDelete(id MemberID, re, line string) { panic("contract only") }

// ChatTyping says that the member is writing.
func (r *Room) ChatTyping(id MemberID, to MemberID) { panic("contract only") }
