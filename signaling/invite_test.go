package signaling

import (
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"madang/room"
	"madang/signaling/protocol"
	"madang/signaling/token"
)

// invites asks for an invitation and returns its token.
func (c *caller) invites(role protocol.Role, uses int) string {
	c.t.Helper()
	c.say(&protocol.Invite{ID: "invite", Role: role, TTLS: 3600, Uses: uses})
	invitation := hear[*protocol.Invitation](c)
	if invitation.Re != "invite" || invitation.ExpiresInMS != 3_600_000 {
		c.t.Errorf("invitation = %+v", *invitation)
	}
	return invitation.Token
}

func TestAnInvitationLetsInAsManyAsItSays(t *testing.T) {
	for name, keys := range map[string][]TokenKey{"signed by the server's own key": nil, "signed by a configured key": testKeys} {
		t.Run(name, func(t *testing.T) {
			h := newHouse(t, withFakeMedia(newFakeMedia()), withTokens, func(s *settings) {
				s.doors.Tokens.Keys = keys
				s.rooms.Rooms.OwnerPassword = "mine"
			})
			host := h.dial(t)
			host.comesAsOwner("r")
			text := host.invites("guest", 2)

			looks := h.dial(t)
			looks.knocks(text)
			hear[*protocol.Lobby](looks)
			looks.say(&protocol.Bye{})
			looks.hearClose(protocol.CloseNormal)
			eventually(t, "who never went in is gone", func() bool { return h.sessionCount() == 1 })
			returns := ""
			var last *caller
			for range 2 {
				last = h.dial(t)
				returns = last.entersByInvitation(text)
			}
			late := h.dial(t)
			late.knocks(text)
			late.isTurnedAway(errSpent.message)
			back := h.dial(t)
			if welcome := back.enters(returns); welcome.Role != "guest" {
				t.Errorf("welcome = %+v", *welcome)
			}
			last.hearClose(protocol.CloseReplaced) // one comes back, not two
			again := h.dial(t)
			again.enters(returns)
			back.hearClose(protocol.CloseReplaced)
			again.works()
		})
	}
}

// entersByInvitation says hello with an invitation, joins and enters; it returns the
// token for coming back.
func (c *caller) entersByInvitation(text string) (returns string) {
	c.t.Helper()
	c.knocks(text)
	hear[*protocol.Lobby](c)
	c.say(&protocol.Join{ID: "join", SDP: "offer"})
	hear[*protocol.Joined](c)
	c.say(&protocol.Enter{ID: "enter"})
	handed := hear[*protocol.Expiry](c)
	if handed.Re != "" || handed.Token == "" || handed.ExpiresInMS != returnFor.Milliseconds() {
		c.t.Errorf("for coming back: %+v", *handed)
	}
	if welcome := hear[*protocol.Welcome](c); welcome.Role != "guest" {
		c.t.Errorf("welcome = %+v", *welcome)
	}
	return handed.Token
}

// comesAsOwner says hello with the owners' password, joins and enters.
func (c *caller) comesAsOwner(roomName string) {
	c.t.Helper()
	c.say(&protocol.Hello{ID: "hello", V: 1, Room: roomName, Name: "Host", Password: "mine"})
	hear[*protocol.Lobby](c)
	c.say(&protocol.Join{ID: "join", SDP: "offer"})
	hear[*protocol.Joined](c)
	c.say(&protocol.Enter{ID: "enter"})
	if welcome := hear[*protocol.Welcome](c); welcome.Role != "owner" {
		c.t.Errorf("welcome = %+v", *welcome)
	}
}

// sessionCount is how many sessions there are.
func (h *house) sessionCount() int {
	h.mu.Lock()
	defer h.mu.Unlock()
	return len(h.sessions)
}

func TestAnInvitationIsForOneRoomWhateverItsName(t *testing.T) {
	h := newHouse(t, withFakeMedia(newFakeMedia()), func(s *settings) { s.rooms.Rooms.OwnerPassword = "mine" })
	host := h.dial(t)
	host.comesAsOwner("*")
	text := host.invites("owner", 10)
	for roomName, opens := range map[string]bool{"*": true, "r": false, "vip": false} {
		guest := h.dial(t)
		guest.say(&protocol.Hello{ID: "hello", V: 1, Room: roomName, Name: "Mina", Token: text})
		if opens {
			hear[*protocol.Lobby](guest)
		} else {
			guest.isTurnedAway(errOtherRoom.message)
		}
	}
}

