package relay

import (
	"bytes"
	"fmt"
	"net"
	"net/netip"
	"runtime"
	"strings"
	"testing"
	"time"

	"github.com/pion/logging"
	"github.com/pion/stun/v4"
	"github.com/pion/turn/v5"

	"madang/sfu/lane"
)

// plane has one media port, and sends back what comes to it.
type plane struct{}

var media = netip.MustParseAddrPort("192.0.2.1:4000")

func (plane) Target(peer netip.AddrPort) (func(*lane.Lane), bool) {
	return func(l *lane.Lane) {
		for datagram, rest, ok := lane.Cut(l.Take(nil)); ok; datagram, rest, ok = lane.Cut(rest) {
			l.Send(datagram)
		}
	}, peer == media
}

func (plane) TargetAddrs() []netip.Addr { return []netip.Addr{media.Addr()} }

// quiet logs nothing.
func quiet() logging.LoggerFactory {
	f := logging.NewDefaultLoggerFactory()
	f.DefaultLogLevel = logging.LogLevelDisabled
	return f
}

// freePort is free for UDP and TCP, as far as one can know.
func freePort(t *testing.T) int {
	t.Helper()
	for {
		l, err := net.Listen("tcp", ":0")
		if err != nil {
			t.Fatal(err)
		}
		port := l.Addr().(*net.TCPAddr).Port
		packets, err := net.ListenPacket("udp", fmt.Sprintf(":%d", port))
		l.Close()
		if err == nil {
			packets.Close()
			return port
		}
	}
}

func open(t *testing.T, change func(*Config)) *Server {
	t.Helper()
	cfg := DefaultConfig()
	cfg.UDPPort, cfg.TCPPort = freePort(t), freePort(t)
	if change != nil {
		change(&cfg)
	}
	cfg.Validate(func(field, problem string) { t.Fatal(field, problem) })
	s, err := New(cfg, plane{}, lane.NewTable(), quiet())
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { s.Close() })
	return s
}

// client is one of TURN, over UDP or over TCP.
func client(t *testing.T, s *Server, network string, c Credentials) (*turn.Client, net.PacketConn) {
	t.Helper()
	var conn net.PacketConn
	port := s.cfg.UDPPort
	if network == "udp" {
		packets, err := net.ListenPacket("udp4", "127.0.0.1:0")
		if err != nil {
			t.Fatal(err)
		}
		conn = packets
	} else {
		port = s.cfg.TCPPort
		conn = turn.NewSTUNConn(dial(t, s))
	}
	at := netip.AddrPortFrom(netip.MustParseAddr("127.0.0.1"), uint16(port)).String()
	client, err := turn.NewClient(&turn.ClientConfig{
		STUNServerAddr: at, TURNServerAddr: at, Conn: conn,
		Username: c.Username, Password: c.Password, LoggerFactory: quiet(),
	})
	if err == nil {
		err = client.Listen()
	}
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { client.Close(); conn.Close() })
	return client, conn
}

func dial(t *testing.T, s *Server) net.Conn {
	t.Helper()
	c, err := net.Dial("tcp4", fmt.Sprintf("127.0.0.1:%d", s.listeners[0].Addr().(*net.TCPAddr).Port))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { c.Close() })
	return c
}

func TestRelayCarriesDatagramsToTheMediaPort(t *testing.T) {
	s := open(t, nil)
	for _, network := range []string{"udp", "tcp"} {
		c, _ := client(t, s, network, s.Grant("somebody", time.Now()))
		relayed, err := c.Allocate()
		if err != nil {
			t.Fatal(network, err)
		}
		if at := relayed.LocalAddr().(*net.UDPAddr).AddrPort(); !lane.Is(netip.AddrPortFrom(at.Addr().Unmap(), at.Port())) {
			t.Errorf("%s: the relayed address is %v", network, at)
		}
		for n := range 20 { // by indications, then by a channel
			sent := bytes.Repeat([]byte{byte(n)}, 100+n)
			if _, err := relayed.WriteTo(sent, net.UDPAddrFromAddrPort(media)); err != nil {
				t.Fatal(network, err)
			}
			got := make([]byte, 1500)
			_ = relayed.SetReadDeadline(time.Now().Add(5 * time.Second))
			length, from, err := relayed.ReadFrom(got)
			if err != nil || !bytes.Equal(got[:length], sent) || from.String() != media.String() {
				t.Fatalf("%s: %d bytes from %v, %v", network, length, from, err)
			}
		}
		if err := relayed.Close(); err != nil {
			t.Error(network, err)
		}
	}
	awaitNone(t, s)
}

