package room

import (
	"errors"
	"fmt"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"madang/sfu"
)

func open(t *testing.T, rooms *Rooms, name string) *Room {
	t.Helper()
	r, err := rooms.Open(name)
	if err != nil {
		t.Fatal(err)
	}
	return r
}

func TestRoomLivesWhileItIsHeld(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		rooms, routers := newRooms(t, DefaultConfig())
		a, b := open(t, rooms, "yard"), open(t, rooms, "yard")
		if a != b || rooms.Stats().Rooms != 1 {
			t.Fatal("one name, two rooms")
		}
		a.Release()
		synctest.Wait()
		if (*routers)[0].closed {
			t.Fatal("ended while it was held")
		}
		b.Release()
		synctest.Wait()
		if !(*routers)[0].closed || rooms.Stats().Rooms != 0 {
			t.Fatal("lives on though nobody holds it")
		}
		late := newGuest("late", 1, 0)
		a.Enter(late.Joining)
		if late.conn.closed != codeInternal {
			t.Error("entered a room that has ended")
		}
		a.Leave("late")
		a.Publish("late", "", sfu.Mic, SourceLive)

		if c := open(t, rooms, "yard"); c == a {
			t.Error("the ended room was handed out again")
		}
		rooms.Close()
		var refusal *Error
		if _, err := rooms.Open("yard"); !errors.As(err, &refusal) || refusal.Code() != codeUnavailable {
			t.Errorf("opened while closing: %v, want unavailable", err)
		}
	})
}

func TestCloseSaysGoodbyeAndWaits(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		rooms, routers := newRooms(t, DefaultConfig())
		r := open(t, rooms, "yard")
		g, late := newGuest("g", 1, 0), newGuest("late", 1, 0)
		r.Enter(g.Joining)
		rooms.Close()
		if g.conn.closed != codeUnavailable || !(*routers)[0].closed || rooms.Stats().Members != 0 {
			t.Errorf("closed with %q, router closed %v", g.conn.closed, (*routers)[0].closed)
		}
		r.Enter(late.Joining)
		if late.conn.closed != codeInternal {
			t.Error("entered a room that has ended")
		}
		r.Leave("g")
		r.Release()
	})
}

func TestNothingIsHeardAndRoutedAfterLeave(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		rooms, routers := newRooms(t, DefaultConfig())
		defer rooms.Close()
		r := open(t, rooms, "yard")
		a, b := newGuest("a", 1, 0), newGuest("b", 1, 0)
		r.Enter(a.Joining)
		r.Enter(b.Joining)
		r.Publish("a", "", sfu.Camera, SourceLive)
		r.Leave("a")
		heard := len(a.conn.heard())
		for _, v := range (*routers)[0].newest().Views {
			if v.Pairs[0].Video == a.Pairs[0].Video || v.Pairs[0].VideoFrom.Source != nil {
				t.Error("the newest routing names one who left")
			}
		}
		r.Chat("b", ChatPost{CID: "1", Text: "still there?"})
		time.Sleep(time.Second)
		if len(a.conn.heard()) != heard {
			t.Error("heard something after leaving")
		}
	})
}

func TestTimersRunOnlyWhileSomethingIsDue(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		rooms, _ := newRooms(t, DefaultConfig())
		defer rooms.Close()
		r := open(t, rooms, "yard")
		a := newGuest("a", 1, 0)
		r.Enter(a.Joining)
		for i := range 5 {
			r.Enter(newGuest(fmt.Sprint(i), 1, 0).Joining)
			time.Sleep(10 * time.Millisecond)
		}
		time.Sleep(peopleEvery)
		var added int
		for _, p := range of[*People](a.conn) {
			added += len(p.Add)
		}
		if n := len(of[*People](a.conn)); n != 2 || added != 6 {
			t.Errorf("%d people events with %d joins, want 2 with 6", n, added)
		}
	})
}

func TestReportsReachMembersThroughTheInbox(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		rooms, routers := newRooms(t, DefaultConfig())
		defer rooms.Close()
		r := open(t, rooms, "yard")
		a, b := newGuest("a", 1, 0), newGuest("b", 1, 0)
		r.Enter(a.Joining)
		r.Enter(b.Joining)
		synctest.Wait()
		media := (*routers)[0].observer
		media.SlotsChanged([]sfu.SlotState{{Slot: a.Pairs[0].Video, Source: b.source(sfu.Camera), Timestamp: 1}})
		media.SpeakersChanged([]sfu.Speaker{{Mic: b.source(sfu.Mic), Level: 3}})
		synctest.Wait()
		if got := only[*Slots](t, a.conn).Slots[0]; got.Member != "b" || got.Timestamp != 1 {
			t.Errorf("slots: %+v", got)
		}
		if got := only[*Speakers](t, a.conn).Levels; len(got) != 1 || got[0] != (SpeakerLevel{"b", 3}) {
			t.Errorf("speakers: %+v", got)
		}
	})
}

func TestInboxKeepsTheLatestOfEach(t *testing.T) {
	box := newInbox(newBell())
	s, u := &sfu.Slot{Mid: "1"}, &sfu.Slot{Mid: "2"}
	for i := range uint32(1000) {
		box.SlotsChanged([]sfu.SlotState{{Slot: s, Timestamp: i}, {Slot: u, Timestamp: 2 * i}})
	}
	camera := &sfu.Source{Kind: sfu.Camera}
	box.WantsChanged([]sfu.Want{{Source: camera, RIDs: []string{"q"}}})
	box.WantsChanged([]sfu.Want{{Source: camera, RIDs: []string{"q", "h"}}})
	box.QualityChanged([]sfu.Quality{{Key: "a", Up: 1}, {Key: "b", Up: 5}})
	box.QualityChanged([]sfu.Quality{{Key: "a", Up: 3}})
	got := box.take()
	if len(got.slots) != 2 || got.slots[0].Timestamp != 999 || got.slots[1].Timestamp != 1998 || got.speakers != nil {
		t.Errorf("took %+v, %v", got.slots, got.speakers)
	}
	if len(got.wants) != 1 || len(got.wants[0].RIDs) != 2 || len(got.quality) != 2 || got.quality[0].Up != 3 {
		t.Errorf("took %+v, %+v", got.wants, got.quality)
	}
	box.SpeakersChanged(nil)
	if got = box.take(); len(got.slots)+len(got.wants)+len(got.quality) != 0 || got.speakers == nil {
		t.Error("silence is something to say")
	}
}

