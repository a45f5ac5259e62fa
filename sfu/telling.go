package sfu

import "slices"

// tell notes that a slot's state waits to be told.
func (g *wing) tell(s *Slot) {
	g.report()
	g.changed = append(g.changed, s)
}

// tellWant lets the room know which layers of a source are needed.
func (g *wing) tellWant(s *Source) {
	g.report()
	if !slices.Contains(g.wanted, s) {
		g.wanted = append(g.wanted, s)
	}
}

// report has flush called at the end of the worker's turn.
func (g *wing) report() {
	if len(g.changed)+len(g.wanted)+len(g.graded) == 0 {
		g.worker.telling = append(g.worker.telling, g)
	}
}

// flush tells the room what its slots carry now, and what is wanted.
func (g *wing) flush() {
	states := make([]SlotState, 0, len(g.changed))
	for _, s := range g.changed {
		if s.wing == g && s.changed {
			s.changed = false
			state := s.state
			state.Source = state.Source.home()
			states = append(states, state)
		}
	}
	var wanted []Want
	for _, s := range g.wanted {
		if s.wing == g {
			wanted = append(wanted, s.want())
		}
	}
	graded := slices.Clone(g.graded)
	clear(g.changed)
	clear(g.wanted)
	g.changed, g.wanted, g.graded = g.changed[:0], g.wanted[:0], g.graded[:0]
	if g.order.over {
		return
	}
	if len(states) > 0 {
		g.observer.SlotsChanged(states)
	}
	if len(wanted) > 0 {
		g.observer.WantsChanged(wanted)
	}
	if len(graded) > 0 {
		g.observer.QualityChanged(graded)
	}
}
