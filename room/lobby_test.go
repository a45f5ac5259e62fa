package room

import (
	"fmt"
	"testing"
	"testing/synctest"
	"time"

	"madang/sfu"
)

func TestWhoWaitsHearsNothingUntilAdmitted(t *testing.T) {
	h, _, moderator, person, _ := staffed(Policy{Lobby: "on"})
	g := newGuest("late", 2, 1)
	h.comes(g)
	h.do(
		&publish{question{g.ID, "1"}, sfu.Mic, SourceLive}, &view{question{g.ID, "2"}, nil},
		post("late", "1", "", "let me in"), &chatSince{sender: sender{g.ID}}, &renew{sender{g.ID}},
		&hand{by(g), "", true}, &react{by(g), "👋"}, &admit{by(g), ""},
		post("member", "1", "", "who is that"), post("member", "2", "late", "psst"),
	)
	h.say(person)
	h.pass(time.Second)
	if got := g.conn.heard(); len(got) != 0 {
		t.Fatalf("heard %T while it waits", got[0])
	}
	if h.viewOf(g) != nil || h.routed(g.source(sfu.Mic)) {
		t.Error("is routed while it waits")
	}
	if got := only[*Waiting](t, moderator.conn).Add; len(got) != 1 || got[0] != (Waiter{"late", "late"}) {
		t.Errorf("the moderator sees %+v", got)
	}
	if len(of[*Waiting](person.conn)) != 0 {
		t.Error("a member sees who waits")
	}
	more := newGuest("late", 5, 2)
	h.do(&negotiated{sender{g.ID}, more.Sources, more.Pairs, more.Voices})
	h.do(&admit{by(moderator), g.ID})
	if w := only[*Welcome](t, g.conn); len(w.People) != 5 || w.Waiting != nil || w.Role != Member {
		t.Errorf("welcome = %+v", w)
	}
	if v := h.viewOf(g); v == nil || len(v.Pairs) != 5 || v.Pairs[0].Video != more.Pairs[0].Video {
		t.Error("the lines of a second offer are not routed")
	}
	h.pass(time.Second)
	told := of[*Waiting](moderator.conn)
	if got := told[len(told)-1].Del; len(got) != 1 || got[0] != "late" {
		t.Errorf("the moderator sees %+v gone", got)
	}
}

func TestWhoWaitsIsLetInByTheNameItWaitedBy(t *testing.T) {
	h, _, moderator, _, _ := staffed(Policy{Lobby: "on"})
	g := newGuest("late", 1, 0)
	h.comes(g)
	g.Name = "owner"
	h.comes(g)
	h.do(&admit{by(moderator), g.ID})
	people := only[*Welcome](t, g.conn).People
	if got := people[len(people)-1]; got.ID != g.ID || got.Name != "late" {
		t.Errorf("it came in as %+v", got)
	}
}

func TestDeniedIsToldAndMayAskLater(t *testing.T) {
	h, _, moderator, _, _ := staffed(Policy{Lobby: "on"})
	g := newGuest("late", 1, 0)
	h.comes(g)
	h.do(&deny{by(moderator), g.ID})
	if got := only[*Refused](t, g.conn).Err.Code(); got != codeForbidden || moderator.outcome() != "done" {
		t.Errorf("denied with %s", got)
	}
	h.comes(g)
	if n := len(of[*Refused](g.conn)); n != 2 || h.lobby.find(g.ID) != nil {
		t.Errorf("asks again at once, refused %d times", n)
	}
	h.pass(deniedFor)
	h.comes(g)
	if h.lobby.find(g.ID) == nil {
		t.Error("may not ask again for ever")
	}
	for _, act := range []message{&deny{by(moderator), "nobody"}, &admit{by(moderator), "nobody"}} {
		h.do(act)
		if got := moderator.outcome(); got != codeNotFound {
			t.Errorf("%T of nobody: %s", act, got)
		}
	}
	h.do(&leave{sender: sender{g.ID}})
	if len(h.lobby.waiting)+len(h.lobby.denied) != 0 {
		t.Error("one who has gone is remembered")
	}
}

