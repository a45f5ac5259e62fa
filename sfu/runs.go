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
	first int64 // the slot's extended sequence number where it begins
	shift int64 // the slot's sequence numbers − the layer's

	timestamp uint32 // the slot's timestamps − the layer's
	pictureID uint16 // the slot's picture ids − the layer's
	tl0       uint8  // the slot's TL0PICIDX − the layer's
	number    uint16 // the slot's frame numbers − the layer's, in dependency descriptors

	codec             codec.Codec
	spatial, temporal uint8 // layers that are sent
}

// stamp is the slot's timestamp for one of the layer's.
func (r *run) stamp(timestamp uint32) uint32 { return r.timestamp + timestamp }

// marks tells whether a packet carries the marker: the last one that is sent of
// its picture.
func (r *run) marks(p *packet) bool {
	if m := &p.Meta; !m.padding && m.codec.Video() {
		return m.frame.Ends(r.spatial)
	}
	return p.Meta.marker
}

// How many runs a slot has room for at first, before it forgets any, and at most.
// Who is sent all has a few in all; who is sent the lower layers of a stream has
// one for each gap between its pictures: of 60 a second 15 where one of three
// temporal layers is sent, 30 where two are, and 60 where a spatial one is left
// out. In the 1.5 s of a layer's history that makes 90.
const (
	firstRuns = 2
	usualRuns = 8
	mostRuns  = 256
)

// runs is a slot's latest runs, the oldest forgotten first: as a rule when what
// was sent in it is not kept any more.
type runs struct {
	ring   []run // a power of two
	oldest int   // number of the first that is remembered
	count  int   // since the beginning
}

// begin goes on with another run. It takes the place of one in which nothing
// was sent: a burst of padding leaves one run behind.
func (r *runs) begin(next run) {
	if last := r.last(); last != nil && last.first == next.first {
		*last = next
		return
	}
	if r.count-r.oldest == len(r.ring) {
		r.makeRoom()
	}
	r.ring[r.count%len(r.ring)] = next
	r.count++
}

// makeRoom forgets the oldest run if nobody can ask for it any more, or there are
// too many; else it makes the ring wider.
func (r *runs) makeRoom() {
	if len(r.ring) >= usualRuns {
		oldest, next := r.get(r.oldest), r.get(r.oldest+1)
		if len(r.ring) == mostRuns || !oldest.layer.history.Has(next.first-1-oldest.shift) {
			r.oldest++
			return
		}
	}
	wider := make([]run, max(firstRuns, 2*len(r.ring)))
	for i := r.oldest; i < r.count; i++ {
		wider[i%len(wider)] = *r.get(i)
	}
	r.ring = wider
}

// get is a run by its number since the beginning.
func (r *runs) get(i int) *run { return &r.ring[i%len(r.ring)] }

// last is the run that goes on now, nil before the first.
func (r *runs) last() *run {
	if r.count == 0 {
		return nil
	}
	return r.get(r.count - 1)
}

// at returns the run with the slot's sequence number, nil if it is forgotten.
func (r *runs) at(slotSequence int64) *run {
	for i := r.count - 1; i >= r.oldest; i-- {
		if c := r.get(i); c.first <= slotSequence {
			return c
		}
	}
	return nil
}

// of returns the run in which the layer's sequence number was or will be sent,
// nil if it came before the layer fed the slot, or fell between two runs.
func (r *runs) of(layer *Layer, sequence int64) *run {
	end := int64(1) << 62
	for i := r.count - 1; i >= r.oldest; i-- {
		c := r.get(i)
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
