package udp

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"net"
	"net/netip"
	"os"
	"testing"
	"time"

	"github.com/pion/ice/v4"
)

var (
	_ net.PacketConn           = (*Conn)(nil)
	_ ice.AddrPortReaderWriter = (*Conn)(nil)
)

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
	if err := c.SetReadDeadline(time.Now().Add(20 * time.Second)); err != nil {
		t.Fatal(err)
	}
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
			buf := make([]byte, MaxDatagram)
			for i := range 100 {
				sent := bytes.Repeat([]byte{byte(i)}, 1+i*12)
				if n, err := a.WriteToAddrPort(sent, at(b, tc.host)); n != len(sent) || err != nil {
					t.Fatalf("write: %d, %v", n, err)
				}
				n, from, err := b.ReadFromAddrPort(buf)
				if err != nil || !bytes.Equal(buf[:n], sent) || from != at(a, tc.host) {
					t.Fatalf("read %d bytes from %v, %v; sent %d from %v", n, from, err, len(sent), at(a, tc.host))
				}
				if _, err := b.WriteTo(buf[:n], net.UDPAddrFromAddrPort(from)); err != nil {
					t.Fatal(err)
				}
				n, back, err := a.ReadFrom(buf)
				if err != nil || !bytes.Equal(buf[:n], sent) || back.(*net.UDPAddr).Port != int(at(b, tc.host).Port()) {
					t.Fatalf("echo of %d bytes from %v, %v", n, back, err)
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
	buf := make([]byte, MaxDatagram)
	for i := range datagrams {
		n, _, err := b.ReadFromAddrPort(buf)
		if want := fmt.Sprintf("datagram %d", i); err != nil || string(buf[:n]) != want {
			t.Fatalf("got %q, %v, want %q", buf[:n], err, want)
		}
	}
	if s := b.Stats(); s.DatagramsIn != datagrams || s.BytesIn != uint64(size) {
		t.Errorf("counted in: %+v, want %d datagrams of %d bytes", s, datagrams, size)
	}
	if s := a.Stats(); s.DatagramsOut != datagrams || s.BytesOut != uint64(size) || s.SendDrops != 0 {
		t.Errorf("counted out: %+v, want %d datagrams of %d bytes", s, datagrams, size)
	}
}

func TestCloseEndsWaitingReads(t *testing.T) {
	c := open(t, "udp4", "127.0.0.1:0")
	failed := make(chan error)
	go func() {
		_, _, err := c.ReadFromAddrPort(make([]byte, MaxDatagram))
		failed <- err
	}()
	if err := c.Close(); err != nil {
		t.Fatal(err)
	}
	if err := <-failed; !errors.Is(err, net.ErrClosed) {
		t.Errorf("read: %v, want net.ErrClosed", err)
	}
	if _, err := c.WriteToAddrPort([]byte("late"), at(c, "127.0.0.1")); !errors.Is(err, net.ErrClosed) {
		t.Errorf("write: %v, want net.ErrClosed", err)
	}
}

func TestReadDeadlineEndsWaitingReads(t *testing.T) {
	c := open(t, "udp4", "127.0.0.1:0")
	if err := c.SetReadDeadline(time.Now().Add(time.Millisecond)); err != nil {
		t.Fatal(err)
	}
	if _, _, err := c.ReadFromAddrPort(make([]byte, 10)); !errors.Is(err, os.ErrDeadlineExceeded) {
		t.Errorf("read: %v, want a timeout", err)
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
			packet, buf, to := make([]byte, 1100), make([]byte, MaxDatagram), at(b, host)
			allocs := testing.AllocsPerRun(500, func() {
				if _, err := a.WriteToAddrPort(packet, to); err != nil {
					t.Fatal(err)
				}
				if _, _, err := b.ReadFromAddrPort(buf); err != nil {
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
	buf := make([]byte, MaxDatagram)
	for range writers * each {
		if n, _, err := b.ReadFromAddrPort(buf); err != nil || string(buf[:n]) != "hello" {
			t.Fatalf("read %q, %v", buf[:n], err)
		}
	}
}
