package udp

import "net/netip"

// Remote is where datagrams go to, with all that can be made ready for the
// kernel, and the chain of its datagrams that wait in a batch. It belongs to the
// goroutine of the batch that it is added to.
type Remote struct {
	to    netip.AddrPort
	route route
	// The chain, as indices of the batch's queue; last is valid while waiting is.
	waiting     bool
	first, last int32
}

// NewRemote makes a remote. One that the socket's family cannot reach is no
// error here; what is added to it is dropped and counted.
func NewRemote(to netip.AddrPort) *Remote {
	return &Remote{to: to, route: newRoute(to)}
}

// AddrPort is the address.
func (r *Remote) AddrPort() netip.AddrPort { return r.to }
