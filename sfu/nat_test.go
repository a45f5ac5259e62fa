package sfu

import (
	"fmt"
	"net"
	"net/netip"
	"regexp"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/pion/dtls/v3"
	"github.com/pion/ice/v4"
	"github.com/pion/interceptor"
	"github.com/pion/logging"
	"github.com/pion/stun/v4"
	"github.com/pion/webrtc/v4"

	"madang/sfu/demux"
)

// nat stands between one browser and the server, as a NAT does on the way out:
// the server sees one port of it, and the browser takes it for the server. It may
// take another port, lose packets, and send datagrams of an attacker's who can
// write the browser's address on them. All media that passes down is entered in a
// ledger: no number may be sealed twice.
type nat struct {
	t      *testing.T
	inside *net.UDPConn

	mu       sync.Mutex
	server   netip.AddrPort
	password string // of the server's ICE agent
	browser  netip.AddrPort
	once     bool // the browser nominates a pair once, as Firefox does
	outside  *net.UDPConn
	ledger   *ledger
	pass     func(up bool, datagram []byte) bool // nil: everything passes
	media    [][]byte                            // of the browser, that passed lately

	running sync.WaitGroup
}

func newNAT(t *testing.T) *nat {
	t.Helper()
	n := &nat{t: t, inside: loopback(t), outside: loopback(t), ledger: newLedger()}
	n.running.Go(n.up)
	n.running.Go(func() { n.down(n.outside) })
	t.Cleanup(func() {
		n.mu.Lock()
		n.inside.Close()
		n.outside.Close()
		n.mu.Unlock()
		n.running.Wait()
	})
	return n
}

// loopback is a port of this machine.
func loopback(t *testing.T) *net.UDPConn {
	t.Helper()
	c, err := net.ListenUDP("udp4", &net.UDPAddr{IP: net.IPv4(127, 0, 0, 1)})
	if err != nil {
		t.Fatal(err)
	}
	return c
}

// up carries what the browser sends, until the end of the test.
func (n *nat) up() {
	buf := make([]byte, 2048)
	for {
		size, from, err := n.inside.ReadFromUDPAddrPort(buf)
		if err != nil {
			return
		}
		n.mu.Lock()
		n.browser = from
		datagram := buf[:size]
		if !n.once {
			datagram = n.nominating(datagram)
		}
		if n.pass == nil || n.pass(true, datagram) {
			if demux.IsMedia(datagram) {
				n.media = append(n.media[max(0, len(n.media)-100):], slices.Clone(datagram))
			}
			_, _ = n.outside.WriteToUDPAddrPort(datagram, n.server)
		}
		n.mu.Unlock()
	}
}

// nominating is a datagram as Chromium would send it: its checks of the pair that
// it uses always nominate that, Pion's and Firefox's do once.
func (n *nat) nominating(datagram []byte) []byte {
	m := &stun.Message{Raw: slices.Clone(datagram)}
	if !stun.IsMessage(datagram) || m.Decode() != nil || m.Type != stun.BindingRequest || m.Contains(stun.AttrUseCandidate) {
		return datagram
	}
	said := m.Attributes
	out := stun.MustBuild(stun.NewTransactionIDSetter(m.TransactionID), stun.BindingRequest)
	for _, a := range said {
		if a.Type != stun.AttrMessageIntegrity && a.Type != stun.AttrFingerprint {
			out.Add(a.Type, a.Value)
		}
	}
	out.Add(stun.AttrUseCandidate, nil)
	if stun.NewShortTermIntegrity(n.password).AddTo(out) != nil || stun.Fingerprint.AddTo(out) != nil {
		n.t.Error("a check cannot be signed again")
	}
	return out.Raw
}

// down carries what comes to one of the ports, until that is closed.
func (n *nat) down(outside *net.UDPConn) {
	buf := make([]byte, 2048)
	for {
		size, _, err := outside.ReadFromUDPAddrPort(buf)
		if err != nil {
			return
		}
		n.mu.Lock()
		datagram := buf[:size]
		if demux.IsMedia(datagram) {
			if err := n.ledger.enter(datagram); err != nil {
				n.t.Error(err)
			}
		}
		if n.pass == nil || n.pass(false, datagram) {
			_, _ = n.inside.WriteToUDPAddrPort(datagram, n.browser)
		}
		n.mu.Unlock()
	}
}