func TestFullMailboxHoldsThePosterUntilThereIsSpaceOrAnEnd(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		box := newMailbox(newBell())
		for range mailboxSize {
			box.post(&leave{})
		}
		var posted []bool
		var all sync.WaitGroup
		all.Go(func() { posted = append(posted, box.post(&leave{})) })
		synctest.Wait()
		if posted != nil {
			t.Fatal("posted to a full mailbox")
		}
		if batch, open := box.take(); len(batch) != mailboxSize || !open {
			t.Fatalf("took %d", len(batch))
		}
		all.Wait()
		for len(box.queue) < mailboxSize {
			box.post(&leave{})
		}
		all.Go(func() { posted = append(posted, box.post(&leave{})) })
		synctest.Wait()
		box.close()
		all.Wait()
		if len(posted) != 2 || !posted[0] || posted[1] {
			t.Errorf("posted: %v, want one taken and one refused", posted)
		}
		if batch, open := box.take(); len(batch) != mailboxSize || open {
			t.Error("what was posted before the end was lost")
		}
	})
}

// clumsyConn panics when it is told a line of chat.
type clumsyConn struct{ *fakeConn }

func (c clumsyConn) Send(e Event) {
	if _, ok := e.(*ChatCaughtUp); ok {
		panic("clumsy")
	}
	c.fakeConn.Send(e)
}

func TestPanicEndsItsMemberOnly(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		rooms, _ := newRooms(t, DefaultConfig())
		defer rooms.Close()
		r := open(t, rooms, "yard")
		a, b := newGuest("a", 1, 0), newGuest("b", 1, 0)
		b.Conn = clumsyConn{b.conn}
		r.Enter(a.Joining)
		r.Enter(b.Joining)
		r.ChatSince("b", "", 0)
		r.Chat("a", ChatPost{CID: "1", Text: "hello"})
		synctest.Wait()
		if b.conn.closed != codeInternal || a.conn.closed != "" {
			t.Errorf("b closed with %q, a with %q", b.conn.closed, a.conn.closed)
		}
		if len(of[*ChatLine](a.conn)) != 1 || len(of[*ChatLine](b.conn)) != 0 {
			t.Error("the room did not go on without b")
		}
		if s := rooms.Stats(); s.Panics != 1 || s.Members != 1 || s.ChatLines != 1 {
			t.Errorf("stats = %+v", s)
		}
	})
}

// Members come, talk and go from their own goroutines while rooms end under
// them; nobody hangs and nothing is left.
func TestManyMembersComeAndGoAtOnce(t *testing.T) {
	rooms, routers := newRooms(t, DefaultConfig())
	var all sync.WaitGroup
	for i := range 40 {
		all.Go(func() {
			for round := range 10 {
				r, err := rooms.Open(fmt.Sprint("room", i%3))
				if err != nil {
					return // closing
				}
				g := newGuest(fmt.Sprintf("m%d-%d", i, round), 2, 1)
				r.Enter(g.Joining)
				r.Publish(g.ID, "", sfu.Mic, SourceLive)
				r.View(g.ID, "", nil)
				r.Negotiated(g.ID, g.Sources, g.Pairs, g.Voices)
				r.Chat(g.ID, ChatPost{CID: "1", Text: "hello"})
				r.ChatSince(g.ID, "", 0)
				r.ChatTyping(g.ID, "")
				r.ChatDelete(g.ID, "", "x")
				if i%4 == 0 {
					r.Leave(g.ID)
				}
				r.Leave(g.ID)
				heard := g.conn.heard()
				r.Release()
				if len(heard) == 0 && g.conn.closed == "" {
					t.Errorf("%s heard nothing", g.ID)
				}
				if i == 0 && round == 8 {
					rooms.Close()
				}
			}
		})
	}
	all.Wait()
	rooms.Close()
	if s := rooms.Stats(); s.Rooms != 0 || s.Members != 0 || s.Panics != 0 {
		t.Errorf("left behind: %+v", s)
	}
	for _, r := range *routers {
		if !r.closed {
			t.Error("a router was not closed")
		}
	}
}

func TestAPolicyThatChangesHoldsInOpenRoomsForWhoComes(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		cfg := DefaultConfig()
		rooms, _ := newRooms(t, cfg)
		defer rooms.Close()
		yard := open(t, rooms, "yard")
		in, late := newGuest("in", 1, 0), newGuest("late", 1, 0)
		yard.Enter(in.Joining)
		cfg.Rooms.MaxMembers, cfg.Rooms.Password = 1, "word"
		rooms.Reconfigure(cfg)
		yard.Enter(late.Joining)
		synctest.Wait()
		if code := only[*Refused](t, late.conn).Err.Code(); code != codeRoomFull {
			t.Errorf("refused with %s", code)
		}
		if in.conn.closed != "" || rooms.Policy("yard").Password != "word" {
			t.Errorf("closed with %q, policy %+v", in.conn.closed, rooms.Policy("yard"))
		}
	})
}
