package room

import (
	"slices"
	"testing"
	"time"

	"madang/sfu"
)

func TestWelcomeComesFirstAndNamesEveryone(t *testing.T) {
	h := defaultHall()
	a, b := newGuest("a", 4, 3), newGuest("b", 4, 3)
	h.comes(a)
	h.comes(b)
	h.pass(time.Second)

	w, ok := b.conn.heard()[0].(*Welcome)
	if !ok {
		t.Fatalf("first event is %T, want a Welcome", b.conn.heard()[0])
	}
	if len(w.People) != 2 || w.People[0].ID != "a" || w.People[1].ID != "b" || w.People[1].State != "in" {
		t.Errorf("people = %+v, want a and b by arrival", w.People)
	}
	if w.Room != "hall" || w.Epoch == "" || w.ChatLast != 0 {
		t.Errorf("welcome = %+v", w)
	}
	var added []MemberID
	for _, p := range of[*People](a.conn) {
		for _, person := range p.Add {
			added = append(added, person.ID)
		}
	}
	if !slices.Contains(added, "b") {
		t.Errorf("a was told of %v, want b among them", added)
	}
}

func TestEnterIsRefusedWithItsCode(t *testing.T) {
	h := newHall(Policy{MaxMembers: 2}, DefaultChatConfig())
	first := newGuest("a", 1, 0)
	h.comes(first)
	again := newGuest("a", 1, 0)
	h.comes(again)
	if got := only[*Refused](t, again.conn).Err.Code(); got != codeConflict {
		t.Errorf("entering twice: %s, want conflict", got)
	}
	nameless := newGuest("n", 1, 0)
	nameless.Name = " \u202e\n"
	h.comes(nameless)
	if got := only[*Refused](t, nameless.conn).Err.Code(); got != codeBadMessage {
		t.Errorf("no name: %s, want bad_message", got)
	}
	h.comes(newGuest("b", 1, 0))
	late := newGuest("c", 1, 0)
	h.comes(late)
	if got := only[*Refused](t, late.conn).Err.Code(); got != codeRoomFull {
		t.Errorf("the third of two: %s, want room_full", got)
	}
	h.do(&leave{sender: sender{"b"}})
	h.do(&leave{sender: sender{"b"}})
	h.comes(late)
	if len(of[*Welcome](late.conn)) != 1 {
		t.Error("a place became free, but the late one was not welcomed")
	}
	if len(of[*Refused](first.conn)) != 0 {
		t.Error("the first a heard of a refusal that was not its own")
	}
}

func TestPublishIsToldAndRefused(t *testing.T) {
	h := defaultHall()
	a, b := newGuest("a", 1, 0), newGuest("b", 1, 0)
	a.Sources = a.Sources[:1] // a microphone only
	h.comes(a, b)
	h.pass(time.Second)
	for _, c := range []struct {
		kind  sfu.SourceKind
		state SourceState
		code  string
	}{
		{sfu.Mic, SourceLive, ""},
		{sfu.Mic, SourceMuted, ""},
		{sfu.Camera, SourceLive, codeNotFound},
		{sfu.Camera, SourceEnded, ""},
		{sfu.Mic, "loud", codeBadMessage},
		{sfu.SourceKind(9), SourceLive, codeBadMessage},
	} {
		if got := code(h.publish(h.members["a"], c.kind, c.state)); got != c.code {
			t.Errorf("publish %v %s: code %q, want %q", c.kind, c.state, got, c.code)
		}
	}
	h.do(&publish{question{"a", "7"}, sfu.Camera, SourceLive})
	if f := only[*Failed](t, a.conn); f.Re != "7" || f.Err.Code() != codeNotFound {
		t.Errorf("failed = %+v", f)
	}
	h.pass(time.Second)
	people := of[*People](b.conn)
	last := people[len(people)-1]
	if len(last.Set) != 1 || last.Set[0].Sources[sfu.Mic] != SourceMuted || len(last.Set[0].Sources) != 1 {
		t.Errorf("b heard %+v, want a's muted mic", last)
	}
}

func TestPeopleAreCoalesced(t *testing.T) {
	h := defaultHall()
	watcher := newGuest("watcher", 1, 0)
	h.comes(watcher)
	h.pass(time.Second)
	before := len(of[*People](watcher.conn))

	// One change every 10 ms for two seconds: at most 10 events a second.
	g := newGuest("g", 1, 0)
	h.comes(g)
	for i := range 200 {
		state := SourceLive
		if i%2 == 1 {
			state = SourceMuted
		}
		h.publishes(g, state, sfu.Mic)
		h.pass(10 * time.Millisecond)
	}
	if n := len(of[*People](watcher.conn)) - before; n < 15 || n > 21 {
		t.Errorf("%d people events in two seconds, want about 20", n)
	}
	// Quiet again: no event, nothing due.
	h.pass(time.Second)
	n := len(of[*People](watcher.conn))
	h.pass(time.Minute)
	if len(of[*People](watcher.conn)) != n {
		t.Error("events without a change")
	}
}

func TestWhoOnlyPassesByIsNotMentioned(t *testing.T) {
	h := defaultHall()
	watcher := newGuest("watcher", 1, 0)
	h.comes(watcher)
	h.do(&enter{newGuest("g", 1, 0).Joining}, &leave{sender: sender{"g"}})
	h.pass(time.Second)
	for _, p := range of[*People](watcher.conn) {
		if slices.Contains(p.Del, "g") || slices.ContainsFunc(p.Add, func(p Person) bool { return p.ID == "g" }) {
			t.Errorf("g came and went at once, but the watcher heard %+v", p)
		}
	}

	// Somebody welcomed in between knows of it and must hear that it is gone.
	h.comes(newGuest("x", 1, 0)) // takes the turn, so that what follows waits
	witness := newGuest("witness", 1, 0)
	h.do(&enter{newGuest("g", 1, 0).Joining}, &enter{witness.Joining}, &leave{sender: sender{"g"}})
	h.pass(time.Second)
	if !slices.ContainsFunc(of[*People](witness.conn), func(p *People) bool { return slices.Contains(p.Del, "g") }) {
		t.Error("the witness still believes that g is here")
	}
}

func TestJoinStormSharesOneRoutingAndOneList(t *testing.T) {
	h := defaultHall()
	var batch []message
	var guests []*guest
	for i := range 300 {
		g := newGuest(string(rune('가'+i)), 4, 3)
		guests = append(guests, g)
		batch = append(batch, &enter{g.Joining})
	}
	h.do(batch...)
	if n := h.router.count(); n != 1 {
		t.Errorf("%d routings for one batch, want 1", n)
	}
	for i, g := range guests {
		if n := len(of[*Welcome](g.conn)[0].People); n != i+1 {
			t.Fatalf("the Welcome of number %d names %d", i, n)
		}
	}
	first, last := of[*Welcome](guests[298].conn)[0].People, of[*Welcome](guests[299].conn)[0].People
	if &first[0] != &last[0] {
		t.Error("two Welcomes of a storm do not share their list")
	}
}