func awaitNone(t *testing.T, s *Server) {
	t.Helper()
	for deadline := time.Now().Add(10 * time.Second); s.lanes.Len() > 0 || s.ledger.uses("somebody"); time.Sleep(5 * time.Millisecond) {
		if time.Now().After(deadline) {
			t.Fatalf("%d lanes are left", s.lanes.Len())
		}
	}
}

func TestCredentialsAreNeeded(t *testing.T) {
	s := open(t, func(c *Config) { c.PerSession = 2 })
	now := time.Now()
	good := s.Grant("somebody", now)
	_, word, _ := strings.Cut(good.Username, ":")
	for name, c := range map[string]Credentials{
		"of nobody":        {},
		"a wrong password": {good.Username, "x"},
		"another's name":   {strings.Replace(good.Username, word, "other", 1), good.Password},
		"a later end":      {"9" + good.Username, good.Password},
		"of long ago":      s.Grant("somebody", now.Add(-7*time.Hour)),
		"another secret's": Grant("guessed", "somebody", now.Add(time.Hour)),
		"no end":           {"somebody", password(s.secret, "somebody")},
	} {
		if c := code(newAsker(t, s, c).ask(stun.MethodAllocate)); c != stun.CodeUnauthorized && c != stun.CodeBadRequest {
			t.Errorf("%s: %d", name, c)
		}
	}
	// Of the good ones a session has two, and the third waits for one to end.
	first := newAsker(t, s, good)
	for i, a := range []*asker{first, newAsker(t, s, good), newAsker(t, s, good)} {
		if c := code(a.ask(stun.MethodAllocate)); (c == stun.CodeAllocQuotaReached) != (i == 2) {
			t.Errorf("relay %d of the session: %d", i, c)
		}
	}
	if c := code(first.ask(stun.MethodRefresh, stun.RawAttribute{Type: stun.AttrLifetime, Value: []byte{0, 0, 0, 0}})); c != 0 {
		t.Errorf("ending a relay: %d", c)
	}
	if c := code(newAsker(t, s, good).ask(stun.MethodAllocate)); c != 0 {
		t.Errorf("another relay: %d", c)
	}
	if c := code(newAsker(t, s, good).ask(stun.MethodAllocate, stun.RawAttribute{Type: stun.AttrEvenPort, Value: []byte{0x80}})); c == 0 {
		t.Error("a pair of ports")
	}
}

// Credentials that are over keep up a relay that runs, and begin none.
func TestRelayOutlivesItsCredentials(t *testing.T) {
	s := open(t, nil)
	over := s.Grant("somebody", time.Now().Add(-7*time.Hour))
	asked := &turn.RequestAttributes{Username: over.Username, Realm: realm}
	if _, _, ok := s.authenticate(asked); ok {
		t.Error("they begin one")
	}
	a := s.ledger.open("somebody")
	if _, _, ok := s.authenticate(asked); !ok {
		t.Error("they keep none up")
	}
	s.ledger.close(a)
}

func TestBandwidthOfASessionIsBounded(t *testing.T) {
	l := &ledger{perUser: 2, bandwidth: 800_000, accounts: map[string]*account{}}
	a, now, passed := l.open("somebody"), time.Now(), 0
	if l.open("somebody") != a {
		t.Error("two relays of one session have accounts of their own")
	}
	for i := range 10_000 { // 12 Mbit/s for 8 s
		if a.allows(1200, now.Add(time.Duration(i)*800*time.Microsecond)) {
			passed += 1200
		}
	}
	if perSecond := passed * 8 / 8; perSecond < 700_000 || perSecond > 900_000 {
		t.Errorf("%d bits per second", perSecond)
	}
}

func TestRelaysLeaveNothingBehind(t *testing.T) {
	s := open(t, nil)
	cycle := func() {
		for _, network := range []string{"udp", "tcp"} {
			c, conn := client(t, s, network, s.Grant("somebody", time.Now()))
			relayed, err := c.Allocate()
			if err != nil {
				t.Fatal(err)
			}
			_, _ = relayed.WriteTo([]byte("x"), net.UDPAddrFromAddrPort(media))
			if network == "tcp" { // without a word
				conn.Close()
			}
			_ = relayed.Close()
			c.Close()
			conn.Close()
		}
	}
	cycle()
	awaitNone(t, s)
	before := runtime.NumGoroutine()
	for range 50 {
		cycle()
	}
	awaitNone(t, s)
	for deadline := time.Now().Add(10 * time.Second); runtime.NumGoroutine() > before+5; time.Sleep(10 * time.Millisecond) {
		if time.Now().After(deadline) {
			t.Fatalf("%d goroutines, %d before", runtime.NumGoroutine(), before)
		}
	}
}
