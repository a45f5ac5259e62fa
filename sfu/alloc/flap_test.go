//go:build !race

package alloc

import (
	"math"
	"math/rand/v2"
	"slices"
	"testing"
	"time"
)

// noise is a budget that wavers about a mean by a fifth of it.
type noise func(r *rand.Rand, at time.Duration) float64

// noises are such budgets, and the most changes that any picture may go through
// in a minute of them: of its layer, for which it waits for a keyframe, and in all.
var noises = []struct {
	name           string
	budget         noise
	ofLayer, inAll float64
}{
	{"every estimate another", func(r *rand.Rand, _ time.Duration) float64 { return .8 + .4*r.Float64() }, 2, 4},
	{"waves of 3 s", wave(3 * time.Second), 3, 8},
	{"waves of 10 s", wave(10 * time.Second), 6, 20},
	{"waves of 25 s", wave(25 * time.Second), 6, 20},
	{"drops by a third every seven seconds", func(_ *rand.Rand, at time.Duration) float64 {
		if at%(7*time.Second) < time.Second {
			return .67
		}
		return 1
	}, 7, 20},
}

func wave(period time.Duration) noise {
	return func(r *rand.Rand, at time.Duration) float64 {
		return 1 + .17*math.Sin(2*math.Pi*at.Seconds()/period.Seconds()) + .06*(r.Float64()-.5)
	}
}

// changes counts how often what a picture gets changes in a minute, on average of
// the pictures, while the budget wavers and the rates of the layers do, by a twentieth.
func changes(asks []Ask[int], mean int, n noise) (ofLayer, inAll float64) {
	const minutes = 2
	r := rand.New(rand.NewPCG(uint64(mean), 6))
	var a Allocator[int]
	truth, before := make([][]Option, len(asks)), make([]int, len(asks))
	for i := range asks {
		truth[i] = slices.Clone(asks[i].Options)
	}
	each := 1 / float64(len(asks)*minutes)
	for at := time.Duration(0); at < (minutes+1)*time.Minute; at += 100 * ms {
		for i := range asks {
			part := .95 + .1*r.Float64()
			for j := range asks[i].Options {
				asks[i].Options[j].Bits = int(float64(truth[i][j].Bits) * part)
			}
		}
		result := a.Allocate(int(float64(mean)*n(r, at)), asks, start.Add(at))
		for i, c := range result.Choices {
			if c.Option != before[i] && at > time.Minute {
				inAll += each
				if (c.Option+3)/3 != (before[i]+3)/3 { // three of each layer
					ofLayer += each
				}
			}
			before[i] = c.Option
		}
	}
	return ofLayer, inAll
}

func TestDoesNotFlapWhenTheBudgetDoes(t *testing.T) {
	views := map[string]func() []Ask[int]{
		"one picture": func() []Ask[int] { return []Ask[int]{camera(1, 720)} },
		"a grid": func() (asks []Ask[int]) {
			for i := range 9 {
				asks = append(asks, camera(i, 360))
			}
			return asks
		},
		"a screen and four": func() []Ask[int] {
			return []Ask[int]{camera(1, 200), screen(2, 720), camera(3, 200), pin(camera(4, 360)), camera(5, 200)}
		},
	}
	for view, asks := range views {
		for _, n := range noises {
			for mean := 60_000; mean < 5_000_000; mean += mean / 3 {
				ofLayer, inAll := changes(asks(), mean, n.budget)
				if ofLayer > n.ofLayer || inAll > n.inAll {
					t.Errorf("%s, %s, about %d: %.1f changes of a picture's layer in a minute, %.1f in all",
						view, n.name, mean, ofLayer, inAll)
				}
			}
		}
	}
}

// TestComfortDoesNotFlap: a budget that wavers about what comfort takes costs it once
// a minute at most.
func TestComfortDoesNotFlap(t *testing.T) {
	for _, n := range noises {
		for mean := 1_500_000; mean < 4_000_000; mean += 100_000 {
			r := rand.New(rand.NewPCG(uint64(mean), 8))
			var a Allocator[int]
			asks, changes, before := []Ask[int]{camera(1, 720)}, 0, false
			for at := time.Duration(0); at < 10*time.Minute; at += 100 * ms {
				now := a.Allocate(int(float64(mean)*n.budget(r, at)), asks, start.Add(at)).Comfortable
				if now != before {
					changes, before = changes+1, now
				}
			}
			if changes > 20 {
				t.Errorf("%s about %d: %d changes in 10 minutes", n.name, mean, changes)
			}
		}
	}
}