func TestWhoInvitesMayAndGivesNoMoreThanItIs(t *testing.T) {
	h := newHouse(t, withFakeMedia(newFakeMedia()), withTokens)
	for name, c := range map[string]struct {
		change func(*token.Grant)
		role   protocol.Role
		refuse protocol.Code // empty: it invites
	}{
		"a member, nobody":              {func(g *token.Grant) { g.Role = "member" }, "guest", protocol.Forbidden},
		"a moderator, a moderator":      {func(g *token.Grant) { g.Role = "moderator" }, "moderator", ""},
		"a moderator, no owner":         {func(g *token.Grant) { g.Role = "moderator" }, "owner", protocol.Forbidden},
		"an owner, an owner":            {func(g *token.Grant) { g.Role = "owner" }, "owner", ""},
		"a member who may, a member":    {func(g *token.Grant) { g.Role, g.May = "member", []string{"join", "moderate"} }, "member", ""},
		"a member who may, nobody up":   {func(g *token.Grant) { g.Role, g.May = "member", []string{"join", "moderate"} }, "moderator", protocol.Forbidden},
		"a moderator without the right": {func(g *token.Grant) { g.Role, g.May = "moderator", []string{"join"} }, "guest", protocol.Forbidden},
	} {
		t.Run(name, func(t *testing.T) {
			inviter := h.dial(t)
			inviter.enters(tokenFor(t, c.change))
			if c.refuse == "" {
				inviter.invites(c.role, 1)
				return
			}
			inviter.say(&protocol.Invite{ID: "invite", Role: c.role, TTLS: 60, Uses: 1})
			if e := inviter.hearError(c.refuse); e.Re != "invite" {
				t.Errorf("the error answers %q", e.Re)
			}
		})
	}
}

func TestWhoMayLessThanItsRoleGivesNoMore(t *testing.T) {
	h := newHouse(t, withFakeMedia(newFakeMedia()), withTokens)
	inviter, guest := h.dial(t), h.dial(t)
	inviter.enters(tokenFor(t, func(g *token.Grant) { g.Role, g.May = "owner", []string{"join", "moderate"} }))
	guest.knocks(inviter.invites("owner", 1))
	hear[*protocol.Lobby](guest)
	guest.say(&protocol.Join{ID: "join", SDP: "offer"})
	hear[*protocol.Joined](guest)
	guest.say(&protocol.Enter{ID: "enter"})
	hear[*protocol.Expiry](guest)
	if may := hear[*protocol.Welcome](guest).May; !slices.Equal(may, []protocol.Permission{"join", "moderate"}) {
		t.Errorf("it may %v", may)
	}
}

func TestPowerThatWasGivenInTheRoomEndsWithIt(t *testing.T) {
	h := newHouse(t, withFakeMedia(newFakeMedia()))
	first := h.dial(t)
	first.inside("r", "Eve", "offer") // and so its owner
	owners, guests := first.invites("owner", 9), first.invites("guest", 9)

	second, parked := h.dial(t), h.dial(t)
	second.knocks(owners)
	hear[*protocol.Lobby](second)
	second.say(&protocol.Join{ID: "join", SDP: "offer"})
	hear[*protocol.Joined](second)
	second.say(&protocol.Enter{ID: "enter"})
	returns := hear[*protocol.Expiry](second).Token
	if welcome := hear[*protocol.Welcome](second); welcome.Role != "owner" {
		t.Fatalf("welcome = %+v", *welcome)
	}
	further := second.invites("moderator", 9)
	parked.knocks(owners)
	hear[*protocol.Lobby](parked)
	parked.say(&protocol.Join{ID: "join", SDP: "offer"})
	hear[*protocol.Joined](parked)

	first.say(&protocol.Bye{})
	second.say(&protocol.Bye{})
	eventually(t, "both are gone", func() bool { return h.sessionCount() == 1 })
	teacher := h.dial(t)
	teacher.inside("r", "Ada", "offer")
	parked.say(&protocol.Enter{ID: "enter"})
	parked.hearError(protocol.Unauthorized)
	for _, text := range []string{owners, returns, further} {
		late := h.dial(t)
		late.knocks(text)
		late.isTurnedAway(errOtherReign.message)
	}
	guest := h.dial(t)
	guest.knocks(guests)
	hear[*protocol.Lobby](guest)
}

func TestWhoWaitsInTheLobbyInvitesNobody(t *testing.T) {
	h := newHouse(t, withFakeMedia(newFakeMedia()), withTokens)
	c := h.dial(t)
	c.knocks(tokenFor(t, func(g *token.Grant) { g.Role, g.May = "owner", []string{"join", "moderate"} }))
	hear[*protocol.Lobby](c)
	c.say(&protocol.Invite{ID: "invite", Role: "guest", TTLS: 60, Uses: 1})
	c.hearError(protocol.Conflict)
}

