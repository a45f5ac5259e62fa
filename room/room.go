package room

import (
	"net/netip"

	"madang/sfu"
)

// Router is the media plane of one room as the room sees it; [sfu.Router] is one.
type Router interface {
	// Route takes the room's newest routing. It must not block.
	Route(*sfu.Routing)
	// Close ends the room's media. Called once, when the room has ended.
	Close()
}

var _ Router = (*sfu.Router)(nil)

// Joining is a member on its way in.
type Joining struct {
	ID   MemberID
	Name string
	Conn Conn
	// Grant is what it is and may do, and From where it comes from.
	Grant Grant
	From  netip.Prefix
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

// Room is the actor of one room: who is here, who is shown to whom, the chat.
// Its methods post to it and return; results come to the member's Conn. They
// may wait while the room's mailbox is full (bounded), so they are for the
// member's own goroutine: never for the room's (a method of Conn), and nobody
// calls them holding a lock. What comes from someone who has not entered is
// dropped.
type Room struct {
	name    string
	rooms   *Rooms
	router  Router
	mail    *mailbox
	reign   *reign
	ended   chan struct{} // closed when the room calls no Conn any more
	holders int           // guarded by rooms.mu
}

// Release gives back what Open took. The room ends when nobody holds it. Once
// for each Open, also of a room that has failed.
func (r *Room) Release() { r.rooms.release(r) }

// Enter brings a member in, or welcomes one anew that is in with the same Conn: a
// Welcome or a Refused comes to its Conn, and nothing before. It may come late: who
// must be admitted waits in the lobby. That of a room which has ended or failed is
// closed with internal, on the caller's goroutine if the room has none any more.
func (r *Room) Enter(j Joining) {
	if !r.mail.post(&enter{j}) {
		j.Conn.Close(codeInternal)
	}
}

// Leave takes a member out. After it returns its Conn hears nothing more and
// the newest routing does not name it. Someone who is not here may leave too.
func (r *Room) Leave(id MemberID) {
	settled := make(chan struct{})
	if !r.mail.post(&leave{sender: sender{id}, done: settled}) {
		settled = nil
	}
	select {
	case <-settled:
	case <-r.ended:
	}
}

// Negotiated tells the room of the member's lines after another offer.
func (r *Room) Negotiated(id MemberID, sources []*sfu.Source, pairs []sfu.Pair, voices []*sfu.Slot) {
	r.mail.post(&negotiated{sender{id}, sources, pairs, voices})
}

// Rejoin tells the room that the member has another transport, or none as yet:
// what it published and what it looked at is over.
func (r *Room) Rejoin(id MemberID, sources []*sfu.Source, pairs []sfu.Pair, voices []*sfu.Slot) {
	r.mail.post(&rejoin{negotiated{sender{id}, sources, pairs, voices}})
}

// Renew asks for a Welcome, and for all that a member knows besides, once more.
func (r *Room) Renew(id MemberID) { r.mail.post(&renew{sender{id}}) }

// Presence says how the member appears to the others.
func (r *Room) Presence(id MemberID, is PersonState) { r.mail.post(&presence{sender{id}, is}) }

// Publish says how one of the member's sources is. re is the id of the request.
// not_found for a source that was not negotiated.
func (r *Room) Publish(id MemberID, re string, kind sfu.SourceKind, state SourceState) {
	r.mail.post(&publish{question{id, re}, kind, state})
}

// View says what the member has on its screen. Before the first View the room
// fills slots by arrival, then by who speaks. Tiles of which there is nothing
// to show are passed over. The room keeps the slice.
func (r *Room) View(id MemberID, re string, tiles []Tile) {
	r.mail.post(&view{question{id, re}, tiles})
}

// Chat posts a line. Exactly once by (id, cid): the line comes back to the sender
// with its cid, again for each resend.
func (r *Room) Chat(id MemberID, post ChatPost) { r.mail.post(&chatPost{sender{id}, post}) }

// ChatSince asks for the lines after seq in pages, then ChatCaughtUp. An epoch
// other than the room's asks for everything.
func (r *Room) ChatSince(id MemberID, epoch string, seq uint64) {
	r.mail.post(&chatSince{sender{id}, epoch, seq})
}

// ChatDelete takes back one's own line or, for who moderates, that of a lower role.
func (r *Room) ChatDelete(id MemberID, re, line string) {
	r.mail.post(&chatDelete{question{id, re}, line})
}

// ChatTyping says that the member is writing.
func (r *Room) ChatTyping(id MemberID, to MemberID) {
	r.mail.post(&chatTyping{sender{id}, to})
}