func TestAllAreAdmittedInTheirOrderAsFarAsThereIsRoom(t *testing.T) {
	h, _, moderator, _, _ := staffed(Policy{Lobby: "on"})
	h.policy.MaxMembers = 6
	var guests []*guest
	for i := range 3 {
		guests = append(guests, newGuest(fmt.Sprint("late", i), 0, 0))
	}
	h.comes(guests...)
	h.comes(guests[0]) // keeps its place
	h.do(&admit{by(moderator), ""})
	if got := moderator.outcome(); got != codeRoomFull {
		t.Errorf("three for two places: %s", got)
	}
	if len(h.arrived) != 6 || h.arrived[4].id != "late0" || h.arrived[5].id != "late1" || h.lobby.find("late2") == nil {
		t.Errorf("%d are in", len(h.arrived))
	}
	h.do(&kick{by(moderator), "late2", 0})
	if guests[2].conn.closed != codeForbidden || len(h.lobby.waiting) != 0 {
		t.Error("one who waits was not kicked")
	}
	for i := range 2 * h.policy.MaxMembers {
		h.comes(newGuest(fmt.Sprint("more", i), 0, 0))
	}
	if len(h.lobby.waiting) != h.policy.MaxMembers {
		t.Errorf("%d wait", len(h.lobby.waiting))
	}
}

func TestWaitingIsToldAtMostTenTimesASecond(t *testing.T) {
	h, _, moderator, _, _ := staffed(Policy{Lobby: "on"})
	for i := range 100 {
		g := newGuest(fmt.Sprint(i), 0, 0)
		h.comes(g)
		h.pass(10 * time.Millisecond)
		if i%2 == 0 {
			h.do(&leave{sender: sender{g.ID}})
		}
	}
	h.pass(time.Second)
	told := of[*Waiting](moderator.conn)
	if len(told) > 12 {
		t.Errorf("told %d times in a second", len(told))
	}
	waiting := map[MemberID]bool{}
	for _, e := range told {
		for _, w := range e.Add {
			waiting[w.ID] = true
		}
		for _, id := range e.Del {
			delete(waiting, id)
		}
	}
	if len(waiting) != 50 {
		t.Errorf("the moderator sees %d, 50 wait", len(waiting))
	}
}

func TestWhoWaitsByItsGrantAndWhoDoesNot(t *testing.T) {
	for _, c := range []struct {
		name  string
		lobby string
		grant Grant
		waits bool
	}{
		{"a room without a lobby", "off", Grant{}, false},
		{"a grant that waits", "off", Grant{Waits: true}, true},
		{"a room with a lobby", "on", Grant{Role: Member}, true},
		{"a moderator", "on", Grant{Role: Moderator}, false},
		{"who may moderate", "on", Grant{May: MayJoin | MayModerate}, false},
	} {
		h, _, _, _, _ := staffed(Policy{Lobby: c.lobby})
		g := newGuest("late", 0, 0)
		g.Grant = c.grant
		h.comes(g)
		if waits := h.lobby.find(g.ID) != nil; waits != c.waits || waits == (len(of[*Welcome](g.conn)) == 1) {
			t.Errorf("%s: waits %v", c.name, waits)
		}
	}
}

func TestTheRoomEndsForThoseWhoWaitToo(t *testing.T) {
	cfg := DefaultConfig()
	cfg.Rooms.Lobby = "on"
	rooms, _ := newRooms(t, cfg)
	r := open(t, rooms, "yard")
	host, waiting := newGuest("host", 0, 0), newGuest("waiting", 0, 0)
	r.Enter(host.Joining)
	r.Enter(waiting.Joining)
	rooms.Close()
	if host.conn.closed != codeUnavailable || waiting.conn.closed != codeUnavailable {
		t.Errorf("closed with %q and %q", host.conn.closed, waiting.conn.closed)
	}
}

func TestATokenSaysAnewWhatItsHolderMayWhileItWaits(t *testing.T) {
	h, _, moderator, _, _ := staffed(Policy{Lobby: "on"})
	g, barred := newGuest("late", 0, 0), newGuest("barred", 0, 0)
	h.comes(g, barred)
	h.do(&regrant{sender{"late"}, Grant{Role: Guest}}, &regrant{sender{"barred"}, Grant{May: MayChat}}, &admit{by(moderator), ""})
	if got := only[*Welcome](t, g.conn).Role; got != Guest {
		t.Errorf("came in as a %s", got)
	}
	if barred.conn.closed != codeForbidden || h.members["barred"] != nil {
		t.Error("one that may not join waits")
	}
}

func TestARoomThatFailsSendsThoseAwayWhoWait(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		cfg := DefaultConfig()
		cfg.Rooms.Lobby = "on"
		rooms, routers := brittleRooms(t, cfg)
		defer rooms.Close()
		r := open(t, rooms, "yard")
		host, waiting := newGuest("host", 1, 0), newGuest("waiting", 0, 0)
		r.Enter(host.Joining)
		r.Enter(waiting.Joining)
		synctest.Wait()
		(*routers)[0].armed = func() {}
		r.Publish("host", "", sfu.Mic, SourceLive)
		synctest.Wait()
		if host.conn.closed != codeInternal || waiting.conn.closed != codeInternal {
			t.Errorf("closed with %q and %q", host.conn.closed, waiting.conn.closed)
		}
		r.Release()
	})
}
