package room

import (
	"cmp"
	"slices"
	"testing"
	"time"

	"madang/sfu"
)

// as gives a guest a role that its token says.
func (g *guest) as(role Role) *guest {
	g.Grant.Role = role
	return g
}

// staffed is a hall with one of each role in it, who publish all that they may.
func staffed(policy Policy) (h *hall, owner, moderator, person, visitor *guest) {
	policy.MaxMembers = 100
	policy.Role = cmp.Or(policy.Role, Member.String())
	h = newHall(Policy{MaxMembers: 100}, DefaultChatConfig())
	owner, moderator = newGuest("owner", 4, 2).as(Owner), newGuest("moderator", 4, 2).as(Moderator)
	person, visitor = newGuest("member", 4, 2).as(Member), newGuest("guest", 4, 2).as(Guest)
	h.comes(owner, moderator, person, visitor)
	for _, g := range []*guest{owner, moderator, person} {
		h.publishes(g, SourceLive, sfu.Mic, sfu.Camera, sfu.Screen, sfu.ScreenAudio)
	}
	h.pass(time.Second)
	h.policy = policy // they would wait in the lobby
	return h, owner, moderator, person, visitor
}

// by is a request of somebody.
func by(g *guest) request { return asked(g.ID, "r") }

// outcome is what the newest request of somebody came to: done, a code, or nothing.
func (g *guest) outcome() string {
	for _, e := range slices.Backward(g.conn.heard()) {
		switch e := e.(type) {
		case *Done:
			return "done"
		case *Failed:
			return e.Err.Code()
		}
	}
	return ""
}

// routed tells whether a source is forwarded to anybody.
func (h *hall) routed(source *sfu.Source) bool {
	routing := h.router.newest()
	if slices.Contains(routing.Mics, source) || slices.Contains(routing.Pictures, source) {
		return true
	}
	for _, v := range routing.Views {
		for _, p := range v.Pairs {
			if p.VideoFrom == (sfu.Feed{Source: source}) || p.AudioFrom == (sfu.Feed{Source: source}) {
				return true
			}
		}
	}
	return false
}

func TestOnlyLowerRolesAreActedOn(t *testing.T) {
	acts := map[string]func(by request, of MemberID) message{
		"mute":   func(by request, of MemberID) message { return &mute{by, of, sfu.Mic, false} },
		"unmute": func(by request, of MemberID) message { return &unmute{by, of, sfu.Mic} },
		"kick":   func(by request, of MemberID) message { return &kick{by, of, 0} },
		"role":   func(by request, of MemberID) message { return &setRole{by, of, Guest} },
		"hand":   func(by request, of MemberID) message { return &hand{by, of, false} },
	}
	for name, act := range acts {
		for from := Guest; from <= Owner; from++ {
			for of := Guest; of <= Owner; of++ {
				h, owner, moderator, person, visitor := staffed(Policy{})
				all := []*guest{Guest: visitor, Member: person, Moderator: moderator, Owner: owner}
				second := newGuest("second", 1, 0).as(of)
				h.comes(second)
				h.do(act(by(all[from]), second.ID))
				want := codeForbidden
				if from >= Moderator && of < from {
					want = "done"
				}
				if name == "unmute" && want == "done" && of == Guest {
					want = codeConflict // who may not speak is not asked to
				}
				if got := all[from].outcome(); got != want {
					t.Errorf("%s of a %s by a %s: %q, want %q", name, of, from, got, want)
				}
			}
		}
		h, _, moderator, _, _ := staffed(Policy{})
		h.do(act(by(moderator), "nobody"))
		if got := moderator.outcome(); got != codeNotFound {
			t.Errorf("%s of nobody: %q", name, got)
		}
	}
}

