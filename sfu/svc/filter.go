package svc

// window is how many frame numbers the filter remembers: several seconds of an
// SVC stream, and one of pictures in which eight numbers go to each.
const window = 512

// pictures is the same where each frame is a picture: over two seconds.
const pictures = 128

// Highest, as a wish, is without limit.
const Highest = 7

// Decision is what to do with one packet.
type Decision struct {
	// Forward: send it; otherwise leave it out. All packets of a frame go one way.
	Forward bool
	// MarkEnd: it is the last one of its picture that is sent, so it is to carry
	// the RTP marker, without which libwebrtc does not show the picture.
	MarkEnd bool
	// Spatial is the highest spatial layer that is sent of this picture. With it
	// [Frame.Ends] tells MarkEnd again, for a retransmission.
	Spatial uint8
	// Temporal is the highest temporal layer that is sent at this time.
	Temporal uint8
	// NeedsKeyframe: it was left out although it is wished, and none of its kind
	// can be sent until a keyframe comes.
	NeedsKeyframe bool
}

// Ends tells whether a packet is the last one of a picture of which no spatial
// layer above the given one is sent.
func (f *Frame) Ends(spatial uint8) bool {
	return f.Marker || f.End && f.kind >= flagged && f.SpatialID == spatial
}

// Filter decides for one subscriber of one stream. Two rules make it up:
//
// Wishes. A frame goes if it is of no higher layer than was wished when its
// picture began. Lower spatial layers always go with higher
// ones, also where these do not need them (K-SVC): then a step down needs no
// keyframe, which would burden everyone else who watches.
//
// Needs. A frame goes only if what it needs went. So a layer that was left out
// comes back by itself with the first frame that needs nothing of what is
// missing: a temporal layer with one that builds on a lower layer, a spatial
// layer as a rule with a keyframe. What is lost, and may still come, counts as
// gone if it would be sent.
//
// A stream that tells nothing of its layers goes whole. The zero value wishes
// for the lowest layers and waits for a keyframe. One goroutine owns it.
type Filter struct {
	wished  limits
	target  limits // what was wished when the newest picture began
	now     limits // what goes of it
	newest  int64  // frame number
	picture int64
	started bool
	fates   []fate // by frame number, a power of two; nil until a stream tells of its layers
}

// fate is what became of a frame.
type fate struct {
	limits limits // when it was its turn
	state  state
}

type state uint8

const (
	unseen state = iota
	passed
	dropped
)

// NewFilter makes a filter that wishes for these layers.
func NewFilter(spatial, temporal uint8) *Filter {
	f := &Filter{}
	f.Wish(spatial, temporal)
	return f
}

// Wish says up to which layers frames are wanted, 0 to [Highest].
func (x *Filter) Wish(spatial, temporal uint8) {
	x.wished = limits{min(spatial, Highest), below(min(temporal, Highest))}
}

// Restart waits for a keyframe: of another stream, or of one begun anew.
func (x *Filter) Restart() { x.started = false }

// Pass decides on one packet. Packets come in order of arrival; whatever order
// that is, a late packet gets the decision that it would have got in its place.
func (x *Filter) Pass(f *Frame) Decision {
	switch f.kind {
	case flat:
		return Decision{Forward: true, MarkEnd: f.Marker}
	case unknown:
		return Decision{NeedsKeyframe: true}
	}
	if f.Key && (!x.started || x.renumbered(f)) {
		x.start(f)
	}
	if !x.started || x.renumbered(f) {
		return Decision{NeedsKeyframe: true}
	}
	if x.old(f.Number) {
		return Decision{} // too late for anyone
	}
	if f.Number > x.newest {
		x.advance(f)
	}
	fate := x.fate(f.Number)
	if fate.state == unseen {
		x.decide(f, fate)
	}
	if fate.state == dropped {
		return Decision{NeedsKeyframe: x.misses(f)}
	}
	to := fate.limits
	return Decision{Forward: true, MarkEnd: f.Ends(to.spatial), Spatial: to.spatial, Temporal: to.temporal()}
}

