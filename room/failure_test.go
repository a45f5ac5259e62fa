package room

import (
	"log/slog"
	"testing"
	"testing/synctest"

	"madang/sfu"
)

// brittleRouter is a media plane that panics at the next routing once it is armed.
type brittleRouter struct {
	fakeRouter
	armed func() // called before the panic
}

func (r *brittleRouter) Route(routing *sfu.Routing) {
	r.fakeRouter.Route(routing)
	if fault := r.armed; fault != nil {
		r.armed = nil
		fault()
		panic("a fault that a test put there")
	}
}

// brittleRooms makes a registry, and tells of the routers as they are made.
func brittleRooms(t *testing.T, cfg Config) (*Rooms, *[]*brittleRouter) {
	t.Helper()
	routers := &[]*brittleRouter{}
	rooms, err := NewRooms(cfg, func(sfu.Observer) Router {
		r := &brittleRouter{}
		*routers = append(*routers, r)
		return r
	}, slog.New(slog.DiscardHandler))
	if err != nil {
		t.Fatal(err)
	}
	return rooms, routers
}

func TestARoomThatPanicsEndsAloneAndItsMembersMayComeAgain(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		rooms, routers := brittleRooms(t, DefaultConfig())
		defer rooms.Close()
		yard, hall := open(t, rooms, "yard"), open(t, rooms, "hall")
		a, b, late, other := newGuest("a", 1, 0), newGuest("b", 1, 0), newGuest("late", 1, 0), newGuest("other", 1, 0)
		yard.Enter(a.Joining)
		yard.Enter(b.Joining)
		hall.Enter(other.Joining)
		synctest.Wait()
		(*routers)[0].armed = func() { yard.Enter(late.Joining) } // while it fails
		yard.Publish("a", "", sfu.Mic, SourceLive)
		synctest.Wait()

		for _, g := range []*guest{a, b, late} {
			if g.conn.closed != codeInternal {
				t.Errorf("%s was closed with %q", g.ID, g.conn.closed)
			}
			yard.Leave(g.ID)
			yard.Release()
		}
		if !(*routers)[0].closed {
			t.Error("the media of the room that failed was not ended")
		}
		after := newGuest("after", 1, 0)
		yard.Enter(after.Joining)
		if after.conn.closed != codeInternal {
			t.Error("entered a room that has failed")
		}
		again := open(t, rooms, "yard")
		a = newGuest("a", 1, 0)
		again.Enter(a.Joining)
		hall.Chat("other", ChatPost{CID: "1", Text: "still here"})
		synctest.Wait()
		only[*Welcome](t, a.conn)
		if len(of[*ChatLine](other.conn)) != 1 || other.conn.closed != "" {
			t.Error("another room was touched")
		}
		if s := rooms.Stats(); s.Panics != 1 || s.Rooms != 2 || s.Members != 2 {
			t.Errorf("stats = %+v", s)
		}
	})
}

func TestALeaveUnderWayReturnsWhenTheRoomPanics(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		rooms, routers := brittleRooms(t, DefaultConfig())
		defer rooms.Close()
		r := open(t, rooms, "yard")
		a, b := newGuest("a", 1, 0), newGuest("b", 1, 0)
		r.Enter(a.Joining)
		r.Enter(b.Joining)
		synctest.Wait()
		(*routers)[0].armed = func() {}
		r.Leave("a") // which is what panics
		if b.conn.closed != codeInternal || a.conn.closed != "" || rooms.Stats().Members != 0 {
			t.Errorf("b closed with %q, a with %q, %+v", b.conn.closed, a.conn.closed, rooms.Stats())
		}
	})
}

// TestARoomThatPanicsKeepsItsChat has the next room of the name go on with what is on
// disk.
func TestARoomThatPanicsKeepsItsChat(t *testing.T) {
	rooms, routers := brittleRooms(t, keepingIn(t.TempDir()))
	defer rooms.Close()
	r := open(t, rooms, "yard")
	a := newGuest("a", 1, 0)
	r.Enter(a.Joining)
	r.Chat("a", ChatPost{CID: "1", Text: "hello"})
	until(t, "the line", func() bool { return len(texts(a.conn)) == 1 })
	(*routers)[0].armed = func() {}
	r.Publish("a", "", sfu.Mic, SourceLive)
	r.Leave("a")
	r.Release()

	r = open(t, rooms, "yard")
	defer r.Release()
	b := newGuest("b", 1, 0)
	r.Enter(b.Joining)
	r.ChatSince("b", "", 0)
	until(t, "the history", func() bool { return len(of[*ChatCaughtUp](b.conn)) == 1 })
	if got := texts(b.conn); len(got) != 1 || got[0] != "hello" || only[*Welcome](t, b.conn).Epoch != only[*Welcome](t, a.conn).Epoch {
		t.Errorf("remembered: %q", got)
	}
}
