package sfu

import "time"

const (
	// fanMost bounds the packets of a fan: about as many as one message carries.
	fanMost = 32
	// evenWithin is by how many bytes the packets of a frame may differ to be made
	// equally long. Encoders split a frame so that they differ by one.
	evenWithin = 8
)

// fan is the packets of a layer that came one right after the other and have yet
// to go out to its sinks: all of them to one sink, then to the next. What belongs
// to a subscriber is then brought into the cache once for all of them, and they
// leave in one message. It lasts no longer than the burst in which they came.
type fan struct {
	layer *Layer // nil while there is none
	first int64  // sequence number
	count int
	at    int64 // of the packet that the sink at hand has got last
	ready []*packet
}

// goesOn tells whether a packet of that number is the next of the fan.
func (f *fan) goesOn(l *Layer, sequence int64) bool {
	return f.layer == l && f.count < fanMost && sequence == f.first+int64(f.count)
}

// add takes a packet that the layer's history has, the next or the first.
func (f *fan) add(l *Layer, sequence int64) {
	if f.layer == nil {
		*f = fan{layer: l, first: sequence, at: sequence - 1, ready: f.ready[:0]}
	}
	f.count++
}

// holds tells whether a packet has yet to go out to the sink at hand.
func (f *fan) holds(l *Layer, sequence int64) bool {
	return f.layer == l && sequence > f.at && sequence < f.first+int64(f.count)
}

// out hands the packets to the sinks.
func (f *fan) out(now time.Time) {
	for sequence := f.first; sequence < f.first+int64(f.count); sequence++ {
		if p := f.layer.history.Get(sequence); p != nil {
			f.ready = append(f.ready, p)
		}
	}
	even(f.ready)
	for _, sink := range f.layer.sinks {
		for _, p := range f.ready {
			f.at = p.Seq
			sink.forward(f.layer, p, now)
		}
	}
	f.end()
}

// end lets go of the packets.
func (f *fan) end() {
	clear(f.ready)
	f.layer, f.ready = nil, f.ready[:0]
}

// even has packets padded that are a little shorter than one that follows in
// their frame (RFC 3550 section 5.1): the kernel sends packets of one length as
// one message. It is decided once, before anybody is sent the packet: it stays the
// same whenever it is sent again.
func even(packets []*packet) {
	longest, stamp := 0, uint32(0)
	for i := len(packets) - 1; i >= 0; i-- {
		m := &packets[i].Meta
		if m.padding {
			continue
		}
		size := int(m.to - m.from)
		if m.timestamp != stamp || !m.codec.Video() {
			longest, stamp = 0, m.timestamp
		}
		if short := longest - size; short > 0 && short <= evenWithin {
			m.short = uint8(short)
		}
		longest = max(longest, size)
	}
}

// fanOut ends the fan, if there is one. A fault ends the publisher that it is of.
func (w *Worker) fanOut(now time.Time) {
	if w.fan.layer == nil {
		return
	}
	defer w.contain(w.fan.layer.source.from)
	w.fan.out(now)
}
