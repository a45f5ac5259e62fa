package sfu

import "madang/sfu/codec"

// run is a stretch of a slot's packets that were rewritten in the same way: the
// same layer, the same differences. It is the whole memory that a slot keeps of
// what it sent: with it and the layer's history any packet can be made again,
// to the byte.
//
//	layer A  … 71 72 73 | layer B  901 902 [903 padding] 904 905
//	slot     … 11 12 13 |           14  15                16  17
//	runs     first 11, shift −60 | first 14, shift −887 | first 16, shift −888
//
// Within a run of video the codec stays the same.
type run struct {
	layer *Layer
	codec codec.Codec
	first int64 // the slot's extended sequence number where it begins
	shift int64 // the slot's sequence numbers − the layer's

	timestamp uint32 // the slot's timestamps − the layer's
	pictureID uint16 // the slot's picture ids − the layer's
	tl0       uint8  // the slot's TL0PICIDX − the layer's
	number    uint16 // the slot's frame numbers − the layer's, in dependency descriptors

	spatial, temporal uint8 // layers that are sent
}

// marks tells whether a packet carries the marker: the last one that is sent of
// its picture.
func (r *run) marks(p *packet) bool {
	if m := &p.Meta; !m.padding && m.codec.Video() {
		return m.frame.Ends(r.spatial)
	}
	return p.Meta.marker
}

// runsKept bounds the memory of a slot. A second has two or three runs at worst:
// a slot that is switched to and fro four times a second is remembered for 8 s,
// longer than any layer's history.
const runsKept = 64

// runs is a slot's latest runs, the oldest forgotten first.
type runs struct {
	ring  [runsKept]run
	count int // since the beginning
}

// begin goes on with another run. It takes the place of one in which nothing
// was sent: a burst of padding leaves one run behind.
func (r *runs) begin(next run) {
	if last := r.last(); last != nil && last.first == next.first {
		*last = next
		return
	}
	r.ring[r.count%runsKept] = next
	r.count++
}

// last is the run that goes on now, nil before the first.
func (r *runs) last() *run {
	if r.count == 0 {
		return nil
	}
	return &r.ring[(r.count-1)%runsKept]
}

// at returns the run with the slot's sequence number, nil if it is forgotten.
func (r *runs) at(slotSequence int64) *run {
	for i := r.count - 1; i >= max(0, r.count-runsKept); i-- {
		if c := &r.ring[i%runsKept]; c.first <= slotSequence {
			return c
		}
	}
	return nil
}

// of returns the run in which the layer's sequence number was or will be sent,
// nil if it came before the layer fed the slot, or fell between two runs.
func (r *runs) of(layer *Layer, sequence int64) *run {
	end := int64(1) << 62
	for i := r.count - 1; i >= max(0, r.count-runsKept); i-- {
		c := &r.ring[i%runsKept]
		if c.layer != layer {
			return nil
		}
		if at := sequence + c.shift; at >= c.first {
			if at >= end {
				return nil
			}
			return c
		}
		end = c.first
	}
	return nil
}
