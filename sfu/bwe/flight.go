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
	// memory is how long a packet is remembered at least, at the highest rate:
	// the longest round trip worth serving and a late feedback.
	memory = 1500 * time.Millisecond
	// smallPacket is the mean size that the ring is made for, in bytes.
	smallPacket = 600
	minRing     = 2048 // packets
	maxRing     = 1 << 14
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
	ring    []packet
	newest  uint16
	sent    bool   // something was, so that newest means something
	settled uint16 // the fate of all before it was counted
}

// newFlight makes a ring that holds [memory] at max bits per second.
func newFlight(max int) flight {
	size := minRing
	for size < maxRing && float64(size*smallPacket*8) < float64(max)*memory.Seconds() {
		size *= 2
	}
	return flight{ring: make([]packet, size)}
}

// add keeps a packet that leaves now.
func (f *flight) add(seq uint16, size int, at time.Duration) {
	if !f.sent {
		f.sent, f.settled = true, seq
	}
	f.newest = seq
	f.ring[int(seq)&(len(f.ring)-1)] = packet{at: at, seq: seq, size: uint16(min(max(size, 0), 1<<16-1)), fate: flying}
}

// find returns the packet of that number, nil if it is not kept.
func (f *flight) find(seq uint16) *packet {
	p := &f.ring[int(seq)&(len(f.ring)-1)]
	if p.fate == unused || p.seq != seq {
		return nil
	}
	return p
}

// settle counts the fates of the packets sent until then that were not counted
// before. Those that no feedback spoke of (it was lost itself) do not count.
func (f *flight) settle(until time.Duration) (got, lost int) {
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
		case p == nil:
		case p.fate == received:
			got++
		case p.fate == missing:
			lost++
		}
	}
	return got, lost
}
