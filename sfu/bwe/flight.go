package bwe

import "time"

// fate is what became of a packet, as far as feedback told.
type fate uint8

const (
	unused   fate = iota // no packet is kept here
	flying               // not spoken of yet
	received             // arrived
	missing              // was not there when feedback was sent; may still come
)

const (
	// memory is how long a packet without feedback is remembered at least: the
	// longest round trip worth serving and a late feedback.
	memory = 1500 * time.Millisecond
	// The ring grows from leastRing to mostRing packets, as the rate asks for. Up to
	// usualRing it keeps what is told of too: what became of a repair is asked later.
	leastRing, usualRing, mostRing = 1 << 6, 1 << 10, 1 << 14
	// lateness is how much later than its successors a packet may come before it
	// counts as lost: receivers report reordered packets once more.
	lateness = 120 * time.Millisecond
)

// packet is one packet that was sent. Sixteen bytes: there is a ring of them
// for every subscriber.
type packet struct {
	at   time.Duration // when it left
	seq  uint16        // transport-wide
	size uint16        // bytes on the wire
	fate fate
}

// flight is the ring of packets sent of late. What is older than the ring is
// long is forgotten: feedback for it is ignored.
type flight struct {
	ring    []packet // nil until something is sent
	newest  uint16
	sent    bool   // something was, so that newest means something
	settled uint16 // the fate of all before it was counted
}

// add keeps a packet that has left.
func (f *flight) add(left packet) {
	if !f.sent {
		f.sent, f.settled = true, left.seq
		f.ring = make([]packet, leastRing)
	}
	f.newest = left.seq
	p := f.slot(left.seq)
	for f.wanted(p, left.at) && len(f.ring) < mostRing {
		f.grow()
		p = f.slot(left.seq)
	}
	*p = left
}

// wanted tells whether a packet is too young to be forgotten.
func (f *flight) wanted(p *packet, at time.Duration) bool {
	return at-p.at < memory && (p.fate == flying || p.fate != unused && len(f.ring) < usualRing)
}

func (f *flight) slot(seq uint16) *packet { return &f.ring[int(seq)&(len(f.ring)-1)] }

// grow doubles the ring.
func (f *flight) grow() {
	old := f.ring
	f.ring = make([]packet, 2*len(old))
	for _, p := range old {
		*f.slot(p.seq) = p
	}
}

// find returns the packet of that number, nil if it is not kept.
func (f *flight) find(seq uint16) *packet {
	if !f.sent {
		return nil
	}
	p := f.slot(seq)
	if p.fate == unused || p.seq != seq {
		return nil
	}
	return p
}

// settle counts the fates of the packets sent until then that were not counted
// before. Those that no feedback spoke of (it was lost itself) do not count, nor
// those sent before since: they say nothing of the present rate.
func (f *flight) settle(since, until time.Duration) (got, lost int) {
	if !f.sent {
		return 0, 0
	}
	if int(f.newest-f.settled) >= len(f.ring) {
		f.settled = f.newest - uint16(len(f.ring)-1)
	}
	for f.settled != f.newest+1 {
		p := f.find(f.settled)
		if p != nil && p.at > until {
			break
		}
		f.settled++
		switch {
		case p == nil || p.at < since:
		case p.fate == received:
			got++
		case p.fate == missing:
			lost++
		}
	}
	return got, lost
}
