package sfu

import (
	"slices"
	"sync/atomic"
	"time"

	"madang/sfu/speaker"
)

// wing is a room's media on one worker: it carries out the room's [Routing] for
// the subscribers that are there, and tells the room's [Observer] what came of it.
// Sources of other workers stand in it as mirrors. hand and end may be called by
// any goroutine; the rest belongs to the worker.
type wing struct {
	worker   *Worker
	observer Observer
	next     atomic.Pointer[order] // the newest wins
	queued   atomic.Bool           // in the worker's list of wings with something new

	order    *order
	applied  *Routing         // as it is here
	mirrors  map[*mirror]bool // that it names, and whether it shows them
	mics     map[*Source]struct{}
	detector *speaker.Detector[*Source]
	ranked   []speaker.Ranked[*Source]
	loudest  []*Source // who speaks, loudest first
	lines    []voiceLine
	pictures map[*Source]struct{}
	changed  []*Slot   // whose state waits to be told
	wanted   []*Source // likewise, whose wanted layers
	graded   []Quality // that waits to be told

	seated                     seated
	listenAt, toldAt, gradedAt time.Time
	told                       []Speaker
}

// order is what a wing is handed.
type order struct {
	routing *Routing
	leads   int  // which of the leaders it is, from 1: it tells the room who speaks; 0: it does not
	over    bool // the room is closed, or has nobody here any more
}

func newWing(w *Worker, observer Observer) *wing {
	return &wing{
		worker: w, observer: observer, order: &order{}, mirrors: map[*mirror]bool{},
		mics: map[*Source]struct{}{}, detector: speaker.NewDetector[*Source](),
	}
}

// hand has the worker carry out an order.
func (g *wing) hand(o *order) {
	g.next.Store(o)
	g.worker.inbox.route(g)
}

// end cuts everything that the wing fed.
func (g *wing) end() { g.hand(&order{routing: &Routing{}, over: true}) }

// apply carries out the newest order.
func (g *wing) apply(now time.Time) {
	o := g.next.Load()
	if o == g.order {
		return
	}
	if o.over {
		defer g.worker.forget(g)
	}
	if o.leads > 1 && o.leads != g.order.leads {
		g.told = []Speaker{{}} // the room was told by another one: tell it anew
	}
	g.order = o
	next := g.localize(o, now)
	g.applyMics(next.Mics)
	gone := g.slots()
	g.applied = next
	for i := range next.Views {
		v := &next.Views[i]
		for _, p := range v.Pairs {
			delete(gone, p.Video)
			delete(gone, p.Audio)
			g.adopt(p.Video)
			g.adopt(p.Audio)
			p.Video.look(p.Ask)
			p.Video.assign(p.VideoFrom, now)
		}
		for _, s := range v.Voices {
			delete(gone, s)
			g.adopt(s)
		}
	}
	for s := range gone {
		if s.wing == g { // no other room has it by now
			s.wing = nil
			s.assign(Feed{Why: WhyGone}, now)
		}
	}
	g.applyPictures(next)
	g.seatAll(now)
}

// adopt takes a slot over, with what there is to tell of it.
func (g *wing) adopt(s *Slot) {
	if s.wing != g {
		s.wing, s.changed = g, false
	}
}

// applyPictures takes off the slots that wait for another picture what may not be
// shown any more, and asks for layers of what is shown alone.
func (g *wing) applyPictures(routing *Routing) {
	live := make(map[*Source]struct{}, len(routing.Pictures))
	for _, s := range routing.Pictures {
		live[s] = struct{}{}
		s.wing = g
		s.from.stir()
	}
	for s := range g.pictures {
		if _, ok := live[s]; !ok && s.wing == g {
			s.wing = nil
		}
	}
	g.pictures = live
	for _, v := range routing.Views {
		for _, p := range v.Pairs {
			if p.Video.current == nil {
				continue
			}
			if _, ok := live[p.Video.current.source]; !ok {
				p.Video.release()
			}
		}
	}
}

// slots is every slot of the routing that is in force.
func (g *wing) slots() map[*Slot]struct{} {
	all := map[*Slot]struct{}{}
	if g.applied == nil {
		return all
	}
	for _, v := range g.applied.Views {
		for _, p := range v.Pairs {
			all[p.Video], all[p.Audio] = struct{}{}, struct{}{}
		}
		for _, s := range v.Voices {
			all[s] = struct{}{}
		}
	}
	return all
}

// applyMics listens to the microphones that are live now, and to no others.
func (g *wing) applyMics(mics []*Source) {
	live := make(map[*Source]struct{}, len(mics))
	for _, m := range mics {
		live[m] = struct{}{}
		m.wing = g
	}
	for m := range g.mics {
		if _, ok := live[m]; !ok {
			g.detector.Remove(m)
			if m.wing == g {
				m.wing = nil
			}
		}
	}
	g.mics = live
	g.loudest = slices.DeleteFunc(g.loudest, func(s *Source) bool { _, ok := live[s]; return !ok })
}