// rebind takes another port: what is sent to the one before is lost.
func (n *nat) rebind() {
	n.mu.Lock()
	defer n.mu.Unlock()
	n.outside.Close()
	outside := loopback(n.t)
	n.outside = outside
	n.running.Go(func() { n.down(outside) })
}

// inject sends a datagram with the browser's address on it.
func (n *nat) inject(datagram []byte) {
	n.mu.Lock()
	defer n.mu.Unlock()
	_, _ = n.outside.WriteToUDPAddrPort(datagram, n.server)
}

// filter says what passes; it is called under the NAT's lock.
func (n *nat) filter(pass func(up bool, datagram []byte) bool) {
	n.mu.Lock()
	defer n.mu.Unlock()
	n.pass = pass
}

// caught is media of the browser that passed lately.
func (n *nat) caught() [][]byte {
	n.mu.Lock()
	defer n.mu.Unlock()
	return slices.Clone(n.media)
}

// addresses are the browser's as the server sees it, and the server's.
func (n *nat) addresses() (browser, server netip.AddrPort) {
	n.mu.Lock()
	defer n.mu.Unlock()
	return n.outside.LocalAddr().(*net.UDPAddr).AddrPort(), n.server
}

var candidateLine = regexp.MustCompile(`a=(candidate:.*|end-of-candidates)\r\n`)

// hide takes the browser's addresses from its offer.
func (n *nat) hide(offer string) string {
	if n == nil {
		return offer
	}
	return candidateLine.ReplaceAllString(offer, "")
}

// stand puts the NAT's address in the place of the server's.
func (n *nat) stand(answer string) string {
	if n == nil {
		return answer
	}
	n.mu.Lock()
	defer n.mu.Unlock()
	for _, line := range strings.Split(answer, "\r\n") {
		if fields := strings.Fields(line); len(fields) > 5 && fields[2] == "udp" && fields[4] == "127.0.0.1" {
			n.server = netip.MustParseAddrPort(fields[4] + ":" + fields[5])
		}
		if password, ok := strings.CutPrefix(line, "a=ice-pwd:"); ok {
			n.password = password
		}
	}
	own := fmt.Sprintf("a=candidate:1 1 udp 2130706431 127.0.0.1 %d typ host\r\n", n.inside.LocalAddr().(*net.UDPAddr).Port)
	first := candidateLine.FindStringIndex(answer)
	return answer[:first[0]] + own + candidateLine.ReplaceAllString(answer[first[1]:], "")
}

// settings are those of a browser behind a NAT: loopback alone, and checks often
// enough for a test.
func settings() webrtc.SettingEngine {
	s := webrtc.SettingEngine{LoggerFactory: &logging.DefaultLoggerFactory{}}
	s.SetNetworkTypes([]webrtc.NetworkType{webrtc.NetworkTypeUDP4})
	s.SetIncludeLoopbackCandidate(true)
	s.SetIPFilter(func(ip net.IP) bool { return ip.IsLoopback() })
	s.SetICEMulticastDNSMode(ice.MulticastDNSModeDisabled)
	s.SetICETimeouts(5*time.Second, 15*time.Second, 200*time.Millisecond)
	return s
}

// newBrowserWith is a browser with Pion's own feedback, and these settings.
func newBrowserWith(t *testing.T, s webrtc.SettingEngine, pairs, voices int) *browser {
	t.Helper()
	m, i := &webrtc.MediaEngine{}, &interceptor.Registry{}
	if err := m.RegisterDefaultCodecs(); err != nil {
		t.Fatal(err)
	}
	if err := webrtc.RegisterDefaultInterceptors(m, i); err != nil {
		t.Fatal(err)
	}
	api := webrtc.NewAPI(webrtc.WithMediaEngine(m), webrtc.WithInterceptorRegistry(i), webrtc.WithSettingEngine(s))
	pc, err := api.NewPeerConnection(webrtc.Configuration{})
	if err != nil {
		t.Fatal(err)
	}
	return newBrowserOn(t, pc, webrtc.MimeTypeVP8, pairs, voices)
}

// behindNAT is a browser behind a NAT.
func behindNAT(t *testing.T, pairs, voices int) *browser {
	t.Helper()
	n := newNAT(t)
	b := newBrowserWith(t, settings(), pairs, voices)
	b.nat = n
	return b
}

// only is a browser that knows one SRTP profile.
func only(t *testing.T, profile dtls.SRTPProtectionProfile, pairs, voices int) *browser {
	s := settings()
	s.SetSRTPProtectionProfiles(profile)
	return newBrowserWith(t, s, pairs, voices)
}
