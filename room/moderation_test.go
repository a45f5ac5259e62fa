package room

import (
	"cmp"
	"net/netip"
	"slices"
	"strings"
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

func TestWhoMayNoLongerPublishIsOffAtOnce(t *testing.T) {
	h, _, moderator, person, _ := staffed(Policy{})
	if !h.routed(person.source(sfu.Mic)) || !h.routed(person.source(sfu.Camera)) {
		t.Fatal("a member is not forwarded")
	}
	h.do(&setRole{by(moderator), person.ID, Guest})
	for _, source := range person.Sources {
		if h.routed(source) {
			t.Errorf("the %s of a guest is forwarded", source.Kind)
		}
	}
	h.publishes(person, SourceLive, sfu.Mic)
	if got := person.outcome(); got != codeForbidden || h.routed(person.source(sfu.Mic)) {
		t.Errorf("a guest publishes: %q", got)
	}
	h.do(&setRole{by(moderator), person.ID, Member})
	h.publishes(person, SourceLive, sfu.Mic)
	if !h.routed(person.source(sfu.Mic)) {
		t.Error("a member again, but not forwarded")
	}
}

func TestWhoMayNotSubscribeHasNoSlotsInTheRouting(t *testing.T) {
	h, _, _, _, visitor := staffed(Policy{})
	if v := h.viewOf(visitor); len(v.Pairs) != 4 || v.Pairs[0].VideoFrom.Source == nil || len(v.Voices) != 2 {
		t.Fatalf("a guest sees %+v", v)
	}
	h.do(&regrant{sender{visitor.ID}, Grant{Role: Guest, May: MayJoin | MayChat}})
	if v := h.viewOf(visitor); v == nil || len(v.Pairs)+len(v.Voices) != 0 {
		t.Errorf("who may not subscribe sees %+v", v)
	}
	h.do(&view{question{visitor.ID, "7"}, []Tile{{Member: "owner", Source: sfu.Camera}}})
	if got := visitor.outcome(); got != codeForbidden {
		t.Errorf("looks all the same: %q", got)
	}
	h.do(&regrant{sender{visitor.ID}, Grant{Role: Guest}})
	if v := h.viewOf(visitor); len(v.Pairs) != 4 || v.Pairs[0].VideoFrom.Source == nil || len(v.Voices) != 2 {
		t.Errorf("a guest again sees %+v", v)
	}
}

func TestMuteHoldsAgainstTheMember(t *testing.T) {
	for _, c := range []struct {
		kind sfu.SourceKind
		off  []sfu.SourceKind
		is   SourceState
	}{
		{sfu.Mic, []sfu.SourceKind{sfu.Mic}, SourceMuted},
		{sfu.Camera, []sfu.SourceKind{sfu.Camera}, SourceMuted},
		{sfu.Screen, []sfu.SourceKind{sfu.Screen, sfu.ScreenAudio}, SourceEnded},
		{sfu.ScreenAudio, []sfu.SourceKind{sfu.ScreenAudio}, SourceEnded},
	} {
		h, _, moderator, person, _ := staffed(Policy{})
		off := func(want bool, when string) {
			t.Helper()
			for _, source := range person.Sources {
				if wants := want && slices.Contains(c.off, source.Kind); h.routed(source) == wants {
					t.Errorf("%s, %s: %s is forwarded: %v", c.kind, when, source.Kind, !wants)
				}
			}
		}
		h.do(&mute{by(moderator), person.ID, c.kind, false})
		off(true, "muted")
		if got := *only[*Muted](t, person.conn); got != (Muted{c.kind, "moderator", false}) {
			t.Errorf("told %+v", got)
		}
		for _, kind := range c.off {
			if got := h.members[person.ID].states[kind]; got != c.is {
				t.Errorf("%s is %s, want %s", kind, got, c.is)
			}
		}
		h.publishes(person, SourceLive, c.off...)
		off(false, "live again")

		h.do(&mute{by(moderator), person.ID, c.kind, true})
		off(true, "held")
		for _, state := range []SourceState{SourceLive, SourceMuted, SourceLive} {
			h.publishes(person, state, c.off...)
			off(true, "published against the hold")
		}
		if got := person.outcome(); got != codeForbidden {
			t.Errorf("%s was made live against the hold: %q", c.kind, got)
		}
		h.do(&rejoin{negotiated{sender{person.ID}, person.Sources, person.Pairs, person.Voices}})
		h.publishes(person, SourceLive, sfu.Mic, sfu.Camera, sfu.Screen, sfu.ScreenAudio)
		h.pass(time.Second)
		for _, kind := range c.off {
			if h.routed(person.source(kind)) {
				t.Errorf("%s is forwarded over another transport", kind)
			}
		}
		if got := h.members[person.ID].person.Held.List(); !slices.Equal(got, c.off) {
			t.Errorf("held: %v, want %v", got, c.off)
		}

		h.do(&unmute{by(moderator), person.ID, c.kind})
		for _, kind := range c.off {
			if h.routed(person.source(kind)) {
				t.Errorf("%s was made live by another", kind)
			}
		}
		if got := *only[*UnmuteAsked](t, person.conn); got != (UnmuteAsked{c.kind, "moderator"}) {
			t.Errorf("asked %+v", got)
		}
		h.publishes(person, SourceLive, c.off...)
		for _, kind := range c.off {
			if !h.routed(person.source(kind)) {
				t.Errorf("%s is not forwarded though it was let go", kind)
			}
		}
	}
}

func TestMuteAllIsForLowerRolesWhoAreHeard(t *testing.T) {
	h, owner, moderator, person, visitor := staffed(Policy{})
	h.do(&mute{by(moderator), "", sfu.Mic, false})
	for g, want := range map[*guest]bool{owner: true, moderator: true, person: false} {
		if got := h.routed(g.source(sfu.Mic)); got != want {
			t.Errorf("%s is heard: %v", g.ID, got)
		}
		if told := len(of[*Muted](g.conn)) == 1; told == want {
			t.Errorf("%s was told of a mute: %v", g.ID, told)
		}
	}
	if len(of[*Muted](visitor.conn)) != 0 {
		t.Error("who was silent was told of a mute")
	}
	h.do(&mute{by(moderator), "", sfu.Mic, true})
	if !h.members[visitor.ID].held.Has(sfu.Mic) || h.members[owner.ID].held != 0 {
		t.Error("the hold is not on those of lower roles")
	}
}

func TestHandsKeepTheirOrder(t *testing.T) {
	h, _, moderator, person, visitor := staffed(Policy{})
	up := func(g *guest, is bool) { h.do(&hand{by(g), "", is}) }
	up(visitor, true)
	up(person, true)
	up(moderator, true)
	up(visitor, true) // a second time
	hands := func() string {
		var all []*member
		for _, m := range h.arrived {
			if m.person.Hand != 0 {
				all = append(all, m)
			}
		}
		slices.SortFunc(all, func(a, b *member) int { return int(a.person.Hand) - int(b.person.Hand) })
		names := ""
		for _, m := range all {
			names += string(m.id) + " "
		}
		return strings.TrimSpace(names)
	}
	if got := hands(); got != "guest member moderator" {
		t.Errorf("hands: %s", got)
	}
	h.do(&hand{by(moderator), visitor.ID, false})
	up(visitor, true)
	if got := hands(); got != "member moderator guest" {
		t.Errorf("lowered and raised: %s", got)
	}
	h.do(&hand{by(moderator), visitor.ID, true})
	if got := moderator.outcome(); got != codeBadMessage {
		t.Errorf("raised the hand of another: %q", got)
	}
	up(visitor, false)
	if got := hands(); got != "member moderator" {
		t.Errorf("lowered by oneself: %s", got)
	}
}

func TestReactionsArePacedAndBounded(t *testing.T) {
	h := defaultHall()
	watcher := newGuest("watcher", 0, 0)
	h.comes(watcher)
	crowd := make([]*guest, 100)
	for i := range crowd {
		crowd[i] = newGuest(string(rune('가'+i)), 0, 0)
	}
	h.comes(crowd...)
	h.do(&react{by(crowd[0]), "👏"}, &react{by(crowd[0]), "👏"})
	failed := only[*Failed](t, crowd[0].conn)
	if failed.Err.Code() != codeTooFast || failed.Err.Retry() != reactEvery {
		t.Errorf("twice at once: %s, again in %v", failed.Err.Code(), failed.Err.Retry())
	}
	if got := only[*Reaction](t, watcher.conn); got.Member != crowd[0].ID || got.Emoji != "👏" {
		t.Errorf("seen: %+v", got)
	}
	for _, emoji := range []string{"", strings.Repeat("👏", 9), "\xff"} {
		h.do(&react{by(crowd[1]), emoji})
		if got := crowd[1].outcome(); got != codeBadMessage {
			t.Errorf("%q: %s", emoji, got)
		}
	}
	for range 10 { // five seconds of applause
		for _, g := range crowd {
			h.do(&react{by(g), "👏"})
		}
		h.pass(reactEvery)
	}
	if n := len(of[*Reaction](watcher.conn)); n < 5*maxReactions || n > 26*maxReactions {
		t.Errorf("%d reactions were seen in five seconds", n)
	}
	if len(h.reactions.newest) > maxReactions {
		t.Errorf("%d wait", len(h.reactions.newest))
	}
}

func TestKickedAndBannedByIdentityOrAddress(t *testing.T) {
	home, office := netip.MustParsePrefix("203.0.113.7/32"), netip.MustParsePrefix("198.51.100.1/32")
	comes := func(h *hall, id, identity string, from netip.Prefix) string {
		g := newGuest(id, 1, 0)
		g.Grant.Identity, g.From = identity, from
		h.comes(g)
		switch e := g.conn.heard(); {
		case len(e) == 0:
			return "waits"
		case len(of[*Welcome](g.conn)) == 1:
			return "in"
		}
		return only[*Refused](t, g.conn).Err.Code()
	}
	h, _, moderator, _, _ := staffed(Policy{})
	comes(h, "known", "ada", home)
	comes(h, "known as well", "ada", home)
	comes(h, "unknown", "", office)
	h.do(&kick{by(moderator), "known", time.Hour}, &kick{by(moderator), "unknown", time.Hour})
	if h.members["known"] != nil || h.members["known as well"] != nil || h.members["unknown"] != nil {
		t.Fatal("still here")
	}
	for _, c := range []struct {
		when     time.Duration
		id       string
		identity string
		from     netip.Prefix
		want     string
	}{
		{0, "1", "ada", office, codeForbidden},
		{0, "2", "ben", home, "in"},
		{0, "3", "ben", office, "in"},
		{0, "4", "", home, "in"},
		{0, "5", "", office, "waits"},
		{time.Hour, "6", "ada", office, "in"},
		{0, "7", "", office, "in"},
	} {
		h.pass(c.when)
		if got := comes(h, c.id, c.identity, c.from); got != c.want {
			t.Errorf("%s as %q from %s: %s, want %s", c.id, c.identity, c.from, got, c.want)
		}
	}
	h.do(&kick{by(moderator), "2", maxBan + 1})
	if got := moderator.outcome(); got != codeBadMessage {
		t.Errorf("banned for too long: %s", got)
	}
}

func TestKickClosesAndAnotherRoomIsOpen(t *testing.T) {
	h, _, moderator, person, _ := staffed(Policy{})
	h.do(&kick{by(moderator), person.ID, 0})
	if person.conn.closed != codeForbidden || h.members[person.ID] != nil || h.routed(person.source(sfu.Mic)) {
		t.Errorf("closed with %q", person.conn.closed)
	}
	b := &bans{}
	b.add("yard", Party{Identity: "ada"}, h.now.Add(time.Hour), h.now)
	if !b.identity("yard", "ada", h.now) || b.identity("hall", "ada", h.now) || b.identity("yard", "", h.now) {
		t.Error("a ban is not of one room and one identity")
	}
	b.add("yard", Party{}, h.now.Add(time.Hour), h.now)
	if b.address("yard", netip.Prefix{}, h.now) {
		t.Error("nobody was banned, and so everybody")
	}
}

func TestBansAreBounded(t *testing.T) {
	b, now := &bans{}, time.Unix(0, 0)
	for i := range 2 * maxBans {
		b.add("yard", Party{Identity: string(rune(i + 1<<12))}, now.Add(time.Hour+time.Duration(i)), now)
	}
	if len(b.until) != maxBans {
		t.Errorf("%d bans", len(b.until))
	}
	if b.identity("yard", string(rune(1<<12)), now) || !b.identity("yard", string(rune(2*maxBans-1+1<<12)), now) {
		t.Error("the one that ends first did not go")
	}
	b.add("yard", Party{Identity: "last"}, now.Add(3*time.Hour), now.Add(2*time.Hour))
	if len(b.until) != 1 {
		t.Errorf("%d bans, of which all but one have ended", len(b.until))
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

func TestSlowModeIsForThoseWhoDoNotModerate(t *testing.T) {
	h, _, moderator, person, _ := staffed(Policy{})
	h.do(&slow{by(moderator), 10 * time.Second})
	if only[*SlowMode](t, person.conn).Every != 10*time.Second {
		t.Error("not told")
	}
	h.do(post("member", "1", "", "one"), post("member", "1", "", "one"), post("moderator", "1", "", "two"), post("moderator", "2", "", "three"))
	h.pass(3 * time.Second)
	h.do(post("member", "2", "", "four"))
	if r := only[*ChatRefused](t, person.conn); r.CID != "2" || r.Err.Code() != codeTooFast || r.Err.Retry() != 7*time.Second {
		t.Errorf("refused with %s, again in %v", r.Err.Code(), r.Err.Retry())
	}
	h.pass(7 * time.Second)
	h.do(post("member", "2", "", "four"))
	if got := strings.Join(texts(moderator.conn), " "); got != "one two three four" {
		t.Errorf("heard %s", got)
	}
	h.do(&slow{by(moderator), 2 * time.Hour})
	if got := moderator.outcome(); got != codeBadMessage {
		t.Errorf("too slow: %s", got)
	}
	late := newGuest("late", 0, 0)
	h.comes(late)
	if got := only[*Welcome](t, late.conn).Slow; got != 10*time.Second {
		t.Errorf("a newcomer is told of %v", got)
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

func TestLinesOfLowerRolesAreTakenBack(t *testing.T) {
	h, _, moderator, _, _ := staffed(Policy{})
	h.do(post("owner", "1", "", "from above"), post("member", "1", "", "from below"), post("guest", "1", "", "bye"))
	h.do(&leave{sender: sender{"guest"}})
	lines := of[*ChatLine](moderator.conn)
	for i, want := range []string{codeForbidden, "", ""} {
		h.do(&chatDelete{question{"moderator", "r"}, lines[i].ID})
		if got := moderator.outcome(); got != codeForbidden {
			t.Errorf("%q: %q, want %q", lines[i].Text, got, want)
		}
	}
	if got := len(of[*ChatDeleted](moderator.conn)); got != 2 {
		t.Errorf("%d lines were taken back, want 2", got)
	}
}

func TestClearedChatIsGone(t *testing.T) {
	h, _, moderator, person, _ := staffed(Policy{})
	h.do(post("member", "1", "", "one"), post("member", "2", "guest", "two"))
	h.do(&chatClear{by(moderator)})
	if got := only[*ChatCleared](t, person.conn).Seq; got != 2 || moderator.outcome() != "done" {
		t.Errorf("cleared up to %d: %s", got, moderator.outcome())
	}
	h.do(post("member", "3", "", "three"))
	late := newGuest("late", 0, 0)
	h.comes(late)
	h.do(&chatSince{sender: sender{"late"}})
	if got := strings.Join(texts(late.conn), " "); got != "three" {
		t.Errorf("a newcomer reads %q", got)
	}
}
