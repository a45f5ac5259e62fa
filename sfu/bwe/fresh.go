package bwe

import "time"

// freshMost is more packets than leave for most subscribers between two feedbacks.
const freshMost = 16

// fresh is the packets that left of late, the oldest first. They are recorded
// together, as a rule when feedback has them looked at anyhow: ring and meter lie
// where no packet that leaves has to go otherwise.
type fresh struct {
	packets [freshMost]packet
	count   int
}

func (f *fresh) full() bool { return f.count == freshMost }

// add keeps a packet that leaves now; there is room.
func (f *fresh) add(seq uint16, size int, at time.Duration) {
	f.packets[f.count] = packet{at: at, seq: seq, size: uint16(min(max(size, 0), 1<<16-1)), fate: flying}
	f.count++
}

// record puts down what is fresh.
func (e *Estimator) record() {
	for _, p := range e.fresh.packets[:e.fresh.count] {
		e.flight.add(p)
		e.sent.add(p.at, int(p.size))
	}
	e.fresh.count = 0
}
