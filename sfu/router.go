package sfu

import (
	"slices"
	"sync/atomic"
	"time"

	"madang/sfu/speaker"
)

// How often a router looks at who speaks, and how often it tells the room.
const (
	listenEvery  = 20 * time.Millisecond
	speakerEvery = 200 * time.Millisecond
)

// Router is one room's media: it carries out the room's [Routing], decides who
// is loudest, and tells the room's [Observer] what came of it. Route and Close
// may be called by any goroutine; the rest belongs to the worker.
type Router struct {
	worker   *Worker
	observer Observer
	next     atomic.Pointer[Routing] // the newest wins
	queued   atomic.Bool             // in the worker's list of routers with something new
	closed   atomic.Bool

	applied  *Routing
	mics     map[*Source]struct{}
	detector *speaker.Detector[*Source]
	ranked   []speaker.Ranked[*Source]
	loudest  []*Source // who speaks, loudest first
	lines    []voiceLine
	pictures map[*Source]struct{}
	changed  []*Slot   // whose state waits to be told
	wanted   []*Source // likewise, whose wanted layers
	graded   []Quality // that waits to be told

	listenAt, toldAt, gradedAt time.Time
	told                       []Speaker
}

func newRouter(w *Worker, observer Observer) *Router {
	return &Router{worker: w, observer: observer, mics: map[*Source]struct{}{}, detector: speaker.NewDetector[*Source]()}
}

// Route replaces what everyone in the room is to receive. It never waits; of
// several that come before the worker looks, the last holds.
func (r *Router) Route(routing *Routing) {
	r.next.Store(routing)
	r.worker.inbox.route(r)
}

// Close cuts everything that the router fed. Its observer hears nothing after
// the worker has seen it; whatever is routed after that feeds nothing.
func (r *Router) Close() {
	r.closed.Store(true)
	r.Route(&Routing{})
}

// apply carries out the newest routing.
func (r *Router) apply(now time.Time) {
	next := r.next.Load()
	if r.closed.Load() {
		next = &Routing{} // a late Route may have followed
		defer r.worker.forget(r)
	}
	if next == r.applied {
		return
	}
	r.applyMics(next.Mics)
	gone := r.slots()
	r.applied = next
	for i := range next.Views {
		v := &next.Views[i]
		for _, p := range v.Pairs {
			delete(gone, p.Video)
			delete(gone, p.Audio)
			r.adopt(p.Video)
			r.adopt(p.Audio)
			p.Video.look(p.Ask)
			p.Video.assign(p.VideoFrom, now)
		}
		for _, s := range v.Voices {
			delete(gone, s)
			r.adopt(s)
		}
	}
	for s := range gone {
		if s.router == r { // no other room has it by now
			s.router = nil
			s.assign(Feed{Why: WhyGone}, now)
		}
	}
	r.applyPictures(next)
	r.seatAll(now)
}

// adopt takes a slot over, with what there is to tell of it.
func (r *Router) adopt(s *Slot) {
	if s.router != r {
		s.router, s.changed = r, false
	}
}

