package relay

import (
	"bufio"
	"errors"
	"net"
	"net/netip"
	"testing"
	"time"

	"github.com/pion/stun/v4"
	"github.com/pion/turn/v5"

	"madang/sfu/lane"
)

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

func TestASVS_V17_1_1_RelayReachesNothingButTheMediaPort(t *testing.T) {
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
