package udp

import (
	"bytes"
	"context"
	"fmt"
	"net"
	"net/netip"
	"testing"
	"time"
)

// soon is how long a datagram may take that must come.
const soon = 20 * time.Second

// reader takes the datagrams of bursts one by one.
type reader struct {
	conn  *Conn
	burst *Burst
	next  int
}

func newReader(c *Conn) *reader { return &reader{conn: c, burst: NewBurst()} }

// read is the next datagram, nil if none comes in time.
func (r *reader) read(most time.Duration) (from netip.AddrPort, datagram []byte, err error) {
	for until := time.Now().Add(most); r.next == r.burst.Len(); {
		r.next = 0
		left := max(0, time.Until(until))
		if err := r.conn.Receive(r.burst, left); err != nil || left == 0 && r.burst.Len() == 0 {
			return netip.AddrPort{}, nil, err
		}
	}
	from, datagram = r.burst.At(r.next)
	r.next++
	return from, datagram, nil
}

// open listens as ever, see with.
func open(t testing.TB, network, address string) *Conn {
	t.Helper()
	return with(t, Options{}, network, address)
}

// with listens, skips the test where the machine lacks the network, and closes
// at the end.
func with(t testing.TB, o Options, network, address string) *Conn {
	t.Helper()
	c, err := o.Listen(context.Background(), network, address)
	if err != nil && network != "udp4" {
		t.Skipf("no %s here: %v", network, err)
	}
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { c.Close() })
	return c
}

// needs skips the test where the machine does not have an address.
func needs(t *testing.T, host string) {
	t.Helper()
	c, err := net.ListenPacket("udp", net.JoinHostPort(host, "0"))
	if err != nil {
		t.Skipf("no address %s here: %v", host, err)
	}
	c.Close()
}

// at is the address of c on the host given.
func at(c *Conn, host string) netip.AddrPort {
	return netip.AddrPortFrom(netip.MustParseAddr(host), c.LocalAddr().(*net.UDPAddr).AddrPort().Port())
}

func TestDatagramsTravelBothWays(t *testing.T) {
	for _, tc := range []struct{ name, network, listen, host string }{
		{"IPv4", "udp4", "127.0.0.1:0", "127.0.0.1"},
		{"IPv4 on a socket for both", "udp", ":0", "127.0.0.1"},
		{"IPv6 on a socket for both", "udp", ":0", "::1"},
		{"IPv6", "udp6", "[::1]:0", "::1"},
	} {
		t.Run(tc.name, func(t *testing.T) {
			needs(t, tc.host)
			a, b := open(t, tc.network, tc.listen), open(t, tc.network, tc.listen)
			fromA, fromB := newReader(b), newReader(a)
			for i := range 100 {
				sent := bytes.Repeat([]byte{byte(i)}, 1+i*12)
				if n, err := a.WriteToAddrPort(sent, at(b, tc.host)); n != len(sent) || err != nil {
					t.Fatalf("write: %d, %v", n, err)
				}
				from, got, err := fromA.read(soon)
				if err != nil || !bytes.Equal(got, sent) || from != at(a, tc.host) {
					t.Fatalf("read %d bytes from %v, %v; sent %d from %v", len(got), from, err, len(sent), at(a, tc.host))
				}
				if _, err := b.WriteTo(got, net.UDPAddrFromAddrPort(from)); err != nil {
					t.Fatal(err)
				}
				back, got, err := fromB.read(soon)
				if err != nil || !bytes.Equal(got, sent) || back != at(b, tc.host) {
					t.Fatalf("echo of %d bytes from %v, %v", len(got), back, err)
				}
			}
		})
	}
}

func TestBurstComesInOrderAndCounted(t *testing.T) {
	a, b := open(t, "udp4", "127.0.0.1:0"), open(t, "udp4", "127.0.0.1:0")
	const datagrams = 200
	size := 0
	for i := range datagrams {
		text := fmt.Appendf(nil, "datagram %d", i)
		size += len(text)
		if _, err := a.WriteToAddrPort(text, at(b, "127.0.0.1")); err != nil {
			t.Fatal(err)
		}
	}
	reader := newReader(b)
	for i := range datagrams {
		_, got, err := reader.read(soon)
		if want := fmt.Sprintf("datagram %d", i); err != nil || string(got) != want {
			t.Fatalf("got %q, %v, want %q", got, err, want)
		}
	}
	if s := b.Stats(); s.DatagramsIn != datagrams || s.BytesIn != uint64(size) {
		t.Errorf("counted in: %+v, want %d datagrams of %d bytes", s, datagrams, size)
	}
	if s := a.Stats(); s.DatagramsOut != datagrams || s.BytesOut != uint64(size) || s.SendDrops != 0 {
		t.Errorf("counted out: %+v, want %d datagrams of %d bytes", s, datagrams, size)
	}
}

func TestWriteRefusesWrongAddresses(t *testing.T) {
	c := open(t, "udp4", "127.0.0.1:0")
	for _, to := range []net.Addr{
		&net.TCPAddr{IP: net.IPv4(127, 0, 0, 1), Port: 9},
		&net.UDPAddr{IP: net.IPv6loopback, Port: 9},
		&net.UDPAddr{Port: 9},
	} {
		if _, err := c.WriteTo([]byte("x"), to); err == nil {
			t.Errorf("%T %v was taken", to, to)
		}
	}
}

func TestDatagramsCostNoAllocation(t *testing.T) {
	for _, host := range []string{"127.0.0.1", "::1"} {
		t.Run(host, func(t *testing.T) {
			needs(t, host)
			a, b := open(t, "udp", ":0"), open(t, "udp", ":0")
			packet, reader, to := make([]byte, 1100), newReader(b), at(b, host)
			allocs := testing.AllocsPerRun(500, func() {
				if _, err := a.WriteToAddrPort(packet, to); err != nil {
					t.Fatal(err)
				}
				if _, got, err := reader.read(soon); err != nil || got == nil {
					t.Fatal(err)
				}
			})
			if allocs != 0 {
				t.Errorf("%v allocations per datagram", allocs)
			}
		})
	}
}

func TestManyMayWriteWhileOneReads(t *testing.T) {
	a, b := open(t, "udp", ":0"), open(t, "udp", ":0")
	const writers, each = 4, 50
	for range writers {
		go func() {
			for range each {
				a.WriteToAddrPort([]byte("hello"), at(b, "127.0.0.1"))
				a.Stats()
			}
		}()
	}
	reader := newReader(b)
	for range writers * each {
		if _, got, err := reader.read(soon); err != nil || string(got) != "hello" {
			t.Fatalf("read %q, %v", got, err)
		}
	}
}
