package relay

import (
	"net"
	"net/netip"
	"sync"
	"sync/atomic"
	"time"

	"madang/sfu/lane"
)

// Plane is the media plane, all that is relayed to. For any goroutine.
type Plane interface {
	// Target is who takes what comes over a lane for one of the media ports, named
	// as clients are told; false: it is none of them.
	Target(peer netip.AddrPort) (arrived func(*lane.Lane), ok bool)
	// TargetAddrs are the addresses that they are named by.
	TargetAddrs() []netip.Addr
}

// way is one relay, as the TURN server's socket towards its peers: a lane, whose
// address is the relayed address. No datagram leaves it but to the media plane.
type way struct {
	plane   Plane
	lane    *lane.Lane
	account *account
	ended   func()
	closing sync.Once

	// The media port that the client uses: the first that it sends to.
	peer atomic.Pointer[net.UDPAddr]

	framed, rest []byte // of the one who reads
}

// WriteTo takes what the client sends to a peer. What is not for the media port is
// refused, what does not fit is lost.
func (w *way) WriteTo(b []byte, to net.Addr) (int, error) {
	udp, ok := to.(*net.UDPAddr)
	if !ok {
		return 0, errForbidden
	}
	peer := addrPort(udp.IP, udp.Port)
	arrived, ok := w.plane.Target(peer)
	if !ok {
		return 0, errForbidden
	}
	if w.peer.CompareAndSwap(nil, net.UDPAddrFromAddrPort(peer)) {
		w.lane.Bind(arrived)
	} else if w.peer.Load().AddrPort() != peer {
		return 0, errForbidden
	}
	if w.account.allows(len(b), time.Now()) {
		w.lane.Arrive(b)
	}
	return len(b), nil
}

// ReadFrom waits for what the media plane sends to the client.
func (w *way) ReadFrom(b []byte) (int, net.Addr, error) {
	for {
		datagram, rest, ok := lane.Cut(w.rest)
		if !ok {
			open := false
			if w.framed, open = w.lane.Next(w.framed); !open {
				return 0, nil, net.ErrClosed
			}
			w.rest = w.framed
			continue
		}
		w.rest = rest
		peer := w.peer.Load()
		if peer != nil && len(datagram) < len(b) && w.account.allows(len(datagram), time.Now()) {
			return copy(b, datagram), peer, nil
		}
	}
}

// Close ends the relay and gives back what it took.
func (w *way) Close() error {
	w.closing.Do(func() {
		w.lane.Close()
		w.ended()
	})
	return nil
}

// LocalAddr is the relayed address.
func (w *way) LocalAddr() net.Addr { return net.UDPAddrFromAddrPort(w.lane.Addr()) }

// SetDeadline and its kin do nothing: writes do not wait, and reads end with Close.
func (w *way) SetDeadline(time.Time) error      { return nil }
func (w *way) SetReadDeadline(time.Time) error  { return nil }
func (w *way) SetWriteDeadline(time.Time) error { return nil }

// addrPort keeps an IPv4-mapped address what it is, another name that nobody was told.
func addrPort(ip net.IP, port int) netip.AddrPort {
	a, _ := netip.AddrFromSlice(ip)
	return netip.AddrPortFrom(a, uint16(port))
}
