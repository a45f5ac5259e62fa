package sfu

import (
	"math/rand/v2"
	"sync/atomic"
	"testing"
	"time"
)

func TestMediaFlowsOnWhereverAClientGoes(t *testing.T) {
	for _, tt := range []struct {
		name    string
		rebind  bool
		restart bool
		once    bool          // it nominates a pair once
		gap     time.Duration // that is borne on the way to it
	}{
		{"ICE restart", false, true, false, 300 * time.Millisecond},
		{"another port", true, false, false, 2 * time.Second},
		{"another port and an ICE restart", true, true, false, 2 * time.Second},
		{"another port, as Firefox", true, false, true, 2 * time.Second},
		{"another port and an ICE restart, as Firefox", true, true, true, 2 * time.Second},
	} {
		t.Run(tt.name, func(t *testing.T) {
			if tt.gap > time.Second { // less is not to be measured beside others
				t.Parallel()
			}
			roamer := behindNAT(t, 1, 0)
			roamer.nat.once = tt.once
			c := newCall(t, newTestSFU(t), roamer, newBrowserWith(t, settings(), 1, 0))
			if c.fast() != [2]bool{true, true} {
				t.Fatal("not on the fast path")
			}
			c.flow(60)
			for range 2 {
				c.ears[0].longest()
				c.ears[1].longest()
				if tt.rebind {
					roamer.nat.rebind()
				}
				if tt.restart {
					roamer.restart = true
					roamer.join(c.peers[0])
				}
				time.Sleep(time.Second)
				c.flow(20)
				to, from := c.ears[0].longest(), c.ears[1].longest()
				t.Logf("nothing came to the client for %v, nothing from it for %v", to, from)
				if to > tt.gap || from > min(tt.gap, 2*time.Second) {
					t.Errorf("nothing came to the client for %v, nothing from it for %v", to, from)
				}
			}
			for i, e := range c.ears {
				if !e.round(96) || !e.round(111) {
					t.Errorf("the numbers of client %d did not go round", i)
				}
			}
		})
	}
}

// Firefox asks for consent every 5 s or so: until then only its media says that its
// NAT gave it another port.
func TestMediaFlowsOnBeforeTheNextCheckOfAClient(t *testing.T) {
	t.Parallel()
	roamer := behindNAT(t, 1, 0)
	roamer.nat.once = true
	c := newCall(t, newTestSFU(t), roamer, newBrowserWith(t, settings(), 1, 0))
	if c.fast() != [2]bool{true, true} {
		t.Fatal("not on the fast path")
	}
	c.flow(60)
	roamer.nat.filter(func(up bool, datagram []byte) bool { return !up || !isRequest(datagram) })
	for range 3 {
		c.ears[0].longest()
		c.ears[1].longest()
		roamer.nat.rebind()
		time.Sleep(time.Second)
		c.flow(20)
		to, from := c.ears[0].longest(), c.ears[1].longest()
		t.Logf("nothing came to the client for %v, nothing from it for %v", to, from)
		if to > 2*time.Second || from > 2*time.Second {
			t.Errorf("nothing came to the client for %v, nothing from it for %v", to, from)
		}
	}
}

// isRequest tells a check of ICE.
func isRequest(datagram []byte) bool {
	return len(datagram) > 1 && datagram[0] == 0 && datagram[1] == 1
}

// The numbers of every stream go round, in and out, on links that lose one packet
// in twenty.
func TestStreamsThatWrapSoonOnLossyLinksAreOpened(t *testing.T) {
	t.Parallel()
	onAnyWorkers(t, testStreamsThatWrapSoonOnLossyLinksAreOpened)
}

func testStreamsThatWrapSoonOnLossyLinksAreOpened(t *testing.T, s *SFU) {
	a, b := behindNAT(t, 1, 0), behindNAT(t, 1, 0)
	c := newCall(t, s, a, b)
	var again atomic.Uint64 // packets that came twice: one that is only late is asked for too
	for seed, n := range []*nat{a.nat, b.nat} {
		rng, came := rand.New(rand.NewPCG(uint64(seed), 1)), map[string]bool{}
		n.filter(func(up bool, datagram []byte) bool {
			passes := !isRTP(datagram) || rng.IntN(20) > 0
			if passes && up {
				if came[string(datagram)] {
					again.Add(1)
				}
				came[string(datagram)] = true
			}
			return passes
		})
	}
	c.flow(150)
	for i, e := range c.ears {
		if !e.round(96) || !e.round(111) {
			t.Errorf("the numbers of client %d did not go round", i)
		}
		if lost, came := e.lost(96); lost > 0.02 {
			t.Errorf("client %d lost %.1f %% of %d packets for good", i, 100*lost, came)
		}
	}
	if n := c.sfu.Stats().Drops["forged"]; n > again.Load() {
		t.Errorf("%d packets of clients could not be opened, %d came twice", n, again.Load())
	}
}
