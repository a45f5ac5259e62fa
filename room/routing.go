package room

import (
	"slices"
	"time"

	"madang/sfu"
)

// asksEvery is the shortest time between two routings that differ only in how
// tiles are looked at: windows that are resized change that all the time.
const asksEvery = 50 * time.Millisecond

// routes remembers what the media plane was told last, so that a change costs
// what it changes: views that stay the same are shared by the next routing, and
// no routing is made when nothing differs.
type routes struct {
	router Router
	all    bool // everyone's view may differ
	some   bool // views of stale members may differ
	lines  bool // somebody's slots came, went or changed
	asks   bool // somebody looks otherwise at the same tiles, and it was not told yet
	pace   throttle
	mics   []*sfu.Source
	shown  []*sfu.Source // live cameras and screens
	// scratch is room to work in.
	wanted []wish
	pairs  []sfu.Pair
}

// novelty is how much a view differs from what was routed before.
type novelty uint8

const (
	sameView  novelty = iota
	otherAsks         // the same tiles, looked at otherwise
	otherView
)

// changed says that members, their sources or their order changed.
func (r *routes) changed() { r.all = true }

// relined says that a member came, left or has other lines.
func (r *routes) relined() { r.all, r.lines = true, true }

// route hands a new routing to the media plane if anything in it differs. It
// tells when it wants to be called again at the latest.
func (s *state) route(now time.Time) time.Time {
	r := &s.routes
	differs := r.lines
	if r.all {
		mics, shown := live(s.arrived, sfu.Mic), live(s.arrived, sfu.Camera, sfu.Screen)
		differs = differs || !slices.Equal(mics, r.mics) || !slices.Equal(shown, r.shown)
		r.mics, r.shown = mics, shown
	}
	if r.all || r.some {
		switch s.arrangeAll(r.all) {
		case otherView:
			differs = true
		case otherAsks:
			r.asks = true
		}
	}
	r.all, r.some, r.lines = false, false, false
	if !differs && !r.asks {
		return time.Time{}
	}
	if ok, again := r.pace.ready(now, asksEvery); !ok && !differs {
		return again
	}
	r.asks = false
	r.router.Route(&sfu.Routing{Views: views(s.arrived), Mics: r.mics, Pictures: r.shown})
	return time.Time{}
}

// arrangeAll seats the tiles of all members, or of those only of whom something
// changed, and tells how much differs.
func (s *state) arrangeAll(all bool) novelty {
	onStage := stage(s.arrived, s.floor.order)
	most := sameView
	for _, m := range s.arrived {
		if all || m.stale {
			most = max(most, s.arrange(m, onStage))
			m.stale = false
		}
	}
	return most
}

// arrange seats a member's tiles.
func (s *state) arrange(m *member, onStage []tile) novelty {
	r := &s.routes
	switch {
	case !m.may.Has(MaySubscribe):
		r.wanted = r.wanted[:0]
	case m.viewed:
		r.wanted = wantedIn(m.tiles, m, s.members, len(m.pairs), r.wanted[:0])
	default:
		r.wanted = wantedOf(onStage, m, len(m.pairs), r.wanted[:0])
	}
	fill(m.seats, r.wanted)
	r.pairs = append(r.pairs[:0], m.pairs...)
	for i, t := range m.seats {
		p := &r.pairs[i]
		if t.who == nil {
			p.VideoFrom, p.AudioFrom = sfu.Feed{Why: sfu.WhyEmpty}, sfu.Feed{Why: sfu.WhyEmpty}
			continue
		}
		p.VideoFrom, p.AudioFrom = t.who.feed(t.kind), t.who.feed(t.sound())
		p.Ask = r.wanted[slices.IndexFunc(r.wanted, func(w wish) bool { return w.tile == t })].ask
	}
	how := compare(r.pairs, m.routed.Pairs)
	if how != sameView {
		m.routed.Pairs = slices.Clone(r.pairs)
	}
	return how
}

// compare tells how much a view's pairs differ from those before.
func compare(now, before []sfu.Pair) novelty {
	if slices.Equal(now, before) {
		return sameView
	}
	sameTile := func(a, b sfu.Pair) bool {
		a.Ask, b.Ask = sfu.Ask{}, sfu.Ask{}
		return a == b
	}
	if slices.EqualFunc(now, before, sameTile) {
		return otherAsks
	}
	return otherView
}

// views are those of all members by arrival. Who receives nothing has one too:
// the media plane tells by it how the member fares. Who may receive nothing has no
// slots in it.
func views(arrived []*member) []sfu.View {
	all := make([]sfu.View, len(arrived))
	for i, m := range arrived {
		all[i] = m.routed
		if !m.may.Has(MaySubscribe) {
			all[i].Pairs, all[i].Voices = nil, nil
		}
	}
	return all
}

// live are the sources of these kinds that are to be forwarded, by arrival.
func live(arrived []*member, kinds ...sfu.SourceKind) []*sfu.Source {
	var all []*sfu.Source
	for _, m := range arrived {
		for _, kind := range kinds {
			if m.live(kind) {
				all = append(all, m.sources[kind])
			}
		}
	}
	return all
}
