package room

import (
	"slices"

	"madang/sfu"
)

// routes remembers what the media plane was told last, so that a change costs
// what it changes: views that stay the same are shared by the next routing, and
// no routing is made when nothing differs.
type routes struct {
	router Router
	all    bool // everyone's view may differ
	some   bool // views of stale members may differ
	lines  bool // somebody's slots came, went or changed
	mics   []*sfu.Source
	shown  []*sfu.Source // live cameras and screens
	// scratch is room to work in.
	wanted []tile
	pairs  []sfu.Pair
}

// changed says that members, their sources or their order changed.
func (r *routes) changed() { r.all = true }

// relined says that a member came, left or has other lines.
func (r *routes) relined() { r.all, r.lines = true, true }

// route hands a new routing to the media plane if anything in it differs.
func (s *state) route() {
	r := &s.routes
	if !r.all && !r.some {
		return
	}
	differs := r.lines
	if r.all {
		mics, shown := live(s.arrived, sfu.Mic), live(s.arrived, sfu.Camera, sfu.Screen)
		differs = differs || !slices.Equal(mics, r.mics) || !slices.Equal(shown, r.shown)
		r.mics, r.shown = mics, shown
	}
	onStage := stage(s.arrived, s.floor.order)
	for _, m := range s.arrived {
		if r.all || m.stale {
			differs = s.arrange(m, onStage) || differs
			m.stale = false
		}
	}
	r.all, r.some, r.lines = false, false, false
	if differs {
		r.router.Route(&sfu.Routing{Views: views(s.arrived), Mics: r.mics, Pictures: r.shown})
	}
}

// arrange seats a member's tiles and tells whether its view differs from what
// was routed before.
func (s *state) arrange(m *member, onStage []tile) bool {
	r := &s.routes
	if m.viewed {
		r.wanted = wantedIn(m.tiles, m, s.members, len(m.pairs), r.wanted[:0])
	} else {
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
	}
	if slices.Equal(r.pairs, m.routed.Pairs) {
		return false
	}
	m.routed.Pairs = slices.Clone(r.pairs)
	return true
}

// views are those of all who receive anything, by arrival.
func views(arrived []*member) []sfu.View {
	all := make([]sfu.View, 0, len(arrived))
	for _, m := range arrived {
		if len(m.routed.Pairs) > 0 || len(m.routed.Voices) > 0 {
			all = append(all, m.routed)
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
