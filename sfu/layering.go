package sfu

import (
	"slices"
	"time"

	"madang/sfu/codec"
	"madang/sfu/rate"
	"madang/sfu/svc"
)

// Bounds of the layers within one stream: of what WebRTC encoders make.
const (
	maxSpatial  = 3
	maxTemporal = 3
)

// layering is what is known of the layers within one RTP stream: spatial ones
// (SVC) and temporal ones, and what each of them costs on the way to a subscriber.
type layering struct {
	reader   svc.Reader
	spatial  [maxSpatial]spatialLayer
	highest  uint8 // spatial layer that has come
	height   int   // of its pictures in pixels; 0 while unknown
	picture  int64 // newest, by its unwrapped timestamp
	pictures int   // in this second
	second   time.Time
	fps      int           // in the last one
	began    time.Time     // at first, or after a silence
	took     [tookKept]int // bits per second that the stream cost in each of the last seconds
	seconds  int           // that were counted
}

// tookKept is for how many seconds it is remembered what a stream cost.
const tookKept = 8

// spatialLayer is one of them.
type spatialLayer struct {
	rate     rate.Meter
	temporal uint8 // highest temporal layer that has come
}

// add takes a media packet.
func (y *layering) add(p *packet, now time.Time) {
	f := &p.Meta.frame
	s := &y.spatial[min(f.SpatialID, maxSpatial-1)]
	s.rate.Add(len(p.Bytes)+sealed, f.TemporalID, now)
	s.temporal = max(s.temporal, min(f.TemporalID, maxTemporal-1))
	y.highest = max(y.highest, min(f.SpatialID, maxSpatial-1))
	if f.Picture > y.picture {
		y.picture = f.Picture
		y.pictures++
	}
	if now.Sub(y.second) >= time.Second {
		y.fps, y.pictures, y.second = y.pictures, 0, now
		y.took[y.seconds%tookKept] = y.all(now)
		y.seconds++
	}
}

// known is what is known of the layers, without the reader that goes on with it.
func (y layering) known() layering {
	y.reader = svc.Reader{}
	return y
}

// heightOf is that of a spatial layer's pictures in pixels, 0 while it is not
// known: encoders for WebRTC halve it from layer to layer.
func (y *layering) heightOf(spatial uint8) int { return y.height >> (y.highest - spatial) }

// restart forgets what the stream cost before a silence.
func (y *layering) restart(now time.Time) {
	y.began, y.took = now, [tookKept]int{}
	for i := range y.spatial {
		y.spatial[i].rate.Restart(now)
	}
}

// bits is what all up to a spatial and a temporal layer cost, in bits per second.
func (y *layering) bits(spatial, temporal uint8, now time.Time) int {
	sum := 0
	for i := range y.spatial[:spatial+1] {
		sum += y.spatial[i].rate.BitsUpTo(temporal, now)
	}
	return sum
}

// all is what the whole stream costs, in bits per second.
func (y *layering) all(now time.Time) int { return y.bits(y.highest, svc.Highest, now) }

// unmeasured is how long after it begins what a stream costs is only guessed at: it
// begins with a keyframe, which is worth many pictures.
const unmeasured = 2 * time.Second

// costs is what all up to a spatial and a temporal layer take on the way to a
// subscriber, in bits per second: as measured, but while one of several layers is
// young no more than its publisher was asked to send.
func (l *Layer) costs(spatial, temporal uint8, now time.Time) int {
	bits := l.bits(spatial, temporal, now)
	if len(l.source.rids) > 1 && now.Sub(l.began) < unmeasured {
		all, most := l.all(now), l.asked()
		if all > most {
			return int(int64(bits) * int64(most) / int64(all))
		}
	}
	return bits
}

// awaited is what costs says, but not much less than the stream cost a few seconds
// ago: a publisher that stumbles is no lighter for long, and who went up to what it
// sends meanwhile would fall with its next keyframe.
func (l *Layer) awaited(spatial, temporal uint8, now time.Time) int {
	bits, all := l.costs(spatial, temporal, now), l.all(now)
	if least := min(slices.Max(l.took[:]), l.asked()) * 3 / 4; 0 < all && all < least {
		return int(int64(bits) * int64(least) / int64(all))
	}
	return bits
}

// asked is what the publisher is asked to send of the layer at most, with all that
// its packets grow by: about a sixteenth.
func (l *Layer) asked() int {
	bits := l.source.from.worker.bitrates.of(l.source.Kind, l.rid)
	return bits + bits/16
}

// rateOf is the pictures a second up to a temporal layer: each one doubles them.
func (y *layering) rateOf(spatial, temporal uint8) int {
	return y.fps >> (y.spatial[spatial].temporal - temporal)
}

// wish narrows what the slot gets of its layer.
func (s *Slot) wish(spatial, temporal uint8) {
	s.wished = [2]uint8{spatial, temporal}
	if s.filter != nil {
		s.filter.Wish(spatial, temporal)
	}
}

// decide says what becomes of a packet of the current layer.
func (s *Slot) decide(p *packet) svc.Decision {
	if s.Media == Audio || p.Meta.padding {
		return svc.Decision{Forward: true, MarkEnd: p.Meta.marker}
	}
	if s.filter == nil {
		s.filter = svc.NewFilter(s.wished[0], s.wished[1])
	}
	return s.filter.Pass(&p.Meta.frame)
}

// leaveOut leaves a packet out for good: what follows closes up behind what was
// sent. A place that was kept for it, as nobody knew what it would be, is filled.
func (s *Slot) leaveOut(r *run, p *packet) {
	if p.Seq+r.shift < s.next {
		s.fill(r, p, p.Seq+r.shift)
		return
	}
	r = s.closeUp(r, p, false)
	at := p.Seq + r.shift
	next := *r
	next.first, next.shift = at, r.shift-1
	if m := &p.Meta; m.codec == codec.VP8 && m.timestamp != s.left {
		next.pictureID-- // VP8 decoders take a gap for a loss; once per frame
		s.left = m.timestamp
	}
	s.next = at
	s.runs.begin(next)
}

// fill sends nothing but padding under a number, where that number cannot be
// asked for in the same SRTP context again.
func (s *Slot) fill(r *run, p *packet, sequence int64) {
	if s.rtxSSRC == 0 {
		return
	}
	blank := *p
	blank.Meta.padding, blank.Meta.marker, blank.Meta.from, blank.Meta.to = true, false, 0, 0
	s.send(r, &blank, sequence)
}
