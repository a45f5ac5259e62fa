package room

import (
	"slices"
	"strings"
	"testing"
)

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
