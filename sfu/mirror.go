package sfu

import (
	"cmp"
	"slices"
	"time"

	"madang/sfu/alloc"
	"madang/sfu/rtpview"
)

// mirror stands on one worker for a source of another. Its own source has layers,
// histories and slots as any has, but its packets come over a bridge, where they
// were parsed and put in place already. It belongs to its worker.
type mirror struct {
	source *Source
	of     *Source           // that it stands for; a name here
	users  map[*wing]bool    // that name it, and whether they show it
	layers map[*Layer]*Layer // by the layers that they stand for
	shown  bool              // packets are to come
	needed *alloc.Wants
	needs  uint8               // layers that slots here need, as told
	waits  map[*Layer]struct{} // for whose keyframe somebody here waits, as told
	expire time.Time
}

// mirror is what stands here for a source of another worker.
func (w *Worker) mirror(of *Source) *mirror {
	m := w.mirrors[of]
	if m == nil {
		from := w.stand(of.from)
		m = &mirror{
			of: of, users: map[*wing]bool{}, layers: map[*Layer]*Layer{}, waits: map[*Layer]struct{}{},
			source: &Source{ID: of.ID, Kind: of.Kind, Mid: of.Mid, of: of, from: from, slots: map[*Slot]struct{}{}},
		}
		m.source.codecs, m.source.rtx = of.codecs, of.rtx
		from.sources = append(from.sources, m.source)
		w.mirrors[of] = m
	}
	return m
}

// stand is what stands here for a peer of another worker: all that its mirrored
// sources share. A fault in handling them ends that peer.
func (w *Worker) stand(of *endpoint) *endpoint {
	e := w.stands[of]
	if e == nil {
		e = &endpoint{worker: w, failed: func() {
			w.bridge(of.worker).tell(of, func(time.Time) { of.failed() })
		}}
		w.stands[of] = e
	}
	return e
}

// home is the source that the room knows.
func (s *Source) home() *Source {
	if s != nil && s.of != nil {
		return s.of
	}
	return s
}

// use is that a wing names the source, and whether it shows it.
func (m *mirror) use(g *wing, shows bool) {
	m.users[g] = shows
	if shows {
		m.show()
	}
}

// show has packets come.
func (m *mirror) show() {
	if m.shown || m.source.closed {
		return
	}
	m.shown = true
	of, w := m.of, m.source.from.worker
	m.ask(func(time.Time) { of.export(m, w) })
}

// hide has them come no more, and forgets those that came.
func (m *mirror) hide(now time.Time) {
	of := m.of
	m.ask(func(time.Time) { of.unexport(m) })
	m.shown, m.needs = false, 0
	for _, l := range m.source.layers {
		l.close(now)
	}
	m.source.layers = nil
	clear(m.layers)
	clear(m.waits)
}

// ask has the source's worker do something.
func (m *mirror) ask(word func(now time.Time)) {
	m.source.from.worker.bridge(m.of.from.worker).tell(m.of.from, word)
}

// tick tells the publisher's worker what is needed here, and ends what nobody
// uses any more: neither a wing nor a slot that goes on with its picture.
func (m *mirror) tick(now time.Time) {
	s := m.source
	if m.shown && !m.wanted() {
		m.hide(now)
	}
	if !m.shown {
		if len(m.users) == 0 {
			m.forget()
		}
		return
	}
	s.watch(now)
	m.need(now)
	for of, l := range m.layers {
		m.wish(of, l, now)
	}
	if now.Sub(m.expire) >= reportEvery {
		m.expire = now
		for _, l := range s.layers {
			l.history.Expire(now) // of a layer that is silent
		}
	}
}

// wanted tells whether anybody here shows the source, or goes on with it.
func (m *mirror) wanted() bool {
	for _, shows := range m.users {
		if shows {
			return true
		}
	}
	return slices.ContainsFunc(m.source.layers, func(l *Layer) bool { return len(l.sinks) > 0 })
}

// forget lets go of the mirror.
func (m *mirror) forget() {
	w, from := m.source.from.worker, m.source.from
	delete(w.mirrors, m.of)
	from.sources = slices.DeleteFunc(from.sources, func(s *Source) bool { return s == m.source })
	if len(from.sources) == 0 {
		delete(w.stands, m.of.from)
	}
}

