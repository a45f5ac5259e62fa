package sfu

// closeUp keeps no places for what is missing before a packet, if all of that
// would have been left out: a subscriber would ask for it, and nobody has it. It
// returns the run that goes on.
func (s *Slot) closeUp(r *run, p *packet, sent bool) *run {
	if p.Seq+r.shift == s.next || !s.dispensable(r, p, sent) {
		return r
	}
	next := *r
	next.first, next.shift = s.next, s.next-p.Seq
	s.runs.begin(next)
	return s.runs.last()
}

// dispensable tells whether nothing is missing before a packet but parts of
// frames that are left out, or padding; sent: the packet itself is not left out.
func (s *Slot) dispensable(r *run, p *packet, sent bool) bool {
	before := r.layer.history.Get(s.next - r.shift - 1)
	if before == nil || before.Meta.padding || p.Meta.padding || s.Media == Audio {
		return false
	}
	a, b := &before.Meta.frame, &p.Meta.frame
	if sent && !p.Meta.starts() {
		return false // its own beginning is missing
	}
	out := !s.decide(before).Forward
	top := a.SpatialID >= r.spatial
	switch {
	case !out && !a.End:
		return false // its end is missing
	case a.Picture == b.Picture:
		return out || top // layers in between are left out
	case b.Follows(a):
		return out || top || a.Marker || p.Meta.described.structure != nil // each frame has a number
	}
	return false
}

// starts tells whether a packet is the first of its frame, for certain.
func (f *facts) starts() bool {
	return f.described.start || f.described.structure == nil && f.FrameStart
}