// renumbered tells that the sender began its numbers anew: a newer picture has
// a number that was given long before.
func (x *Filter) renumbered(f *Frame) bool { return f.Picture > x.picture && f.Number < x.newest }

// start begins with a keyframe. Whatever is older is not sent.
func (x *Filter) start(f *Frame) {
	x.started = true
	if n := f.window(); len(x.fates) != n {
		x.fates = make([]fate, n)
	}
	clear(x.fates)
	x.newest, x.picture = f.Number-1, f.Picture-1
}

// window is how many numbers of a stream are remembered.
func (f *Frame) window() int {
	if f.kind == flagged && f.perPicture == 1 {
		return pictures
	}
	return window
}

// old tells whether a number is remembered no more.
func (x *Filter) old(number int64) bool { return number <= x.newest-int64(len(x.fates)) }

// misses tells whether only a keyframe brings what is wished: temporal layers
// come back without one.
func (x *Filter) misses(f *Frame) bool {
	return f.Number == x.newest && f.TemporalID == 0 && f.SpatialID <= x.target.spatial
}

func (x *Filter) fate(number int64) *fate { return &x.fates[number&int64(len(x.fates)-1)] }

// advance makes f the newest frame. Frames in between that are still to come
// get the limits of their time. A picture begins with its lowest spatial layer;
// where that is late the old wish goes on, as a picture must not be cut short
// that began higher.
func (x *Filter) advance(f *Frame) {
	for n := max(x.newest, f.Number-int64(len(x.fates))) + 1; n < f.Number; n++ {
		*x.fate(n) = fate{limits: x.now}
	}
	if f.Picture > x.picture {
		x.picture = f.Picture
		if f.SpatialID == 0 {
			x.target = x.wished
			x.now = x.now.narrowed(x.target)
		}
	}
	x.newest = f.Number
	*x.fate(f.Number) = fate{limits: x.now}
}

// decide settles a frame with the first of its packets that comes.
func (x *Filter) decide(f *Frame, own *fate) {
	if f.Number == x.newest {
		x.open(f)
		own.limits = x.now
	}
	own.state = dropped
	if !own.limits.admit(f) {
		return
	}
	if x.sound(f, true) {
		own.state = passed
	} else if f.Number == x.newest && f.SpatialID > 0 && f.TemporalID == 0 {
		// Nothing of this layer can be decoded any more: the pictures end below it.
		x.now.spatial = f.SpatialID - 1
	}
}

// open lets in layers that may be decoded from this frame on, as far as wished.
// A spatial layer that comes in without a keyframe does so in a picture whose
// end was marked below it; libwebrtc then decodes the rest by itself.
func (x *Filter) open(f *Frame) {
	switch {
	case f.Key:
		x.now = x.target
	case x.now.hold(f.SpatialID, f.TemporalID):
		if f.opens {
			x.now.temporals |= x.target.temporals
		}
	case !x.target.hold(f.SpatialID, f.TemporalID):
	case f.stands:
		x.now.temporals |= 1 << f.TemporalID
	case f.bottom:
		if f.TemporalID == 0 && x.fate(f.Number-1).state == passed {
			x.now.spatial = f.SpatialID
		}
	case f.kind == told && x.sound(f, false):
		x.now.spatial = max(x.now.spatial, f.SpatialID)
		x.now.temporals |= below(f.TemporalID)
	}
}

// sound tells whether everything that a frame is known to need was passed, or
// would be if it still came. held: its layers were passed all the time; then so
// was what is long forgotten.
func (x *Filter) sound(f *Frame, held bool) bool {
	for _, distance := range f.references[:f.count] {
		number := f.Number - int64(distance)
		if x.old(number) {
			if !held {
				return false
			}
			continue
		}
		switch fate := x.fate(number); fate.state {
		case dropped:
			return false
		case unseen:
			if !fate.limits.hold(f.SpatialID, f.TemporalID) {
				return false
			}
		}
	}
	return true
}