// need says which layers slots here need, if that changed.
func (m *mirror) need(now time.Time) {
	s := m.source
	if s.wing == nil || s.Kind.Media() == Audio || now.Sub(s.wants.at) < planEvery {
		return
	}
	s.wants.at = now
	if m.needed == nil {
		m.needed = alloc.NewWants(max(1, len(s.rids)), now)
	}
	s.count(m.needed)
	needs := m.needed.Take()
	if needs == m.needs {
		return
	}
	m.needs = needs
	of := m.of
	m.ask(func(time.Time) {
		if x := of.exported(m); x != nil {
			x.needs = needs
			of.reconsider()
		}
	})
}

// wish passes a wish for a keyframe on, and the end of it.
func (m *mirror) wish(of *Layer, l *Layer, now time.Time) {
	_, told := m.waits[of]
	waits := l.keyframes.Waiting()
	switch {
	case waits && l.keyframes.Due(now):
		m.waits[of] = struct{}{}
	case told && !waits:
		delete(m.waits, of)
	default:
		return
	}
	source := m.of
	m.ask(func(now time.Time) {
		if x := source.exported(m); x != nil {
			x.wish(of, waits, now)
		}
	})
}

// What follows comes over the bridge. What was on its way when the mirror was
// hidden is of layers that it does not know any more.

// open begins a layer.
func (m *mirror) open(of *Layer, o *opening, now time.Time) {
	s := m.source
	if !m.shown || s.closed {
		return
	}
	s.rids, s.arranged = o.rids, o.arranged
	s.from.clock, s.from.extensions = o.clock, o.extensions
	m.needed = nil // of other layers
	l := newLayer(s, o.rid, o.ssrc, o.codec, now)
	l.live, l.last, l.loud, l.layering = o.live, o.last, o.loud, o.layering
	l.stream = o.stream.On(&s.from.clock)
	m.layers[of] = l
	s.layers = append(s.layers, l)
	slices.SortFunc(s.layers, func(a, b *Layer) int { return cmp.Compare(a.rank, b.rank) })
}

// reconcile lets slots choose, once all is there that came with a layer.
func (m *mirror) reconcile(now time.Time) { m.source.reconcile(now) }

// receive takes a packet.
func (m *mirror) receive(it *item, buf []byte, now time.Time) {
	l := m.layers[it.layer]
	switch {
	case l == nil:
	case it.kept:
		if p := l.history.Put(it.sequence, buf, now); p != nil {
			p.Meta = it.facts
			l.keep(p)
		}
	default:
		if view := &l.source.from.worker.view; m.source.Kind == Mic && rtpview.Parse(buf, view) == nil {
			l.source.from.hear(l, view, now)
		}
		// It came when it came to the other worker.
		if !it.facts.padding && l.stream.Arrived(it.facts.timestamp, it.arrived) {
			l.mapped++
		}
		l.take(it.sequence, &it.facts, buf, now)
	}
}

// restart is that a layer's numbering began anew.
func (m *mirror) restart(of *Layer, now time.Time) {
	if l := m.layers[of]; l != nil {
		l.renumber(now)
	}
}

// lose ends a layer.
func (m *mirror) lose(of *Layer, now time.Time) {
	l := m.layers[of]
	if l == nil {
		return
	}
	delete(m.layers, of)
	delete(m.waits, of)
	m.source.layers = slices.DeleteFunc(m.source.layers, func(other *Layer) bool { return other == l })
	l.close(now)
}

// report takes a sender report of a layer.
func (m *mirror) report(of *Layer, ntp uint64, rtp uint32, arrived time.Time) {
	if l := m.layers[of]; l != nil {
		l.mapBy(ntp, rtp, arrived)
	}
}

// asked takes over which layers the publisher is asked for.
func (m *mirror) asked(on uint8, since time.Time, now time.Time) {
	m.source.wants.on, m.source.wants.since = on, since
	m.source.reconcile(now)
}

// end is that the source is no more. The mirror stays for those who name it still.
func (m *mirror) end(now time.Time) {
	m.shown = false
	m.source.close(now)
	clear(m.layers)
	clear(m.waits)
}
