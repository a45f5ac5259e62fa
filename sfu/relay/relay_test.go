package relay

import (
	"bufio"
	"bytes"
	"errors"
	"fmt"
	"io"
	"net"
	"net/netip"
	"os"
	"runtime"
	"strings"
	"testing"
	"time"

	"github.com/pion/logging"
	"github.com/pion/stun/v4"
	"github.com/pion/turn/v5"

	"madang/sfu/lane"
	"madang/sfu/tcp"
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

// asker speaks TURN by hand over TCP.
type asker struct {
	t     *testing.T
	conn  net.Conn
	in    *bufio.Reader
	name  string
	key   []byte
	nonce stun.Nonce
}

func newAsker(t *testing.T, s *Server, c Credentials) *asker {
	conn := dial(t, s)
	a := &asker{t: t, conn: conn, in: bufio.NewReader(conn), name: c.Username, key: turn.GenerateAuthKey(c.Username, realm, c.Password)}
	refused := a.ask(stun.MethodAllocate)
	if err := a.nonce.GetFrom(refused); err != nil {
		t.Fatal(err)
	}
	return a
}

// ask sends a request and returns the answer.
func (a *asker) ask(method stun.Method, attributes ...stun.Setter) *stun.Message {
	a.t.Helper()
	setters := append([]stun.Setter{stun.TransactionID, stun.NewType(method, stun.ClassRequest)}, attributes...)
	if method == stun.MethodAllocate {
		setters = append(setters, stun.RawAttribute{Type: stun.AttrRequestedTransport, Value: []byte{17, 0, 0, 0}})
	}
	if len(a.nonce) > 0 {
		setters = append(setters, stun.NewUsername(a.name), stun.NewRealm(realm), a.nonce, stun.MessageIntegrity(a.key))
	}
	m, err := stun.Build(setters...)
	if err != nil {
		a.t.Fatal(err)
	}
	if _, err := a.conn.Write(m.Raw); err != nil {
		a.t.Fatal(err)
	}
	b := make([]byte, messageMost)
	_ = a.conn.SetReadDeadline(time.Now().Add(5 * time.Second))
	n, err := readFrame(a.in, b)
	if err != nil {
		a.t.Fatal(err)
	}
	answer := &stun.Message{Raw: b[:n]}
	if err := answer.Decode(); err != nil {
		a.t.Fatal(err)
	}
	return answer
}

// code is the error of an answer, 0 for success.
func code(answer *stun.Message) stun.ErrorCode {
	var c stun.ErrorCodeAttribute
	if c.GetFrom(answer) != nil {
		return 0
	}
	return c.Code
}

func peer(at netip.AddrPort) stun.Setter { return xorPeer{at} }

type xorPeer struct{ at netip.AddrPort }

func (p xorPeer) AddTo(m *stun.Message) error {
	ip := p.at.Addr().AsSlice()
	if p.at.Addr().Is4In6() { // written as IPv6
		b := p.at.Addr().As16()
		value := make([]byte, 20)
		value[1] = 2
		value[2], value[3] = byte(p.at.Port()>>8)^0x21, byte(p.at.Port())^0x12
		mask := append([]byte{0x21, 0x12, 0xA4, 0x42}, m.TransactionID[:]...)
		for i := range b {
			value[4+i] = b[i] ^ mask[i]
		}
		m.Add(stun.AttrXORPeerAddress, value)
		return nil
	}
	return stun.XORMappedAddress{IP: ip, Port: int(p.at.Port())}.AddToAs(m, stun.AttrXORPeerAddress)
}

func TestRelayReachesNothingButTheMediaPort(t *testing.T) {
	s := open(t, nil)
	own := func() (all []string) {
		addresses, _ := net.InterfaceAddrs()
		for _, a := range addresses {
			prefix, err := netip.ParsePrefix(a.String())
			if err == nil {
				all = append(all, netip.AddrPortFrom(prefix.Addr(), media.Port()).String(), netip.AddrPortFrom(prefix.Addr(), 22).String())
			}
		}
		return all
	}
	channel := stun.RawAttribute{Type: stun.AttrChannelNumber, Value: []byte{0x40, 0, 0, 0}}
	for _, family := range []byte{1, 2} {
		a := newAsker(t, s, s.Grant("somebody", time.Now()))
		answer := a.ask(stun.MethodAllocate, stun.RawAttribute{Type: stun.AttrRequestedAddressFamily, Value: []byte{family, 0, 0, 0}})
		if c := code(answer); c != 0 {
			t.Fatalf("no relay: %d", c)
		}
		for _, target := range append(own(),
			"127.0.0.1:4000", "127.0.0.1:22", "127.8.9.10:4000", "0.0.0.0:4000", "0.0.0.0:0", "255.255.255.255:4000",
			"10.0.0.1:4000", "172.16.0.1:4000", "192.168.0.1:4000", "100.64.0.1:4000", "169.254.169.254:80", "169.254.1.1:4000",
			"224.0.0.1:4000", "198.51.100.1:4000", "192.0.2.1:4001", "192.0.2.1:22", "192.0.2.1:65535", "240.0.0.1:4000",
			"[::1]:4000", "[::1]:22", "[::]:4000", "[fe80::1]:4000", "[fd00::1]:4000", "[2001:db8::1]:4000", "[ff02::1]:4000", "[100::1]:4000",
			"[::ffff:127.0.0.1]:4000", "[::ffff:192.0.2.1]:4000", "[::ffff:10.0.0.1]:4000", "[::ffff:0.0.0.0]:4000", "[64:ff9b::192.0.2.1]:4000",
		) {
			at := netip.MustParseAddrPort(target)
			if c := code(a.ask(stun.MethodCreatePermission, peer(at))); c == 0 {
				t.Errorf("a permission for %s", target)
			}
			if c := code(a.ask(stun.MethodCreatePermission, peer(media), peer(at))); c == 0 {
				t.Errorf("a permission for %s beside the media port", target)
			}
			if c := code(a.ask(stun.MethodChannelBind, channel, peer(at))); c == 0 {
				t.Errorf("a channel to %s", target)
			}
			if c := code(a.ask(stun.MethodConnect, peer(at))); c == 0 {
				t.Errorf("a connection to %s", target)
			}
		}
		if c := code(a.ask(stun.MethodConnect, peer(media))); c == 0 {
			t.Error("a connection to the media port")
		}
		want := map[byte]bool{1: true}[family]
		if c := code(a.ask(stun.MethodChannelBind, channel, peer(media))); (c == 0) != want {
			t.Errorf("a channel to the media port: %d", c)
		}
	}
}

// What a client sends where it has a permission, but to another port, goes nowhere.
func TestPermissionOpensOnePortOnly(t *testing.T) {
	w := &way{plane: plane{}, lane: lane.NewTable().Open(false)}
	w.account = (&ledger{perUser: 1, bandwidth: 1e9, accounts: map[string]*account{}}).open("somebody")
	for _, to := range []net.Addr{&net.UDPAddr{IP: media.Addr().AsSlice(), Port: 22}, &net.TCPAddr{IP: media.Addr().AsSlice(), Port: 4000}} {
		if _, err := w.WriteTo([]byte("x"), to); !errors.Is(err, errForbidden) {
			t.Errorf("%v: %v", to, err)
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

func TestConnectionWithoutARelayEnds(t *testing.T) {
	s := open(t, nil)
	for name, sent := range map[string]string{
		"a length too long":       "\x00\x01\xff\xf0\x21\x12\xa4\x42............",
		"channel data alone":      "\x40\x00\xff\xf0....",
		"another protocol":        "\xff\xff\xff\xff\xff\xff\xff\xff",
		"TLS where there is none": "\x16\x03\x01\x00\x05\x01\x00\x00\x01\x00",
	} {
		c := dial(t, s)
		_, _ = c.Write([]byte(sent))
		_ = c.SetReadDeadline(time.Now().Add(5 * time.Second))
		if _, err := io.Copy(io.Discard, c); errors.Is(err, os.ErrDeadlineExceeded) {
			t.Errorf("%s: the connection lives", name)
		}
	}
}

// A client that never reads costs what its queues hold, and then its connection.
func TestClientThatNeverReadsIsEnded(t *testing.T) {
	s := open(t, nil)
	limits := tcp.DefaultLimits()
	limits.Stuck = 300 * time.Millisecond
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	limited := tcp.NewListener(l, limits)
	s.listeners[0].Close()
	s.listeners = []*tcp.Listener{limited}
	s.running.Go(func() { s.accept(limited) })

	a := newAsker(t, s, s.Grant("somebody", time.Now()))
	_ = a.conn.(*net.TCPConn).SetReadBuffer(4 << 10)
	channel := stun.RawAttribute{Type: stun.AttrChannelNumber, Value: []byte{0x40, 0, 0, 0}}
	if c := code(a.ask(stun.MethodAllocate)); c != 0 {
		t.Fatal(c)
	}
	if c := code(a.ask(stun.MethodChannelBind, channel, peer(media))); c != 0 {
		t.Fatal(c)
	}
	before := heap()
	data := append([]byte{0x40, 0, 0x04, 0xb0}, make([]byte, 1200)...) // the plane sends it back
	for deadline := time.Now().Add(20 * time.Second); s.lanes.Len() > 0; {
		_ = a.conn.SetWriteDeadline(time.Now().Add(100 * time.Millisecond))
		_, _ = a.conn.Write(data)
		if time.Now().After(deadline) {
			t.Fatal("the relay lives")
		}
	}
	if more := heap() - before; more > 1<<20 {
		t.Errorf("%d KB more", more>>10)
	}
}

func heap() int64 {
	var m runtime.MemStats
	runtime.GC()
	runtime.ReadMemStats(&m)
	return int64(m.HeapAlloc)
}

func FuzzReadFrame(f *testing.F) {
	for _, seed := range []string{"", "\x00\x01\x00\x00\x21\x12\xa4\x42............", "\x40\x00\x00\x01x...", "\x40\x00\xff\xff", "\x00\x01\xff\xff", "\xff\xff\xff\xff"} {
		f.Add([]byte(seed))
	}
	f.Fuzz(func(t *testing.T, stream []byte) {
		in, b := bufio.NewReaderSize(bytes.NewReader(stream), messageMost+4), make([]byte, messageMost)
		for taken := 0; ; {
			n, err := readFrame(in, b)
			if err != nil {
				return
			}
			if taken += n; n < 4 || taken > len(stream) {
				t.Fatalf("%d bytes of %d", taken, len(stream))
			}
		}
	})
}

func FuzzOurs(f *testing.F) {
	build := func(method stun.Method, at string) []byte {
		m, err := stun.Build(stun.TransactionID, stun.NewType(method, stun.ClassRequest), peer(netip.MustParseAddrPort(at)))
		if err != nil {
			f.Fatal(err)
		}
		return m.Raw
	}
	f.Add(build(stun.MethodCreatePermission, media.String()))
	f.Add(build(stun.MethodChannelBind, "[::1]:1"))
	f.Add([]byte{0, 8})
	s := &Server{plane: plane{}}
	f.Fuzz(func(t *testing.T, message []byte) {
		if !s.ours(message) {
			return
		}
		m := &stun.Message{Raw: message}
		if err := m.Decode(); err != nil {
			t.Fatal(err)
		}
		_ = m.ForEach(stun.AttrXORPeerAddress, func(m *stun.Message) error {
			var at stun.XORMappedAddress
			if err := at.GetFromAs(m, stun.AttrXORPeerAddress); err != nil || !at.IP.Equal(media.Addr().AsSlice()) {
				t.Errorf("%v, %v", at, err)
			}
			return nil
		})
	})
}

func FuzzReadName(f *testing.F) {
	for _, seed := range []string{"", ":", "1:x", "99999999999999999999:x", "-1:x", "1:", "1:x:y", strings.Repeat("1", 200)} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, name string) {
		if user, _, ok := readName(name); ok && (user == "" || len(user) > maxName) {
			t.Errorf("%q", user)
		}
	})
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
