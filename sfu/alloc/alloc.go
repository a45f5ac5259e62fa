// Package alloc divides a subscriber's bandwidth among the pictures that it
// wants to see, and works out which layers a publisher has to send. It sends
// nothing and reads no clock: time is an argument.
//
// The rules, in the order in which they count:
//
//  1. Sound is not its business: the budget is what is left after it.
//  2. Everybody first gets their lowest point, by importance: screens before
//     cameras, pinned before others, big before small, then as the view has
//     them. What does not fit pauses; so does all after it that is not at most
//     half as heavy, so that pictures of about the same weight pause last-first
//     and one heavy picture does not keep light ones dark.
//  3. Then screens are raised as far as they want, one after another, then what
//     is pinned, then the rest evenly: the smallest step first.
//  4. Nobody goes above what its tile can show.
//  5. Down at once, as far as needed. Up only if the better state would have
//     fitted for a while (see patience) and leaves room to spare; who makes room
//     for a more important step leaves some too. What is held needs no room.
//
// From nothing held, more budget changes who is shown only in favour of the more
// important, and while the same ones are shown, also how they are.
package alloc

import "time"

const (
	// raiseMargin is the room, in percent of what is then used, that a step up
	// must leave.
	raiseMargin = 8
	// showMargin is the same for showing what was paused: a dark tile is worse
	// than a coarse one.
	showMargin = 5
	// slack is how far, in percent of the budget, lowest points that are already
	// shown may exceed it: an estimate that dips for a moment darkens nothing.
	slack = 10
	// easeMargin is the room that makes a subscriber comfortable, and the least
	// that keeps it so.
	easeMargin, uneaseMargin = 30, 15
	// easePause is how long who was comfortable, and is not any more, takes at least
	// to be so again: or a publisher would turn a layer on and off all the time.
	easePause = time.Minute
	// mostBudget keeps sums from overflowing. It stands for no limit.
	mostBudget = 1 << 40
)

// Point is one way to receive a source.
type Point struct {
	Layer    uint8 // the RTP stream of the source, by size; 0 for one with a single stream
	Spatial  uint8 // the spatial layer in it, 0 if it has no such
	Temporal uint8 // the highest temporal layer that is forwarded
}

// Option is a point that is to be had, and what it costs. To be had is also what
// its publisher does not send because nobody wants it, but not what it does not
// send though it is wanted.
type Option struct {
	Point
	Bits   int // bits per second; a guess where it is not measured yet
	Height int // pixels; 0 if unknown, which is never enough
	FPS    int // pictures per second; 0 if unknown
}

// Ask is one picture that a subscriber wants to see. Key tells it from the
// others over time: a tile that shows another source has another key, or the new
// one would count as held. K should be cheap to compare.
type Ask[K comparable] struct {
	Key    K
	Screen bool // a shared screen, not a camera
	Pinned bool
	Height int // of its tile, in device pixels; 0 if unknown: as large as it gets
	// Options are ordered by layer, spatial and temporal layer, all ascending.
	// They may be none, and then the ask gets nothing and is not called paused.
	Options []Option
}

// Choice is what an ask gets.
type Choice struct {
	Option int  // index in the ask's Options, -1 for nothing
	Wanted int  // index of what it would get if bandwidth did not matter, -1 if there is nothing
	Paused bool // it gets nothing because the budget does not allow it
}

// Result is what [Allocator.Allocate] decided.
type Result struct {
	Choices []Choice // one per ask, in their order; valid until the next call
	Total   int      // bits per second that the choices cost
	// Wanted is the budget, in bits per second, with which every ask would get
	// what it wants and the subscriber be comfortable: there is no use in more.
	Wanted int
	// Next is the budget, in bits per second, with which the next improvement
	// would be made: what is worth probing for. 0 if there is none to make.
	Next int
	// Comfortable tells that everything wanted is given and that the budget has
	// long been well above it.
	Comfortable bool
}

// Allocator divides the bandwidth of one subscriber. It remembers what it chose
// and how the budget went, so that what it chooses does not flap. The zero value
// is ready. One goroutine owns it.
type Allocator[K comparable] struct {
	// Scratch is what it works with; nil for one of its own.
	*Scratch
	patience    patience
	comfortable bool
	uneasy      time.Time // when that last ended; zero for never
	held, spare []held[K]
	choices     []Choice
}

// Scratch is what allocators work with during a call, and do not need after it:
// those of one goroutine may share it.
type Scratch struct{ planner }

