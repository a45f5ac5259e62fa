//go:build !race

package alloc

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"testing"
	"time"
)

// someAsks makes a view of anything: sources with and without layers, in order
// of cost and not, screens, pins, tiles of all sizes.
func someAsks(r *rand.Rand) []Ask[int] {
	asks := make([]Ask[int], 1+r.IntN(12))
	for i := range asks {
		asks[i] = Ask[int]{
			Key: i, Screen: r.IntN(6) == 0, Pinned: r.IntN(6) == 0,
			Height: []int{0, 90, 180, 360, 720, 1080}[r.IntN(6)],
		}
		bits := 20_000 + r.IntN(300_000)
		for layer := range r.IntN(4) {
			temporals := 1 + r.IntN(3)
			for temporal := range temporals {
				asks[i].Options = append(asks[i].Options, Option{
					Point: Point{Layer: uint8(layer), Temporal: uint8(temporal)},
					Bits:  bits * (temporal + 1) / temporals, Height: 180 << layer, FPS: 30 * (temporal + 1) / temporals,
				})
			}
			bits = bits * (80 + r.IntN(400)) / 100
		}
	}
	return asks
}

// byImportance lists asks as the rules order them, without those that have nothing.
func byImportance(asks []Ask[int]) []int {
	var order []int
	for i := range asks {
		if len(asks[i].Options) > 0 {
			order = append(order, i)
		}
	}
	before := func(yes func(*Ask[int]) bool, i, j int) int {
		switch a, b := yes(&asks[i]), yes(&asks[j]); {
		case a && !b:
			return -1
		case b && !a:
			return 1
		}
		return 0
	}
	slices.SortStableFunc(order, func(i, j int) int {
		if c := before(func(a *Ask[int]) bool { return a.Screen }, i, j); c != 0 {
			return c
		}
		if c := before(func(a *Ask[int]) bool { return a.Pinned }, i, j); c != 0 {
			return c
		}
		return int(uint16(asks[j].Height-1)) - int(uint16(asks[i].Height-1))
	})
	return order
}

// fresh is what a new allocator chooses, as options by importance.
func fresh(asks []Ask[int], budget int) ([]int, Result) {
	var a Allocator[int]
	r := a.Allocate(budget, asks, start)
	var options []int
	for _, i := range byImportance(asks) {
		options = append(options, r.Choices[i].Option)
	}
	return options, r
}

// compare tells in favour of which of two budgets the choices are: those who are
// shown count first, the more important before the less, then how they are shown.
func compare(a, b []int) int {
	dark := func(options []int) []int {
		out := make([]int, len(options))
		for i, o := range options {
			out[i] = min(o, 0)
		}
		return out
	}
	if c := slices.Compare(dark(a), dark(b)); c != 0 {
		return c
	}
	return slices.Compare(a, b)
}

func TestMoreBudgetIsNeverWorseForTheMoreImportant(t *testing.T) {
	for seed := range uint64(100) {
		r := rand.New(rand.NewPCG(seed, 1))
		asks := someAsks(r)
		order := byImportance(asks)
		var last []int
		for budget := 0; budget < 10_000_000; budget += 1 + budget/50 + r.IntN(10_000) {
			got, result := fresh(asks, budget)
			if result.Total > budget {
				t.Fatalf("seed %d: %d of %d", seed, result.Total, budget)
			}
			if last != nil && compare(last, got) > 0 {
				t.Fatalf("seed %d, %d: %v after %v with less", seed, budget, got, last)
			}
			last = got
		}
		last, _ = fresh(asks, mostBudget)
		for n, i := range order {
			if c, want := last[n], climb(nil, asks[i].Options, asks[i].Screen, asks[i].Height); c != want[len(want)-1].option {
				t.Fatalf("seed %d: ask %d gets option %d of more than enough", seed, i, c)
			}
		}
	}
}

