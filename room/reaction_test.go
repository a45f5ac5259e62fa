package room

import (
	"strings"
	"testing"
)

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
