package sfu

import (
	"math"
	"sync/atomic"
	"time"
)

// busyEvery is how often the share of its time that a worker works is measured.
const busyEvery = time.Second

// calmRest is how long the rests of a worker last, or longer, to which little comes.
const calmRest = 4 * time.Millisecond

// busy measures how much of its time a worker works. It belongs to the worker
// but for share.
type busy struct {
	began  time.Time     // of the second at hand
	rested time.Duration // in it
	rests  int           // how often
	slack  bool          // in the last second it rested long
	figure atomic.Uint64 // of the last seconds, a float64
}

// turn takes the time at which a turn begins and when the worker went to sleep
// before it, zero for not at all.
func (b *busy) turn(slept, now time.Time) {
	if b.began.IsZero() {
		b.began = now
	}
	if !slept.IsZero() {
		b.rested += now.Sub(slept)
		b.rests++
	}
	lasted := now.Sub(b.began)
	if lasted < busyEvery {
		return
	}
	worked := max(0, 1-float64(b.rested)/float64(lasted))
	b.slack = b.rested > time.Duration(b.rests)*calmRest
	b.began, b.rested, b.rests = now, 0, 0
	b.figure.Store(math.Float64bits((b.share() + worked) / 2)) // half of it from before
}

// share is how much of its time the worker works, 0 to 1. Any goroutine.
func (b *busy) share() float64 { return math.Float64frombits(b.figure.Load()) }
