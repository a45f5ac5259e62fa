package alloc

import (
	"slices"
	"time"
)

const (
	// grain is how finely the past of the budget is kept.
	grain = 250 * time.Millisecond
	// shortest is how long, in grains, a budget must have held for a step up, and
	// longest the same after steps that failed one after another.
	shortest, longest = 6, 48
	// dip is how long, in grains, a budget may be short until the last picture goes dark
	// for it: to be shown again takes three times as long.
	dip = 2
	// probation is how long a step up may still turn out to be a failure.
	probation = 10 * time.Second
	// forgiving is how long a failure is remembered.
	forgiving = time.Minute
)

// patience decides which budget may be relied on for going up: the least that
// there was in the last one and a half seconds. So an estimate that jitters is
// worth its dips, while a change of the view on a steady link is not delayed.
//
// A step up that does not last for ten seconds has failed. From then on, until a
// minute has passed without, to get as high again takes a budget that held for
// 3 s, after the next failure 6 s, then 12 s; or, for the short time, half as much
// again as ever failed: then the link has changed.
type patience struct {
	began  time.Time
	head   int64            // the current grain, counted from began
	lows   [longest + 1]int // the least budget in each of the latest grains
	highs  [dip + 1]int     // the greatest, likewise
	budget int              // the latest

	raised time.Time // when something was raised; zero after it failed
	failed time.Time // the latest failure
	// leastFailed and mostFailed are the ends of what failed, bits per second.
	leastFailed, mostFailed int
	hold                    int // how long a budget must hold after it, in grains
}

// see takes the budget that stands from now on. There was none before the first,
// so that one may be used at once.
func (p *patience) see(budget int, now time.Time) {
	if p.began.IsZero() {
		p.began, p.budget, p.hold = now, budget, shortest
		p.lows[0], p.highs[0] = budget, budget
	}
	head := int64(now.Sub(p.began) / grain)
	for i := max(p.head, head-longest-1) + 1; i <= head; i++ {
		p.lows[i%int64(len(p.lows))] = p.budget
		p.highs[i%int64(len(p.highs))] = p.budget
	}
	p.head = max(p.head, head)
	low := &p.lows[p.head%int64(len(p.lows))]
	high := &p.highs[p.head%int64(len(p.highs))]
	*low, *high = min(*low, budget), max(*high, budget)
	p.budget = budget
}

// least is the least budget in the latest whole grains and the current one.
func (p *patience) least(grains int) int {
	low := p.budget
	for i := p.head; i >= max(p.head-int64(grains), 0); i-- {
		low = min(low, p.lows[i%int64(len(p.lows))])
	}
	return low
}

// lately is the greatest budget in the latest half second.
func (p *patience) lately() int { return slices.Max(p.highs[:]) }

// wary tells whether a failure is remembered.
func (p *patience) wary(now time.Time) bool {
	return p.hold > shortest && now.Sub(p.failed) < forgiving
}

// trusted is the budget that steps up may use.
func (p *patience) trusted(now time.Time) int {
	low := p.least(shortest)
	if !p.wary(now) || low >= p.overcome() {
		return low
	}
	return max(p.least(p.hold), min(low, p.doubted()))
}

// doubted is the budget up to which the failures say nothing: a tenth below
// what failed, since rates waver.
func (p *patience) doubted() int { return p.leastFailed - p.leastFailed/10 }

// overcome is the budget that shows that the link is not the one on which steps
// failed.
func (p *patience) overcome() int { return p.mostFailed + p.mostFailed/2 }

// convincing is the budget that would allow what needs a budget, before long.
func (p *patience) convincing(need int, now time.Time) int {
	if p.wary(now) && need > p.doubted() {
		return max(need, p.overcome())
	}
	return need
}

// overran says that what was given, in bits per second, does not fit any more. If
// not even a quarter of it does, the link has changed, and no step up was the mistake.
func (p *patience) overran(given int, now time.Time) {
	if !p.wary(now) {
		p.hold, p.leastFailed, p.mostFailed = shortest, given, given
	}
	if !p.raised.IsZero() && now.Sub(p.raised) < probation && p.budget >= given/4 {
		p.hold = min(2*p.hold, longest)
		p.failed, p.raised = now, time.Time{}
		p.leastFailed, p.mostFailed = min(p.leastFailed, given), max(p.mostFailed, given)
	}
}
