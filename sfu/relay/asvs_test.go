package relay

import (
	"testing"
	"time"

	"github.com/pion/stun/v4"
)

// OWASP ASVS 5.0, V17.1.2: whoever may relay cannot use up what others need. 17.1.1 is
// in targets_test.go.
func TestASVS_V17_1_2_OneSessionDoesNotUseUpTheRelay(t *testing.T) {
	s := open(t, func(c *Config) { c.PerSession = 3 })
	greedy, modest := s.Grant("greedy", time.Now()), s.Grant("modest", time.Now())
	got := 0
	for range 20 {
		switch c := code(newAsker(t, s, greedy).ask(stun.MethodAllocate)); c {
		case 0:
			got++
		case stun.CodeAllocQuotaReached:
		default:
			t.Errorf("refused by %d", c)
		}
	}
	if got != 3 {
		t.Errorf("a session has %d relays, may have 3", got)
	}
	if c := code(newAsker(t, s, modest).ask(stun.MethodAllocate)); c != 0 {
		t.Errorf("another session got none: %d", c)
	}
	l := &ledger{perUser: relaysMost, bandwidth: 1e9, accounts: map[string]*account{}}
	for l.open("everybody") != nil {
	}
	if l.relays != relaysMost || l.mayOpen("somebody") {
		t.Errorf("%d relays in all, and %t for one more", l.relays, l.mayOpen("somebody"))
	}
}
