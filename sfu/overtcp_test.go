package sfu

import (
	"log/slog"
	"net"
	"net/netip"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/pion/webrtc/v4"

	"madang/sfu/lane"
)

// overTCPAlone is a browser whose network lets no UDP through.
func overTCPAlone(t *testing.T, pairs, voices int) *browser {
	return over(t, webrtc.NetworkTypeTCP4, pairs, voices)
}

// over is a browser with one kind of network.
func over(t *testing.T, network webrtc.NetworkType, pairs, voices int) *browser {
	s := settings()
	s.SetNetworkTypes([]webrtc.NetworkType{network})
	s.SetIPFilter(func(net.IP) bool { return true })
	return newBrowserWith(t, s, pairs, voices)
}

func TestMediaFlowsOverTCPAlone(t *testing.T) {
	for name, open := range map[string]func(*testing.T) *SFU{"fast": newTestSFU, "portable": newPortableSFU} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s := open(t)
			c := newCall(t, s, overTCPAlone(t, 1, 1), newBrowserWith(t, settings(), 1, 1))
			c.flow(80)
			if at := c.at(0); !lane.Is(at) {
				t.Errorf("the server sends to %v", at)
			}
			if at := c.at(1); lane.Is(at) {
				t.Errorf("the server sends to %v", at)
			}
			for i, e := range c.ears {
				for _, kind := range []uint8{96, 111} {
					if lost, came := e.lost(kind); lost > 0 {
						t.Errorf("client %d lost %.1f %% of %d packets of type %d", i, 100*lost, came, kind)
					}
				}
			}
			if stats := s.Stats(); stats.Drops["forged"]+stats.Drops["path"] > 0 {
				t.Errorf("%+v", stats)
			}
		})
	}
}

func TestMediaFlowsOverIPv6(t *testing.T) {
	addresses, err := net.InterfaceAddrs()
	if err != nil || !slices.ContainsFunc(addresses, func(a net.Addr) bool {
		prefix, err := netip.ParsePrefix(a.String())
		return err == nil && prefix.Addr().Is6() && !prefix.Addr().IsLoopback() && !prefix.Addr().IsLinkLocalUnicast()
	}) {
		t.Skip("this host has no address of IPv6 that Pion's client offers")
	}
	for _, network := range []webrtc.NetworkType{webrtc.NetworkTypeUDP6, webrtc.NetworkTypeTCP6} {
		t.Run(network.String(), func(t *testing.T) {
			t.Parallel()
			c := newCall(t, newTestSFU(t), over(t, network, 1, 1), newBrowserWith(t, settings(), 1, 1))
			c.flow(80)
			if at := c.at(0).Addr(); !at.Is6() || c.fast() != [2]bool{true, true} {
				t.Errorf("the server sends to %v", at)
			}
		})
	}
}

// at is where the server takes one of the two to be.
func (c *call) at(i int) (at netip.AddrPort) {
	c.peers[i].worker.do(func(time.Time) { at = c.peers[i].endpoint.at })
	return at
}

func TestLanesEndWithTheirPeers(t *testing.T) {
	s := newTestSFU(t)
	b := overTCPAlone(t, 1, 1)
	p, events := newTestPeer(t, s)
	b.join(p)
	events.awaitState(t, PeerConnected)
	if stats := s.Stats(); stats.Streams == 0 || stats.Relays != 0 {
		t.Fatalf("%+v", stats)
	}
	if err := b.pc.GracefulClose(); err != nil {
		t.Fatal(err)
	}
	for deadline := time.Now().Add(20 * time.Second); s.lanes.Len() > 0; time.Sleep(50 * time.Millisecond) {
		if time.Now().After(deadline) {
			t.Fatalf("%d lanes", s.lanes.Len())
		}
	}
}

func newSFU(t *testing.T, cfg Config) *SFU {
	t.Helper()
	s, err := New(cfg, slog.New(slog.DiscardHandler))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(s.Close)
	return s
}

func TestAnswerOffersTCPBehindUDP(t *testing.T) {
	for name, c := range map[string]struct {
		port int
		want bool
	}{"by default": {0, true}, "switched off": {-1, false}} {
		t.Run(name, func(t *testing.T) {
			cfg := DefaultConfig()
			cfg.ICE.UDPPort, cfg.ICE.TCPPort = 0, c.port
			s := newSFU(t, cfg)
			p, _ := newTestPeer(t, s)
			answer := newBrowserWith(t, settings(), 1, 1).join(p).SDP
			if got := strings.Contains(answer, " typ host tcptype passive\r\n"); got != c.want || (s.TCPPort() > 0) != c.want {
				t.Errorf("port %d, %s", s.TCPPort(), answer)
			}
		})
	}
}