// TestTheRestIsRaisedTogether: while the same ones are shown and no screen or pin
// changes, more budget makes nobody worse.
func TestTheRestIsRaisedTogether(t *testing.T) {
	for seed := range uint64(100) {
		r := rand.New(rand.NewPCG(seed, 2))
		asks := someAsks(r)
		for i := range asks {
			asks[i].Screen, asks[i].Pinned = false, false
		}
		var last []int
		for budget := 0; budget < 10_000_000; budget += 1 + budget/50 + r.IntN(10_000) {
			got, _ := fresh(asks, budget)
			if last != nil && slices.Contains(last, -1) == slices.Contains(got, -1) && !slices.Contains(got, -1) {
				for i := range got {
					if got[i] < last[i] {
						t.Fatalf("seed %d, %d: %v after %v with less", seed, budget, got, last)
					}
				}
			}
			last = got
		}
	}
}

func TestPausesLastFirst(t *testing.T) {
	for seed := range uint64(500) {
		r := rand.New(rand.NewPCG(seed, 3))
		asks := someAsks(r)
		_, result := fresh(asks, r.IntN(1_000_000))
		heaviest := 1 << 60
		for _, i := range byImportance(asks) {
			lowest := climb(nil, asks[i].Options, asks[i].Screen, asks[i].Height)[0].bits
			switch c := result.Choices[i]; {
			case c.Paused:
				heaviest = min(heaviest, lowest)
			case lowest > heaviest/2:
				t.Fatalf("seed %d: ask %d is shown though one before it of no more than twice its weight is not", seed, i)
			}
		}
	}
}

func TestNextIsWhatTheNextImprovementNeeds(t *testing.T) {
	for seed := range uint64(100) {
		r := rand.New(rand.NewPCG(seed, 4))
		asks := someAsks(r)
		steps := 0
		got, result := fresh(asks, 0)
		for ; result.Next > 0; steps++ {
			better, then := fresh(asks, result.Next)
			if compare(got, better) >= 0 {
				t.Fatalf("seed %d: %v, and %v with %d", seed, got, better, result.Next)
			}
			if same, _ := fresh(asks, min(result.Next-2, then.Total)); compare(same, better) >= 0 {
				t.Fatalf("seed %d: %v already with less than %d", seed, better, result.Next)
			}
			if result.Next > result.Wanted {
				t.Fatalf("seed %d: next is %d, but all that is wanted %d", seed, result.Next, result.Wanted)
			}
			got, result = better, then
		}
		if _, all := fresh(asks, result.Wanted); all.Next != 0 || steps > 100 {
			t.Fatalf("seed %d: not all with what is wanted", seed)
		}
	}
}

// TestNeverOverBudgetAndNeverAboveNeed lets budget, rates, view and layers change at random.
func TestNeverOverBudgetAndNeverAboveNeed(t *testing.T) {
	for seed := range uint64(100) {
		r := rand.New(rand.NewPCG(seed, 5))
		var a Allocator[int]
		asks, now, budget := someAsks(r), start, 1_000_000
		for range 300 {
			now = now.Add(time.Duration(r.IntN(400)) * ms)
			switch r.IntN(8) {
			case 0:
				budget = r.IntN(4_000_000)
			case 1:
				asks = someAsks(r)
			case 2:
				r.Shuffle(len(asks), func(i, j int) { asks[i], asks[j] = asks[j], asks[i] })
			default:
				for i := range asks {
					for j := range asks[i].Options {
						asks[i].Options[j].Bits = asks[i].Options[j].Bits * (95 + r.IntN(11)) / 100
					}
				}
			}
			if err := sound(asks, a.Allocate(budget, asks, now), budget); err != nil {
				t.Fatalf("seed %d: %v", seed, err)
			}
		}
	}
}

// sound says what is wrong with a result whatever came before it.
func sound(asks []Ask[int], r Result, budget int) error {
	total, shown, raised := 0, 0, false
	for i, c := range r.Choices {
		ladder := climb(nil, asks[i].Options, asks[i].Screen, asks[i].Height)
		switch {
		case c.Paused != (c.Option < 0 && len(asks[i].Options) > 0):
			return fmt.Errorf("ask %d: %+v", i, c)
		case c.Option > c.Wanted:
			return fmt.Errorf("ask %d gets more than it wants: %+v", i, c)
		case c.Option >= 0:
			total += asks[i].Options[c.Option].Bits
			shown++
			raised = raised || c.Option != ladder[0].option
		}
	}
	if total != r.Total || total > budget && raised || total > more(budget, slack) && shown > 1 {
		return fmt.Errorf("%d of %d (raised: %v), told as %d", total, budget, raised, r.Total)
	}
	return nil
}
