package demux

import (
	"bytes"
	"net/netip"
)

// Ufrag is the local ufrag that a datagram asks for, which nobody has checked; false:
// it is no Binding request for one.
func Ufrag(datagram []byte) (string, bool) {
	if classOf(datagram) != classSTUN {
		return "", false
	}
	msg, ok := readMessage(datagram)
	if !ok || msg.kind != request {
		return "", false
	}
	ufrag, _, ok := bytes.Cut(msg.username, []byte{':'})
	return string(ufrag), ok
}

// Has tells whether an agent of this port has a local ufrag. Any goroutine.
func (m *Mux[T]) Has(ufrag string) bool {
	m.mu.Lock()
	defer m.mu.Unlock()
	return m.generations[ufrag] != nil
}

// Holds tells whether an address is a peer's: it said something authentic from
// there, and is still here. Any goroutine.
func (m *Mux[T]) Holds(at netip.AddrPort) bool {
	m.mu.Lock()
	defer m.mu.Unlock()
	return m.holders[at] != nil
}