// held is what an ask was given.
type held[K comparable] struct {
	key   K
	shown bool
	point Point
	bits  int // per second
}

// Allocate divides a budget in bits per second among asks, in the order of the
// view. Call it a few times a second and whenever an ask changes: a budget
// stands until the next call. It allocates only while it meets more asks than before.
func (a *Allocator[K]) Allocate(budget int, asks []Ask[K], now time.Time) Result {
	budget = min(max(budget, 0), mostBudget)
	if a.Scratch == nil {
		a.Scratch = &Scratch{}
	}
	a.patience.see(budget, now)
	a.plan(asks)
	a.order()
	a.arrange()

	trusted := a.patience.trusted(now)
	a.show(more(a.patience.lately(), slack), more(budget, slack), less(trusted, showMargin))
	a.raise(budget, less(trusted, raiseMargin))
	a.learn(budget, now)
	return a.conclude(asks, now)
}

// plan makes a plan for each ask.
func (a *Allocator[K]) plan(asks []Ask[K]) {
	a.resize(len(asks))
	for i := range asks {
		ask, p := &asks[i], &a.plans[i]
		p.rank = rank(ask.Screen, ask.Pinned)
		p.height = ask.Height
		p.ladder = climb(p.ladder[:0], ask.Options, ask.Screen, ask.Height)
		p.held = -1
		if h := a.recall(ask.Key, i); h != nil && h.shown {
			p.held = place(p.ladder, ask.Options, h.point, h.bits)
		}
	}
}

// recall finds what an ask was given, most likely where it was the last time.
func (a *Allocator[K]) recall(key K, at int) *held[K] {
	if at < len(a.held) && a.held[at].key == key {
		return &a.held[at]
	}
	for i := range a.held {
		if a.held[i].key == key {
			return &a.held[i]
		}
	}
	return nil
}

// learn sees what became of what was held.
func (a *Allocator[K]) learn(budget int, now time.Time) {
	held, raised, lowered := 0, false, false
	for i := range a.plans {
		p := &a.plans[i]
		raised = raised || p.level > p.held
		lowered = lowered || p.level < p.held
		if p.held >= 0 {
			held += p.ladder[p.held].bits
		}
	}
	if lowered && held > budget {
		a.patience.overran(held, now)
	}
	if raised {
		a.patience.raised = now
	}
}

// conclude tells what was decided and remembers it.
func (a *Allocator[K]) conclude(asks []Ask[K], now time.Time) Result {
	a.choices, a.spare = a.choices[:0], a.spare[:0]
	result, wanted, all := Result{}, 0, true
	for i := range asks {
		p, h, c := &a.plans[i], held[K]{key: asks[i].Key}, Choice{Option: -1, Wanted: -1}
		if top := len(p.ladder) - 1; top >= 0 {
			c.Wanted, c.Paused = p.ladder[top].option, p.level < 0
			wanted += p.ladder[top].bits
			all = all && p.level == top
		}
		if p.level >= 0 {
			step := p.ladder[p.level]
			c.Option = step.option
			h.shown, h.point, h.bits = true, asks[i].Options[step.option].Point, step.bits
			result.Total += step.bits
		}
		a.choices, a.spare = append(a.choices, c), append(a.spare, h)
	}
	a.held, a.spare = a.spare, a.held
	a.ease(all, result.Total, now)
	result.Choices, result.Comfortable = a.choices, a.comfortable
	result.Wanted = more(wanted, easeMargin)
	if next := a.next(); next > 0 {
		result.Next = a.patience.convincing(next, now)
	}
	return result
}

// ease decides whether the subscriber is comfortable with what costs total, in bits
// per second, and is all that it wants or not.
func (a *Allocator[K]) ease(all bool, total int, now time.Time) {
	before, margin := a.comfortable, easeMargin
	if before {
		margin = uneaseMargin
	}
	paused := !before && !a.uneasy.IsZero() && now.Sub(a.uneasy) < easePause
	a.comfortable = all && !paused && a.patience.least(longest) >= more(total, margin)
	if before && !a.comfortable {
		a.uneasy = now
	}
}

// less is what may be used of a budget that has to leave a margin in percent.
func less(budget, margin int) int { return budget * 100 / (100 + margin) }

// more is the least budget that leaves the margin to what is used.
func more(used, margin int) int { return (used*(100+margin) + 99) / 100 }
