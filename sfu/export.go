package sfu

import (
	"slices"
	"time"

	"madang/sfu/codec"
	"madang/sfu/timeline"
)

// export is the sink that takes a source to another worker, where a mirror stands
// for it: every packet, the sender reports, and which layers the publisher is asked
// for. Back come wishes for keyframes and the layers that are needed over there. It
// belongs to the publisher's worker.
type export struct {
	source *Source
	to     *mirror // a name here; what it was made with does not change
	bridge *bridge
	needs  uint8               // layers that slots over there need, by rank
	waits  map[*Layer]struct{} // for whose keyframe somebody over there waits
}

// export begins to take the source to a mirror.
func (s *Source) export(to *mirror, worker *Worker) {
	b := s.from.worker.bridge(worker)
	if s.closed {
		b.tell(to.source.from, to.end)
		return
	}
	x := &export{source: s, to: to, bridge: b, waits: map[*Layer]struct{}{}}
	s.exports = append(s.exports, x)
	s.reconsider()
	x.asked()
	for _, l := range s.layers {
		x.open(l)
	}
}

// unexport ends that.
func (s *Source) unexport(to *mirror) {
	i := slices.IndexFunc(s.exports, func(x *export) bool { return x.to == to })
	if i < 0 {
		return // the source closed
	}
	x := s.exports[i]
	s.exports = slices.Delete(s.exports, i, i+1)
	for _, l := range s.layers {
		l.detach(x)
	}
}

// exported is the export to a mirror, nil for none.
func (s *Source) exported(to *mirror) *export {
	for _, x := range s.exports {
		if x.to == to {
			return x
		}
	}
	return nil
}

// opening is a layer as another worker has to know it. It shares nothing with the
// layer that may change.
type opening struct {
	rid        string
	ssrc       uint32
	codec      codec.Codec
	live       bool
	last, loud time.Time
	layering   layering
	stream     timeline.Stream
	clock      timeline.Clock
	rids       []string
	arranged   bool
	extensions extensionIDs
}

// open takes a layer over there, with what is kept of a screen.
func (x *export) open(l *Layer) {
	s, to := l.source, x.to
	o := &opening{
		rid: l.rid, ssrc: l.ssrc, codec: l.codec, live: l.live, last: l.last, loud: l.loud,
		layering: l.layering.known(), stream: *l.stream, clock: s.from.clock,
		rids: slices.Clone(s.rids), arranged: s.arranged, extensions: s.from.extensions,
	}
	x.tell(func(now time.Time) { to.open(l, o, now) })
	if _, ok := l.backlog(); ok && s.Kind == Screen {
		first, _ := l.history.Held()
		highest, _ := l.history.Highest()
		for sequence := first; sequence <= highest; sequence++ {
			if p := l.history.Get(sequence); p != nil {
				x.bridge.send(to, l, p, true)
			}
		}
	}
	x.tell(to.reconcile)
	l.attach(x)
}

// tell has the mirror's worker do something.
func (x *export) tell(word func(now time.Time)) { x.bridge.tell(x.to.source.from, word) }

// forward takes a packet over there.
func (x *export) forward(l *Layer, p *packet, _ time.Time) { x.bridge.send(x.to, l, p, false) }

// restarted says over there that the layer's numbering began anew.
func (x *export) restarted(l *Layer, _ time.Time) {
	to := x.to
	x.tell(func(now time.Time) { to.restart(l, now) })
}

// lost says over there that the layer is no more.
func (x *export) lost(l *Layer, _ time.Time) {
	to := x.to
	delete(x.waits, l)
	x.tell(func(now time.Time) { to.lose(l, now) })
}

// report takes a sender report over there.
func (x *export) report(l *Layer, ntp uint64, rtp uint32, arrived time.Time) {
	to := x.to
	x.tell(func(time.Time) { to.report(l, ntp, rtp, arrived) })
}

// asked says over there which layers the publisher is asked for.
func (x *export) asked() {
	to, on, since := x.to, x.source.wants.on, x.source.wants.since
	x.tell(func(now time.Time) { to.asked(on, since, now) })
}

// closed says over there that the source is no more.
func (x *export) closed() { x.tell(x.to.end) }

// wish is that somebody over there waits for a keyframe of the layer, or nobody
// does any more.
func (x *export) wish(l *Layer, waits bool, now time.Time) {
	if !slices.Contains(x.source.layers, l) {
		return
	}
	if waits {
		x.waits[l] = struct{}{}
		l.wish(now)
		return
	}
	delete(x.waits, l)
	l.rest()
}

// rest ends the asking for a keyframe when nobody is left who may wait for it.
func (l *Layer) rest() {
	for _, sink := range l.sinks {
		x, away := sink.(*export)
		if !away {
			return
		}
		if _, waits := x.waits[l]; waits {
			return
		}
	}
	l.keyframes.Cancel()
}
