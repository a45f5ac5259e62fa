package sfu

import "time"

// What is kept of a screen, and what whoever comes is served of it. Screens
// stand still, so little follows a keyframe; their keyframes are large, and their
// publishers slow to make them.
const (
	screenKept    = 320 << 10              // bytes, from the newest keyframe on
	followWithin  = 500 * time.Millisecond // on the link, what followed the keyframe
	followAtMost  = 300                    // packets: all of it is to be decoded at once
	squeezedTo    = 9000                   // ticks: 100 ms
	catchUpAtMost = 5 * time.Second        // as often: if it did not help, it will not
)

// backlog is the newest keyframe of a screen and all that followed.
type backlog struct {
	key       *packet // the first of it
	bytes     int
	packets   int    // that followed the keyframe
	following int    // bytes of them
	span      uint32 // ticks from the keyframe to the newest frame
	squeeze   uint8  // how often to halve them
}

// backlog is what is kept of the layer. Not ok: it has holes, or there is none.
func (l *Layer) backlog() (b backlog, ok bool) {
	first, held := l.history.Held()
	highest, _ := l.history.Highest()
	if b.key = l.history.Get(first); !held || b.key == nil {
		return b, false
	}
	stamp, shortest := b.key.Meta.timestamp, int32(1<<30)
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
			shortest = min(shortest, int32(p.Meta.timestamp-stamp))
			stamp = p.Meta.timestamp
		}
		b.bytes += len(p.Bytes)
		if b.span = stamp - b.key.Meta.timestamp; b.span > 0 {
			b.following += len(p.Bytes)
			b.packets++
		}
	}
	for b.span>>b.squeeze > squeezedTo {
		b.squeeze++
	}
	return b, b.packets <= followAtMost && shortest>>b.squeeze > 0
}

// catchUp has the slot begin with what is kept of a screen, if there is all of it
// and it is there sooner than a keyframe of its publisher would be.
func (s *Slot) catchUp(layer *Layer, now time.Time) bool {
	if layer.source.Kind != Screen || s.pending != layer || now.Sub(s.caught) < catchUpAtMost {
		return false
	}
	kept, ok := layer.backlog()
	d := s.to.down
	if !ok || kept.bytes > d.pacer.Room() || time.Duration(8*kept.following)*time.Second > followWithin*time.Duration(d.estimate.Target()) {
		return false
	}
	s.caught = now
	s.switchTo(layer, kept.key, &kept, now)
	return s.current == layer
}

// squeeze lays what is kept of a screen onto the moment before now, in the run
// that has just begun. As it lay in time it would be played in real time.
func (s *Slot) squeeze(kept *backlog, now time.Time) {
	r, m := s.runs.last(), &kept.key.Meta
	stamp := later(s.newest.timestamp, s.line.At(now)-kept.span>>kept.squeeze)
	r.timestamp, r.origin, r.squeeze = stamp-m.timestamp, m.timestamp, kept.squeeze
	s.newest.timestamp, s.newest.mapped = stamp, s.current.mapped-1 // off the line
}