func TestRolesAreGivenFromAbove(t *testing.T) {
	for _, c := range []struct {
		from, of, to Role
		want         string
	}{
		{Moderator, Guest, Member, "done"},
		{Moderator, Member, Guest, "done"},
		{Moderator, Member, Moderator, codeForbidden},
		{Moderator, Member, Owner, codeForbidden},
		{Moderator, Moderator, Guest, codeForbidden},
		{Owner, Member, Moderator, "done"},
		{Owner, Member, Owner, "done"},
		{Owner, Moderator, Guest, "done"},
		{Owner, Owner, Guest, codeForbidden},
		{Owner, Member, 0, codeBadMessage},
		{Owner, Member, server, codeBadMessage},
		{Member, Guest, Member, codeForbidden},
	} {
		h, owner, moderator, person, visitor := staffed(Policy{})
		from := []*guest{Guest: visitor, Member: person, Moderator: moderator, Owner: owner}[c.from]
		of := newGuest("second", 1, 0).as(c.of)
		h.comes(of)
		h.do(&setRole{by(from), of.ID, c.to})
		if got := from.outcome(); got != c.want {
			t.Errorf("a %s makes a %s a %q: %q, want %q", c.from, c.of, c.to, got, c.want)
		}
		is := h.members[of.ID]
		if c.want == "done" && (is.role != c.to || is.may != h.roles[c.to]) || c.want != "done" && is.role != c.of {
			t.Errorf("a %s made a %s a %q: it is a %s that may %s", c.from, c.of, c.to, is.role, is.may)
		}
	}
}

func TestOneSeesWhatOneBecomesAndAllSeeTheRole(t *testing.T) {
	h, owner, _, person, visitor := staffed(Policy{Lobby: "on"})
	waiting := newGuest("waiting", 1, 0)
	h.comes(waiting)
	h.do(&setRole{by(owner), person.ID, Moderator})
	h.pass(time.Second)
	if got := only[*May](t, person.conn); got.Role != Moderator || !got.May.Has(MayModerate) || got.May.Has(MayAdmin) {
		t.Errorf("told %+v", got)
	}
	if got := only[*Waiting](t, person.conn).Add; len(got) != 1 || got[0].ID != "waiting" {
		t.Errorf("the new moderator sees waiting: %+v", got)
	}
	if len(of[*May](visitor.conn)) != 0 || len(of[*Waiting](visitor.conn)) != 0 {
		t.Error("a guest heard what is not for it")
	}
	people := of[*People](visitor.conn)
	if got := people[len(people)-1].Set; len(got) != 1 || got[0].Role != Moderator {
		t.Errorf("a guest sees %+v", got)
	}
}

func TestLockedRoomRefusesNewcomersButNotModerators(t *testing.T) {
	h, _, moderator, person, _ := staffed(Policy{})
	h.do(&lock{by(moderator), true})
	if !only[*Locked](t, person.conn).Locked {
		t.Error("not told")
	}
	late, host := newGuest("late", 1, 0), newGuest("host", 1, 0).as(Moderator)
	h.comes(late, host, person)
	if got := only[*Refused](t, late.conn).Err.Code(); got != codeRoomLocked {
		t.Errorf("a newcomer: %s", got)
	}
	if !only[*Welcome](t, host.conn).Locked || len(of[*Welcome](person.conn)) != 2 {
		t.Error("a moderator, or one who came back, was not welcomed")
	}
	h.do(&lock{by(moderator), false})
	h.comes(late)
	only[*Welcome](t, late.conn)
	h.do(&lock{by(moderator), true})
	for _, m := range slices.Clone(h.arrived) {
		h.do(&leave{sender: sender{m.id}})
	}
	if h.locked {
		t.Error("nobody is left, and nobody can come")
	}
}

func TestEndSendsEverybodyAway(t *testing.T) {
	h, owner, moderator, person, visitor := staffed(Policy{Lobby: "on"})
	waiting := newGuest("waiting", 1, 0)
	h.comes(waiting)
	h.do(&end{by(moderator)})
	if got := moderator.outcome(); got != codeForbidden || len(h.arrived) != 4 {
		t.Fatalf("a moderator ended the room: %s", got)
	}
	h.do(&end{by(owner)})
	for _, g := range []*guest{owner, moderator, person, visitor, waiting} {
		if g.conn.closed != codeNotFound {
			t.Errorf("%s was closed with %q", g.ID, g.conn.closed)
		}
		if len(of[*May](g.conn)) != 0 {
			t.Errorf("%s took over a room that ended", g.ID)
		}
	}
	if len(h.members) != 0 || len(h.router.newest().Views) != 0 {
		t.Error("somebody is left")
	}
}
