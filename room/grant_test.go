package room

import (
	"net/netip"
	"testing"
	"time"

	"madang/sfu"
)

func TestTheFirstWhoIsFreeToGetsTheRoom(t *testing.T) {
	for _, c := range []struct {
		name   string
		policy Policy
		grant  Grant
		want   Role
	}{
		{"without a token", Policy{FirstRole: "owner"}, Grant{}, Owner},
		{"as a moderator", Policy{FirstRole: "moderator"}, Grant{}, Moderator},
		{"as nobody special", Policy{FirstRole: "none"}, Grant{}, Member},
		{"as a guest", Policy{FirstRole: "none", Role: "guest"}, Grant{}, Guest},
		{"past the lobby", Policy{FirstRole: "owner", Lobby: "on"}, Grant{}, Owner},
		{"with a token that says who, not what", Policy{FirstRole: "owner"}, Grant{Identity: "ada"}, Owner},
		{"with a token that says what", Policy{FirstRole: "owner"}, Grant{Role: Guest}, Guest},
		{"with a token that says what it may", Policy{FirstRole: "owner"}, Grant{May: MayJoin}, Member},
		{"where all have tokens", Policy{FirstRole: "owner", Access: "token"}, Grant{Identity: "ada"}, Member},
		{"where the owners are named", Policy{FirstRole: "owner", Owners: []string{"ada"}}, Grant{}, Member},
		{"where owners have a password", Policy{FirstRole: "owner", OwnerPassword: "x"}, Grant{}, Member},
	} {
		c.policy.MaxMembers = 9
		h := newHall(c.policy, DefaultChatConfig())
		g, second := newGuest("first", 0, 0), newGuest("second", 0, 0).as(Guest)
		g.Grant = c.grant
		h.comes(g, second)
		if w := only[*Welcome](t, g.conn); w.Role != c.want || w.People[0].Role != c.want {
			t.Errorf("%s: %s, want %s", c.name, w.Role, c.want)
		}
	}
}

func TestWhoIsHereLongestTakesOver(t *testing.T) {
	h := newHall(Policy{MaxMembers: 9, FirstRole: "owner"}, DefaultChatConfig())
	first, token, second, third := newGuest("first", 0, 0), newGuest("token", 0, 0).as(Guest), newGuest("second", 0, 0), newGuest("third", 0, 0)
	h.comes(first, token, second, third)
	if h.members["second"].role != Member {
		t.Fatal("there are two owners")
	}
	h.do(&presence{sender{"first"}, PersonReconnecting})
	h.pass(time.Minute)
	if h.members["second"].role != Member {
		t.Error("took over from one who may come back")
	}
	h.do(&leave{sender: sender{"first"}}, &enter{newGuest("fourth", 0, 0).Joining})
	if got := only[*May](t, second.conn); got.Role != Owner || h.members["fourth"].role != Member || h.members["token"].role != Guest {
		t.Errorf("the second is %s, one who came then %s", got.Role, h.members["fourth"].role)
	}
	h.do(&setRole{by(second), "token", Moderator})
	h.do(&leave{sender: sender{"second"}})
	if h.members["third"].role != Member {
		t.Error("took over though somebody moderates")
	}
}

func TestWhoTakesOverIsHeldNoLonger(t *testing.T) {
	h := newHall(Policy{MaxMembers: 9, FirstRole: "owner", Role: "member"}, DefaultChatConfig())
	first, second := newGuest("first", 0, 0), newGuest("second", 1, 0)
	h.comes(first, second)
	h.do(&mute{request: by(first), kind: sfu.Mic, hold: true}, &leave{sender: sender{"first"}})
	h.publishes(second, SourceLive, sfu.Mic)
	if m := h.members["second"]; m.role != Owner || len(m.person.Held.List()) != 0 || !m.live(sfu.Mic) {
		t.Errorf("as %s it is held: %v", m.role, m.person.Held.List())
	}
}

