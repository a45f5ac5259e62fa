package sfu

import (
	"log/slog"
	"testing"
	"time"

	"github.com/pion/dtls/v3"
)

// newPortableSFU is one that leaves all sealing to Pion.
func newPortableSFU(t *testing.T) *SFU {
	t.Helper()
	cfg := DefaultConfig()
	cfg.ICE.UDPPort = 0
	cfg.Media.Writer = WriterPortable
	s, err := New(cfg, slog.New(slog.DiscardHandler))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(s.Close)
	return s
}

// Who cannot be sealed for here goes the portable way, counted, and is in one room
// with the others.
func TestMediaFlowsOnEitherPath(t *testing.T) {
	common := func(t *testing.T) *browser { return newBrowserWith(t, settings(), 1, 1) }
	with := func(profile dtls.SRTPProtectionProfile) func(*testing.T) *browser {
		return func(t *testing.T) *browser { return only(t, profile, 1, 1) }
	}
	cm, gcm256 := with(dtls.SRTP_AES128_CM_HMAC_SHA1_80), with(dtls.SRTP_AEAD_AES_256_GCM)
	for _, tt := range []struct {
		name    string
		sfu     func(*testing.T) *SFU
		clients [2]func(*testing.T) *browser
		fast    [2]bool
		slower  uint64 // that are counted
	}{
		{"both fast", newTestSFU, [2]func(*testing.T) *browser{common, common}, [2]bool{true, true}, 0},
		{"AES-CM beside fast", newTestSFU, [2]func(*testing.T) *browser{cm, common}, [2]bool{false, true}, 1},
		{"AES-CM alone", newTestSFU, [2]func(*testing.T) *browser{cm, cm}, [2]bool{false, false}, 2},
		{"AES-256-GCM beside AES-CM", newTestSFU, [2]func(*testing.T) *browser{gcm256, cm}, [2]bool{true, false}, 1},
		{"the portable writer", newPortableSFU, [2]func(*testing.T) *browser{common, cm}, [2]bool{false, false}, 0},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			s := tt.sfu(t)
			c := newCall(t, s, tt.clients[0](t), tt.clients[1](t))
			if on := c.fast(); on != tt.fast {
				t.Errorf("fast for %v, want %v", on, tt.fast)
			}
			if n := s.Stats().Portable; n != tt.slower {
				t.Errorf("%d were counted, want %d", n, tt.slower)
			}
			c.flow(80)
			for i, e := range c.ears {
				for _, kind := range []uint8{96, 111} {
					if lost, came := e.lost(kind); lost > 0 || !e.round(kind) {
						t.Errorf("client %d lost %.1f %% of %d packets of type %d", i, 100*lost, came, kind)
					}
				}
			}
			if n := s.Stats().Drops["forged"]; n > 0 {
				t.Errorf("%d packets could not be opened", n)
			}
		})
	}
}

// An ICE restart on the portable path is as on the fast one.
func TestPortableMediaFlowsThroughAnICERestart(t *testing.T) {
	t.Parallel()
	c := newCall(t, newPortableSFU(t), behindNAT(t, 1, 0), newBrowserWith(t, settings(), 1, 0))
	c.flow(30)
	roamer := c.browsers[0]
	roamer.restart = true
	roamer.nat.rebind()
	roamer.join(c.peers[0])
	c.ears[0].longest()
	time.Sleep(500 * time.Millisecond)
	c.flow(20)
	t.Logf("nothing came for %v", c.ears[0].longest())
}