// applyPictures takes off the slots that wait for another picture what may not be
// shown any more, and asks for layers of what is shown alone.
func (r *Router) applyPictures(routing *Routing) {
	live := make(map[*Source]struct{}, len(routing.Pictures))
	for _, s := range routing.Pictures {
		live[s] = struct{}{}
		s.router = r
	}
	for s := range r.pictures {
		if _, ok := live[s]; !ok && s.router == r {
			s.router = nil
		}
	}
	r.pictures = live
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
func (r *Router) slots() map[*Slot]struct{} {
	all := map[*Slot]struct{}{}
	if r.applied == nil {
		return all
	}
	for _, v := range r.applied.Views {
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
func (r *Router) applyMics(mics []*Source) {
	live := make(map[*Source]struct{}, len(mics))
	for _, m := range mics {
		live[m] = struct{}{}
		m.router = r
	}
	for m := range r.mics {
		if _, ok := live[m]; !ok {
			r.detector.Remove(m)
			if m.router == r {
				m.router = nil
			}
		}
	}
	r.mics = live
	r.loudest = slices.DeleteFunc(r.loudest, func(s *Source) bool { _, ok := live[s]; return !ok })
}

// tick looks who speaks.
func (r *Router) tick(now time.Time) {
	r.grade(now)
	if now.Sub(r.listenAt) < listenEvery || len(r.mics) == 0 && len(r.told) == 0 {
		return
	}
	r.listenAt = now
	r.ranked = r.detector.Rank(now, r.ranked[:0])
	r.loudest = r.loudest[:0]
	for _, s := range r.ranked {
		if s.Speaking {
			r.loudest = append(r.loudest, s.ID)
		}
	}
	r.seatAll(now)
	if now.Sub(r.toldAt) >= speakerEvery {
		r.tellSpeakers(now)
	}
}

func (r *Router) tellSpeakers(now time.Time) {
	speakers := make([]Speaker, 0, len(r.loudest))
	for _, s := range r.ranked {
		if s.Speaking {
			speakers = append(speakers, Speaker{Mic: s.ID, Level: s.Level})
		}
	}
	if slices.Equal(speakers, r.told) {
		return
	}
	r.toldAt, r.told = now, speakers
	r.observer.SpeakersChanged(slices.Clone(speakers))
}

// seatAll seats the voices of every subscriber of the room.
func (r *Router) seatAll(now time.Time) {
	if r.applied == nil {
		return
	}
	for i := range r.applied.Views {
		r.seatView(&r.applied.Views[i], now)
	}
}

func (r *Router) seatView(v *View, now time.Time) {
	r.lines = r.lines[:0]
	for _, p := range v.Pairs {
		line := voiceLine{pair: true, on: p.Audio.carries()}
		if p.AudioFrom.Why == WhyNone {
			line.home = p.AudioFrom.Source
		}
		r.lines = append(r.lines, line)
	}
	for _, s := range v.Voices {
		r.lines = append(r.lines, voiceLine{on: s.carries()})
	}
	heard := ears{
		audible: func(s *Source) bool {
			if _, live := r.mics[s]; live {
				return !slices.Contains(v.Self, s)
			}
			return s.Kind == ScreenAudio && slices.ContainsFunc(v.Pairs, func(p Pair) bool { return p.AudioFrom == Feed{Source: s} })
		},
		silent: func(s *Source) bool { return r.detector.Silent(s, now) },
	}
	seat(r.lines, r.loudest, r.applied.Mics, heard)
	for i, p := range v.Pairs {
		feed := Feed{Source: r.lines[i].on}
		if feed.Source == nil && p.AudioFrom.Why != WhyNone {
			feed = p.AudioFrom
		}
		p.Audio.assign(feed, now)
	}
	for i, s := range v.Voices {
		s.assign(Feed{Source: r.lines[len(v.Pairs)+i].on}, now)
	}
}

// tell notes that a slot's state waits to be told.
func (r *Router) tell(s *Slot) {
	r.report()
	r.changed = append(r.changed, s)
}

// tellWant lets the room know which layers of a source are needed.
func (r *Router) tellWant(s *Source) {
	r.report()
	if !slices.Contains(r.wanted, s) {
		r.wanted = append(r.wanted, s)
	}
}

// report has flush called at the end of the worker's turn.
func (r *Router) report() {
	if len(r.changed)+len(r.wanted)+len(r.graded) == 0 {
		r.worker.telling = append(r.worker.telling, r)
	}
}

// flush tells the room what its slots carry now, and what is wanted.
func (r *Router) flush() {
	states := make([]SlotState, 0, len(r.changed))
	for _, s := range r.changed {
		if s.router == r && s.changed {
			s.changed = false
			states = append(states, s.state)
		}
	}
	var wanted []Want
	for _, s := range r.wanted {
		if s.router == r {
			wanted = append(wanted, s.want())
		}
	}
	graded := slices.Clone(r.graded)
	clear(r.changed)
	clear(r.wanted)
	r.changed, r.wanted, r.graded = r.changed[:0], r.wanted[:0], r.graded[:0]
	if r.closed.Load() {
		return
	}
	if len(states) > 0 {
		r.observer.SlotsChanged(states)
	}
	if len(wanted) > 0 {
		r.observer.WantsChanged(wanted)
	}
	if len(graded) > 0 {
		r.observer.QualityChanged(graded)
	}
}
