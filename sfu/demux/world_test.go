package demux

import (
	"net"
	"net/netip"
	"testing"
	"time"

	"github.com/pion/stun/v4"
)

// Where clients are in these tests.
var (
	home    = netip.MustParseAddrPort("192.0.2.1:40000")
	roaming = netip.MustParseAddrPort("198.51.100.7:40000")
	other   = netip.MustParseAddrPort("203.0.113.9:40000")
	home6   = netip.MustParseAddrPort("[2001:db8::1]:40000")
)

var start = time.Date(2026, 1, 1, 0, 0, 0, 0, time.UTC)

var (
	media = append([]byte{0x80, 96}, make([]byte, 60)...)
	hello = append([]byte{22}, make([]byte, 60)...)
)

// world is a mux whose port goes nowhere, and its time.
type world struct {
	t   testing.TB
	mux *Mux[string]
	now time.Time
}

func newWorld(t testing.TB) *world {
	local := &net.UDPAddr{IP: net.IPv4zero, Port: 3478}
	write := func(b []byte, _ netip.AddrPort) (int, error) { return len(b), nil }
	return &world{t: t, mux: New[string](write, local, []net.Addr{local}), now: start}
}

// client is one peer in a world: the ufrag and passwords of its generation, and
// its agent's end of it.
type client struct {
	*world
	view                    *View[string]
	ufrag, password, remote string
	v4, v6                  *handle[string]
}

// join makes a peer with IPv4 and IPv6 conns.
func (w *world) join(name string) *client {
	w.t.Helper()
	c := &client{world: w, view: w.mux.For(name)}
	c.restart(name)
	return c
}

// restart begins another generation, as Pion does.
func (c *client) restart(ufrag string) {
	c.t.Helper()
	if c.ufrag != "" {
		c.view.RemoveConnByUfrag(c.ufrag)
		c.v4.Close()
		c.v6.Close()
	}
	c.ufrag, c.password, c.remote = ufrag, "local password of "+ufrag, "remote password of "+ufrag
	if err := c.view.Credentials(c.ufrag, c.password, c.remote); err != nil {
		c.t.Fatal(err)
	}
	c.v4, c.v6 = c.open("192.0.2.200"), c.open("2001:db8::200")
}

func (c *client) open(ip string) *handle[string] {
	c.t.Helper()
	conn, err := c.view.GetConn(c.ufrag, &net.UDPAddr{IP: net.ParseIP(ip), Port: 3478})
	if err != nil {
		c.t.Fatal(err)
	}
	return conn.(*handle[string])
}

// check is a request as the client's agent would send it.
func (c *client) check() []byte { return binding(c.t, c.ufrag+":theirs", c.password) }

// answer has our agent ask at an address, and is the answer to that.
func (c *client) answer(at netip.AddrPort) []byte {
	c.t.Helper()
	return reply(c.t, c.question(at), c.remote)
}

// question has our agent ask at an address, and is what it asked.
func (c *client) question(at netip.AddrPort) *stun.Message {
	c.t.Helper()
	ask := stun.MustBuild(stun.BindingRequest, stun.TransactionID, stun.NewUsername("theirs:"+c.ufrag),
		stun.NewShortTermIntegrity(c.remote), stun.Fingerprint)
	on := c.v4
	if at.Addr().Is6() {
		on = c.v6
	}
	if _, err := on.WriteToAddrPort(ask.Raw, at); err != nil {
		c.t.Fatal(err)
	}
	return ask
}

// whose is the name of the peer that a datagram is routed to.
func (w *world) whose(datagram []byte, from netip.AddrPort) string {
	if c := w.mux.Route(datagram, from, w.now); c != nil {
		return c.Owner()
	}
	return ""
}

// expect fails unless a datagram goes to the peer of a name; "" for nobody.
func (w *world) expect(what string, datagram []byte, from netip.AddrPort, want string) {
	w.t.Helper()
	if got := w.whose(datagram, from); got != want {
		w.t.Errorf("%s from %v went to %q, want %q", what, from, got, want)
	}
}

func binding(t testing.TB, username, password string) []byte {
	t.Helper()
	m, err := stun.Build(stun.BindingRequest, stun.TransactionID, stun.NewUsername(username),
		stun.NewShortTermIntegrity(password), stun.Fingerprint)
	if err != nil {
		t.Fatal(err)
	}
	return m.Raw
}

func reply(t testing.TB, to *stun.Message, password string) []byte {
	t.Helper()
	m, err := stun.Build(to, stun.BindingSuccess, &stun.XORMappedAddress{IP: net.IPv4(192, 0, 2, 200), Port: 3478},
		stun.NewShortTermIntegrity(password), stun.Fingerprint)
	if err != nil {
		t.Fatal(err)
	}
	return m.Raw
}
