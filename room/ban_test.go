package room

import (
	"net/netip"
	"strconv"
	"testing"
	"time"

	"madang/sfu"
)

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
		{0, "4", "", home, "waits"}, // it may be ada, who does not say so
		{0, "5", "", office, "waits"},
		{time.Hour, "6", "ada", office, "in"},
		{0, "7", "", office, "in"},
		{0, "8", "", home, "in"},
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
	b.add("yard", Party{Identity: "ada"}, Party{}, h.now.Add(time.Hour), h.now)
	if !b.identity("yard", "ada", h.now) || b.identity("hall", "ada", h.now) || b.identity("yard", "", h.now) {
		t.Error("a ban is not of one room and one identity")
	}
	b.add("yard", Party{}, Party{}, h.now.Add(time.Hour), h.now)
	if b.address("yard", netip.Prefix{}, h.now) {
		t.Error("nobody was banned, and so everybody")
	}
}

func TestBansAreBounded(t *testing.T) {
	b, now := &bans{}, time.Unix(0, 0)
	const more = 50
	for i := range maxBans + more {
		b.add("yard", Party{Identity: string(rune(i + 1<<12))}, Party{}, now.Add(time.Hour+time.Duration(i)), now)
	}
	if len(b.until) != maxBans {
		t.Errorf("%d bans", len(b.until))
	}
	if b.identity("yard", string(rune(more-1+1<<12)), now) || !b.identity("yard", string(rune(more+1<<12)), now) {
		t.Error("those that end first did not go")
	}
	b.add("yard", Party{Identity: "last"}, Party{}, now.Add(3*time.Hour), now.Add(2*time.Hour))
	if len(b.until) != 1 {
		t.Errorf("%d bans, of which all but one have ended", len(b.until))
	}
}

func TestWhoBansManyDropsItsOwnBans(t *testing.T) {
	b, now := &bans{}, time.Unix(0, 0)
	teacher := Party{From: netip.MustParsePrefix("198.51.100.1/32")}
	vandal := Party{From: netip.MustParsePrefix("203.0.113.7/32")}
	b.add("class", Party{Identity: "ada"}, teacher, now.Add(time.Minute), now)
	for i := range maxBans + 50 {
		b.add(strconv.Itoa(i), Party{From: vandal.From}, vandal, now.Add(maxBan), now)
	}
	if len(b.until) != maxBans || !b.identity("class", "ada", now) {
		t.Errorf("%d bans, and that of the class is gone: %t", len(b.until), !b.identity("class", "ada", now))
	}
}

func TestTheLongerOfTwoBansHolds(t *testing.T) {
	b, now := &bans{}, time.Unix(0, 0)
	home := netip.MustParsePrefix("203.0.113.7/32")
	b.add("yard", Party{Identity: "ada", From: home}, Party{}, now.Add(time.Hour), now)
	b.add("yard", Party{From: home}, Party{}, now.Add(time.Minute), now)
	if !b.address("yard", home, now.Add(30*time.Minute)) {
		t.Error("another ban made it shorter")
	}
}
