package alloc

import (
	"math"
	"slices"
)

// The tiers of importance. Those before others are raised one after another.
const (
	pinnedScreens = iota
	screens
	pinned
	others
)

// rank is an ask's tier.
func rank(screen, pin bool) int {
	switch {
	case screen && pin:
		return pinnedScreens
	case screen:
		return screens
	case pin:
		return pinned
	}
	return others
}

// plan is what is planned for one ask. Levels are indices of its ladder, -1 is
// nothing.
type plan struct {
	rank   int
	height int
	ladder []step
	held   int // the level it was given the last time
	level  int // what it is given
}

// raise is a plan's step from the level before.
type raise struct {
	plan, level int
	bits        int  // that it costs more, per second
	held        bool // it was already made
}

// planner knows in what order bandwidth is handed out. That order does not
// depend on how much there is: a budget only says how far one gets.
type planner struct {
	plans   []plan
	keys    []uint64 // of the plans, most important first
	raises  []raise  // in the order in which they are made
	waiting []raise  // the next one of each of the others, while raises are put in order
	spent   int      // bits per second that the levels cost
}

func (p *planner) resize(n int) {
	for cap(p.plans) < n {
		p.plans = append(p.plans[:cap(p.plans)], plan{})
	}
	p.plans = p.plans[:n]
}

// order sorts the plans by importance.
func (p *planner) order() {
	p.keys = p.keys[:0]
	for i := range p.plans {
		height := p.plans[i].height
		if height <= 0 || height > math.MaxUint16 {
			height = math.MaxUint16
		}
		key := uint64(p.plans[i].rank)<<48 | uint64(math.MaxUint16-height)<<32 | uint64(i)
		p.keys = append(p.keys, key)
	}
	slices.Sort(p.keys)
}

// at is the plan of a key, and its index.
func (p *planner) at(key uint64) (*plan, int) {
	i := int(uint32(key))
	return &p.plans[i], i
}

// step is the raise to a level of a plan.
func (p *planner) step(i, level int) raise {
	l := p.plans[i].ladder
	return raise{plan: i, level: level, bits: l[level].bits - l[level-1].bits, held: level <= p.plans[i].held}
}

// arrange puts all raises in order: one plan after another for the important
// ones, smallest step first for the others. With the smallest first, when one
// does not fit none of the rest does. A step that is already taken counts half,
// or measurements of about the same size would take turns.
func (p *planner) arrange() {
	p.raises, p.waiting = p.raises[:0], p.waiting[:0]
	for _, key := range p.keys {
		plan, i := p.at(key)
		switch {
		case len(plan.ladder) < 2:
		case plan.rank == others:
			p.waiting = append(p.waiting, p.step(i, 1))
		default:
			for level := 1; level < len(plan.ladder); level++ {
				p.raises = append(p.raises, p.step(i, level))
			}
		}
	}
	for len(p.waiting) > 0 {
		p.raises = append(p.raises, p.smallest())
	}
}

// smallest takes the smallest step of those that are waiting.
func (p *planner) smallest() raise {
	least, best := math.MaxInt, 0
	for j, r := range p.waiting {
		bits := r.bits
		if r.held {
			bits /= 2
		}
		if bits < least {
			least, best = bits, j
		}
	}
	r := p.waiting[best]
	if r.level+1 < len(p.plans[r.plan].ladder) {
		p.waiting[best] = p.step(r.plan, r.level+1)
	} else {
		p.waiting = slices.Delete(p.waiting, best, best+1)
	}
	return r
}

// show gives each plan its lowest point or nothing: by importance, while all
// given so far costs at most keep bits per second for a plan that was shown, or
// first for the first of all, and at most fresh for one that was not.
func (p *planner) show(first, keep, fresh int) {
	p.spent = 0
	heaviest := math.MaxInt
	for _, key := range p.keys {
		plan, _ := p.at(key)
		plan.level = -1
		if len(plan.ladder) == 0 {
			continue
		}
		bits, keep := plan.ladder[0].bits, keep
		if p.spent == 0 {
			keep = max(first, keep)
		}
		if held := plan.held >= 0; held && p.spent+bits <= keep || !held && p.spent+bits <= fresh && bits <= heaviest {
			plan.level = 0
			p.spent += bits
		} else {
			heaviest = min(heaviest, bits/2)
		}
	}
}

// raise raises the plans that are shown, in order: while all given so far costs
// at most keep bits per second for a step that was made before, and at most
// fresh for one that was not. After one that was not, the less important get by
// with fresh too, or they would fill the room that it has to leave.
func (p *planner) raise(keep, fresh int) {
	for _, r := range p.raises {
		plan, limit := &p.plans[r.plan], fresh
		if r.held {
			limit = keep
		}
		switch {
		case r.level != plan.level+1: // one before it was not made
		case p.spent+r.bits <= limit:
			plan.level = r.level
			p.spent += r.bits
			if !r.held {
				keep = fresh
			}
		case plan.rank != others:
		case r.held:
			return
		default:
			fresh = 0 // no smaller one waits
		}
	}
}

// next is the budget with which the next improvement would be made, 0 if there
// is none to make.
func (p *planner) next() int {
	spent := 0
	for _, key := range p.keys {
		plan, _ := p.at(key)
		if len(plan.ladder) == 0 {
			continue
		}
		spent += plan.ladder[0].bits
		if plan.level < 0 {
			return more(spent, showMargin)
		}
	}
	for _, r := range p.raises {
		spent += r.bits
		if r.level > p.plans[r.plan].level {
			return more(spent, raiseMargin)
		}
	}
	return 0
}
