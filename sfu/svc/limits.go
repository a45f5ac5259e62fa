package svc

import "math/bits"

// limits are the layers of which frames are passed. Temporal layers are a mask:
// where only flags tell, one may be open before the one below it.
type limits struct {
	spatial   uint8
	temporals uint8
}

// below is the mask of the temporal layers up to one.
func below(temporal uint8) uint8 { return uint8(1<<(temporal+1) - 1) }

// temporal is the highest layer up to which all are passed.
func (l limits) temporal() uint8 { return uint8(max(1, bits.TrailingZeros8(^l.temporals))) - 1 }

// hold tells whether a frame of these layers is passed, and all that it may need.
func (l limits) hold(spatial, temporal uint8) bool {
	return spatial <= l.spatial && below(temporal)&^l.temporals == 0
}

// admit tells whether a frame is within the limits.
func (l limits) admit(f *Frame) bool {
	if f.stands {
		return l.temporals>>f.TemporalID&1 != 0
	}
	return l.hold(f.SpatialID, f.TemporalID)
}

// narrowed leaves out what is not in the other one.
func (l limits) narrowed(to limits) limits {
	return limits{min(l.spatial, to.spatial), l.temporals & to.temporals}
}