func TestARevokedInvitationEndsThoseWhoCameWithIt(t *testing.T) {
	h := newHouse(t, withFakeMedia(newFakeMedia()), withTokens, func(s *settings) { s.rooms.Rooms.OwnerPassword = "mine" })
	host := h.dial(t)
	host.comesAsOwner("r")
	text := host.invites("guest", 5)
	first, second := h.dial(t), h.dial(t)
	first.knocks(text)
	hear[*protocol.Lobby](first)
	returns := second.entersByInvitation(text)
	third := h.dial(t)
	third.knocks(returns)
	lobby := hear[*protocol.Lobby](third)
	second.hearClose(protocol.CloseReplaced)
	if ended, err := h.RevokeMember(room.MemberID(lobby.You)); ended < 2 || err != nil {
		t.Errorf("%d sessions ended, %v", ended, err)
	}
	for _, c := range []*caller{first, third} {
		c.isTurnedAway(errRevoked.message)
	}
	again := h.dial(t)
	again.knocks(returns)
	again.isTurnedAway(errRevoked.message)
	host.works()
}

func TestUsesOfAnInvitationAreCounted(t *testing.T) {
	now := time.Unix(1_761_912_000, 0)
	i := newInvitations()
	p := &pass{id: "7", uses: 2, invites: now.Add(time.Hour)}
	other := &pass{id: "8", uses: 1, invites: now.Add(time.Hour)}
	for step, c := range []struct {
		do   func() error
		want error
	}{
		{func() error { return i.take(p, now) }, nil},
		{func() error { return i.take(p, now) }, nil},
		{func() error { return i.take(p, now) }, errSpent},
		{func() error { i.giveBack(p, now); return nil }, nil},
		{func() error { return i.take(p, now) }, nil},
		{func() error { return i.take(p, now) }, errSpent},
		{func() error { return i.take(other, now) }, nil},
		{func() error { return i.take(new(pass), now) }, nil}, // no invitation
		{func() error { i.giveBack(other, now); return nil }, nil},
	} {
		if err := c.do(); err != c.want && !(err == nil && c.want == nil) {
			t.Errorf("step %d: %v, want %v", step, err, c.want)
		}
	}
	if n := len(i.used.entries); n != 1 {
		t.Errorf("%d are counted, of which one is used", n)
	}
}

// heardActs keeps what an audit hears.
type heardActs struct {
	mu   sync.Mutex
	acts []room.Act
}

func (h *heardActs) Note(act room.Act) {
	h.mu.Lock()
	defer h.mu.Unlock()
	h.acts = append(h.acts, act)
}

func TestTheAuditHearsWhoInvites(t *testing.T) {
	audit := &heardActs{}
	h := newHouse(t, withFakeMedia(newFakeMedia()), withTokens, func(s *settings) { s.rooms.Audit = audit })
	host := h.dial(t)
	host.enters(tokenFor(t, func(g *token.Grant) { g.Role = "moderator" }))
	text := host.invites("guest", 5)
	host.say(&protocol.Invite{ID: "invite", Role: "owner", TTLS: 60, Uses: 1})
	host.hearError(protocol.Forbidden)
	audit.mu.Lock()
	defer audit.mu.Unlock()
	if len(audit.acts) != 2 {
		t.Fatalf("it heard %+v", audit.acts)
	}
	for i, want := range []struct{ detail, outcome string }{{"guest, 5 uses, until ", "ok"}, {"owner, 1 uses, until ", "forbidden"}} {
		act := audit.acts[i]
		if act.What != "invite" || act.By.Identity != "mina" || act.Room != "r" || act.Outcome != want.outcome ||
			!strings.HasPrefix(act.Detail, want.detail) || strings.Contains(act.Detail, text) {
			t.Errorf("it heard %+v", act)
		}
	}
}

func TestPowerIsNotHandedOnForLongerThanItLasts(t *testing.T) {
	h := newHouse(t, withFakeMedia(newFakeMedia()), withTokens)
	host := h.dial(t)
	host.enters(tokenFor(t, func(g *token.Grant) { g.Role, g.Expires = "owner", time.Now().Add(10*time.Minute) }))
	for role, longest := range map[protocol.Role]int64{"moderator": 10 * 60_000, "member": 3_600_000} {
		host.say(&protocol.Invite{ID: "invite", Role: role, TTLS: 3600, Uses: 1})
		if in := hear[*protocol.Invitation](host).ExpiresInMS; in > longest+15_000 || in < longest-60_000 {
			t.Errorf("of a %s it lasts %d ms, want %d", role, in, longest)
		}
	}
}
