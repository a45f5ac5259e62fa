package bwe

import (
	"math/rand/v2"
	"time"
)

// source is what a flow has to send.
type source interface {
	// next returns the packets that come up by now, given the target.
	next(now time.Duration, target float64) []int
	// wanted is the target that would be of use.
	wanted() int
}

// elastic sends as much as the target allows.
type elastic struct {
	last   time.Duration
	credit float64
	most   int
}

func (e *elastic) next(now time.Duration, target float64) (packets []int) {
	e.credit = min(e.credit+target*(now-e.last).Seconds(), 1e6)
	e.last = now
	for e.credit >= 1200*8 {
		e.credit -= 1200 * 8
		packets = append(packets, 1200)
	}
	return packets
}

func (e *elastic) wanted() int { return e.most }

// layered is a simulcast camera: thirty frames a second of the highest layer
// that fits nine tenths of the target (it stays while it fits all), a keyframe of five frames' size at a
// switch and every ten seconds, frames of uneven size.
type layered struct {
	random  *rand.Rand
	rates   []int
	layer   int
	changes int
	due     time.Duration
	key     time.Duration
	fixed   bool // the layer stays, whatever the target
}

func newLayered(random *rand.Rand) *layered {
	return &layered{random: random, rates: []int{150_000, 500_000, 1_700_000}}
}

func (l *layered) next(now time.Duration, target float64) (packets []int) {
	if now < l.due {
		return nil
	}
	l.due = now + 33*ms
	layer := 0
	for i, rate := range l.rates {
		if float64(rate) <= 0.9*target || i <= l.layer && float64(rate) <= target {
			layer = i
		}
	}
	if l.fixed {
		layer = l.layer
	}
	if layer != l.layer {
		l.changes++
		l.layer, l.key = layer, now
	}
	size := float64(l.rates[layer]) / 8 / 30 * (0.7 + 0.6*l.random.Float64())
	if now >= l.key {
		size *= 5
		l.key = now + 10*time.Second
	}
	packets = append(packets, 100) // and sound, more or less
	for ; size > 1200; size -= 1200 {
		packets = append(packets, 1200)
	}
	return append(packets, max(int(size), 60))
}

func (l *layered) wanted() int { return l.rates[len(l.rates)-1] * 10 / 9 }