func TestNobodyWhoWasBannedGetsTheRoom(t *testing.T) {
	h := newHall(Policy{MaxMembers: 9, FirstRole: "owner"}, DefaultChatConfig())
	first, g := newGuest("first", 0, 0), newGuest("g", 0, 0)
	g.From = netip.MustParsePrefix("203.0.113.7/32")
	h.comes(first, g)
	h.do(&kick{by(first), "g", time.Hour}, &leave{sender: sender{"first"}})
	h.comes(g)
	if h.members["g"] != nil || h.lobby.find("g") == nil {
		t.Error("came back into the empty room as its owner")
	}
}

func TestATokenSaysAnewWhatItsHolderMay(t *testing.T) {
	h, owner, _, person, _ := staffed(Policy{})
	grant := func(g Grant) { h.do(&regrant{sender{person.ID}, g}) }
	h.do(&setRole{by(owner), person.ID, Moderator})
	grant(Grant{Role: Member})
	if got := h.members[person.ID].role; got != Moderator {
		t.Errorf("a token that says nothing new makes a moderator a %s", got)
	}
	grant(Grant{Role: Member, May: MayJoin | MayMic})
	if m := h.members[person.ID]; m.role != Member || m.may != MayJoin|MayMic {
		t.Errorf("a %s that may %s", m.role, m.may)
	}
	if h.routed(person.source(sfu.Camera)) || !h.routed(person.source(sfu.Mic)) {
		t.Error("the camera is forwarded, or the microphone is not")
	}
	heard := len(person.conn.heard())
	h.do(post("owner", "1", "", "for who reads"), post("owner", "2", "member", "psst"), post("member", "3", "", "me too"))
	if n := len(of[*ChatLine](person.conn)); n != 0 {
		t.Errorf("who has no chat read %d lines", n)
	}
	if got := person.conn.heard()[heard:]; len(got) != 1 || got[0].(*ChatRefused).Err.Code() != codeForbidden {
		t.Errorf("who has no chat wrote, and heard %v", got)
	}
	grant(Grant{Role: Member, May: MayChat})
	if person.conn.closed != codeForbidden || h.members[person.ID] != nil {
		t.Error("one that may not join is here")
	}
}

func TestAnotherConfigurationHoldsForThoseWhoAreHere(t *testing.T) {
	h, _, _, person, visitor := staffed(Policy{})
	special := newGuest("special", 0, 0)
	special.Grant = Grant{Role: Guest, May: MayJoin | MayMic | MayReact}
	h.comes(special)
	cfg := hallConfig(Policy{MaxMembers: 9}, DefaultChatConfig())
	cfg.Roles.Member = []string{"join", "camera"}
	cfg.Roles.Guest = []string{"join", "subscribe"}
	h.do(&reconfigure{config: cfg})
	for g, want := range map[*guest]Permissions{
		person: MayJoin | MayCamera, visitor: MayJoin | MaySubscribe, special: MayJoin | MayMic | MayReact,
	} {
		if got := h.members[g.ID].may; got != want {
			t.Errorf("%s may %s, want %s", g.ID, got, want)
		}
	}
	if h.routed(person.source(sfu.Mic)) || !h.routed(person.source(sfu.Camera)) {
		t.Error("the microphone is forwarded, or the camera is not")
	}
}

func TestWhoMayNotJoinIsRefused(t *testing.T) {
	h := defaultHall()
	g := newGuest("g", 0, 0)
	g.Grant.May = mayAll &^ MayJoin
	h.comes(g)
	if got := only[*Refused](t, g.conn).Err.Code(); got != codeForbidden {
		t.Errorf("refused with %s", got)
	}
}

func TestWhoWaitsAndMayNoLongerJoinIsSentAway(t *testing.T) {
	h, _, _, _, _ := staffed(Policy{Lobby: "on"})
	waits := newGuest("waits", 0, 0).as(Guest)
	h.comes(waits)
	cfg := hallConfig(Policy{MaxMembers: 9, Lobby: "on"}, DefaultChatConfig())
	cfg.Roles.Guest = []string{"chat"}
	h.do(&reconfigure{config: cfg})
	if waits.conn.closed != codeForbidden || h.lobby.find("waits") != nil {
		t.Errorf("closed with %q", waits.conn.closed)
	}
}
