package sfu

import (
	"madang/sfu/descriptor"
	"madang/sfu/rtpout"
)

// described is where in a packet its dependency descriptor stands, and what is
// to be known to rewrite it (RTP Payload Format for AV1, appendix A).
type described struct {
	structure *descriptor.Structure // nil: the packet has none that can be read
	active    uint32                // decode targets that the publisher produces
	place     descriptor.Place
	from, to  uint16
	start     bool // of a frame
}

// describe labels a packet with its dependency descriptor, where the subscriber
// takes it. Frame numbers go on from feed to feed, with gaps where frames were
// left out. Each frame says which decode targets are sent, so that no loss hides
// it. It comes first among the extensions: a long one decides the form of all.
func (s *Slot) describe(r *run, p *packet) {
	d := &p.Meta.described
	if s.descriptorID == 0 || p.Meta.padding || d.structure == nil {
		return
	}
	var mask *uint32
	if d.start && len(d.structure.Targets) > 1 {
		sent := d.active & d.structure.Within(r.spatial, r.temporal)
		mask = &sent
	}
	number := uint16(p.Meta.frame.Number) + r.number
	s.described = descriptor.Rewrite(s.described[:0], p.Bytes[d.from:d.to], d.place, number, mask)
	s.extensions = append(s.extensions, rtpout.Extension{ID: s.descriptorID, Value: s.described})
}

// numbered keeps in mind the newest frame number that the subscriber was sent.
func (n *newest) numbered(r *run, p *packet) {
	if p.Meta.described.structure == nil {
		return
	}
	if number := uint16(p.Meta.frame.Number) + r.number; int16(number-n.number) > 0 {
		n.number = number
	}
}
