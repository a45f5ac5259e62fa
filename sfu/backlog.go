package sfu

import (
	"slices"
	"time"
)

// What is kept of a screen, and what whoever comes is served of it. Screens
// stand still, so little follows a keyframe but what sharpens it; their keyframes
// are large, and cost everybody who watches.
const (
	screenKept    = 768 << 10       // bytes, from the newest keyframe on
	followWithin  = 3 * time.Second // on the link, what followed the keyframe
	followAtMost  = 200             // frames: all of them are to be decoded
	catchUpAtMost = 5 * time.Second // as often: if it did not help, it will not
	catchUpEvery  = 5 * time.Millisecond
)

// backlog is the newest keyframe of a screen and all that followed.
type backlog struct {
	key       *packet // the first of it
	frames    int     // that followed the keyframe
	following int     // bytes of them
}

// backlog is what is kept of the layer. Not ok: it has holes, or there is none.
func (l *Layer) backlog() (b backlog, ok bool) {
	first, held := l.history.Held()
	highest, _ := l.history.Highest()
	if b.key = l.history.Get(first); !held || b.key == nil {
		return b, false
	}
	stamp := b.key.Meta.timestamp
	for sequence := first; sequence <= highest; sequence++ {
		p := l.history.Get(sequence)
		switch {
		case p == nil:
			return b, false
		case p.Meta.padding:
			continue
		case p.Meta.codec != b.key.Meta.codec:
			return b, false
		case p.Meta.timestamp != stamp:
			stamp = p.Meta.timestamp
			b.frames++
		}
		if b.frames > 0 {
			b.following += len(p.Bytes)
		}
	}
	return b, b.frames <= followAtMost
}

// catchingUp is a slot that is served what is kept of a screen.
type catchingUp struct {
	since time.Time
	next  int64  // of the layer's packets
	stamp uint32 // of the frame at hand
	bytes int    // behind the keyframe, so far
	key   uint32 // timestamp of the keyframe
}

// catchUp has the slot begin with what is kept of a screen, if there is all of it
// and it is there soon enough. Its publisher is not asked for a keyframe then.
func (s *Slot) catchUp(layer *Layer, now time.Time) bool {
	if layer.source.Kind != Screen || s.pending != layer || now.Sub(s.caught) < catchUpAtMost {
		return false
	}
	kept, ok := layer.backlog()
	d := &s.to.down
	if !ok || d.pacer.Delay(now) > 0 || time.Duration(8*kept.following)*time.Second > followWithin*time.Duration(d.estimate.Target()) {
		return false
	}
	s.caught = now
	s.switchTo(layer, kept.key, &kept, now)
	return s.current == layer
}

// goOn serves what is kept of a screen, frame by frame, as fast as the link
// carries it. It tells whether there is more.
func (s *Slot) goOn(now time.Time) bool {
	c, layer := s.catching, s.current
	if c == nil || layer == nil {
		return false
	}
	d := &s.to.down
	if _, held := layer.history.Held(); !held {
		s.restarted(layer, now) // too much followed meanwhile
		return false
	}
	highest, _ := layer.history.Highest()
	for ; c.next <= highest; c.next++ {
		p := layer.history.Get(c.next)
		if p == nil {
			continue // it is repaired, and passed on then
		}
		if p.Meta.timestamp != c.stamp {
			carried := int(now.Sub(c.since).Seconds() * float64(d.estimate.Target()) / 8)
			if c.bytes > carried || d.pacer.Delay(now) > 0 {
				return true
			}
		}
		if p.Meta.timestamp != c.stamp && c.next+s.runs.last().shift == s.next {
			s.stampNow(p.Meta.timestamp, now)
		}
		if c.stamp = p.Meta.timestamp; c.stamp != c.key {
			c.bytes += len(p.Bytes)
		}
		if s.pass(layer, p, now); s.catching != c {
			return false // there was no room for it
		}
	}
	s.catching = nil
	return false
}

// behind tells whether a packet of the current layer has to wait for others.
func (s *Slot) behind(p *packet) bool { return s.catching != nil && p.Seq >= s.catching.next }

// catchUp goes on with the slots that are served what is kept of screens, and
// tells whether any of them has more.
func (e *endpoint) catchUp(now time.Time) bool {
	d := &e.down
	d.behind = slices.DeleteFunc(d.behind, func(s *Slot) bool { return !s.goOn(now) })
	return len(d.behind) > 0
}

// beginCatchingUp is called with the run of the keyframe.
func (s *Slot) beginCatchingUp(layer *Layer, kept *backlog, now time.Time) {
	m := &kept.key.Meta
	s.stampNow(m.timestamp, now)
	s.newest.timestamp = s.runs.last().stamp(m.timestamp)
	s.newest.mapped = layer.mapped - 1 // off the line
	s.catching = &catchingUp{since: now, next: kept.key.Seq, stamp: m.timestamp, key: m.timestamp}
	s.to.down.behind = append(s.to.down.behind, s)
	s.to.worker.wait(s.to)
}

// stampNow has the slot go on as if a frame were captured now, so that it is shown
// when it comes: as it lay in time it would be played in real time.
func (s *Slot) stampNow(timestamp uint32, now time.Time) {
	next := *s.runs.last()
	next.first, next.timestamp = s.next, later(s.line.At(now), s.newest.timestamp+s.line.Rate()/1000)-timestamp
	s.runs.begin(next)
}
