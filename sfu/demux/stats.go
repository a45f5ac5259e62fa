package demux

import "sync/atomic"

// Stats counts datagrams that went nowhere, since the mux was made.
type Stats struct {
	// Foreign datagrams are of a protocol that is not spoken here.
	Foreign uint64
	// Malformed ones begin like STUN and are no Binding message.
	Malformed uint64
	// Unknown ones ask for a ufrag that nobody has, or has yet told the
	// passwords of.
	Unknown uint64
	// Forged STUN is not signed with the password that it must be.
	Forged uint64
	// Unasked responses answer no request, or not from where it was sent.
	Unasked uint64
	// Strangers' DTLS or media comes from an address where no peer is.
	Strangers uint64
	// Crowded requests come from more addresses than one peer may have.
	Crowded uint64
	// Overflowed datagrams found the agent too far behind.
	Overflowed uint64
	// Late ones were delivered to an agent that had closed.
	Late uint64
}

type counters struct {
	foreign, malformed, unknown, forged, unasked, strangers, crowded, overflowed, late atomic.Uint64
}

// Stats is what was counted so far. Any goroutine.
func (m *Mux[T]) Stats() Stats {
	n := &m.counters
	return Stats{
		Foreign: n.foreign.Load(), Malformed: n.malformed.Load(), Unknown: n.unknown.Load(),
		Forged: n.forged.Load(), Unasked: n.unasked.Load(), Strangers: n.strangers.Load(),
		Crowded: n.crowded.Load(), Overflowed: n.overflowed.Load(), Late: n.late.Load(),
	}
}
