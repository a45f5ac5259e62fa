package udp

import (
	"net"
	"net/netip"
	"sync"
)

// reader hands out the datagrams of bursts one by one.
type reader struct {
	mu    sync.Mutex
	burst *Burst // made by the first read: a worker has its own
	next  int
}

// ReadFromAddrPort waits for a datagram and copies it to b, cut off where b is
// too short. IPv4 addresses come as such, also from a socket for both.
func (c *Conn) ReadFromAddrPort(b []byte) (int, netip.AddrPort, error) {
	r := &c.reader
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.burst == nil {
		r.burst = NewBurst()
	}
	if r.next == r.burst.Len() {
		r.next = 0
		if err := c.Receive(r.burst); err != nil {
			return 0, netip.AddrPort{}, err
		}
	}
	from, datagram := r.burst.At(r.next)
	r.next++
	return copy(b, datagram), from, nil
}

// ReadFrom is ReadFromAddrPort with an address that costs an allocation.
func (c *Conn) ReadFrom(b []byte) (int, net.Addr, error) {
	n, from, err := c.ReadFromAddrPort(b)
	if err != nil {
		return n, nil, err
	}
	return n, net.UDPAddrFromAddrPort(from), nil
}
