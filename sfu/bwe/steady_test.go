//go:build !race

package bwe

import (
	"testing"
	"time"
)

// worst are the worst values over the seeds.
type worst struct {
	low, mid, high float64 // of the estimate: 5th, 50th and 95th percentile, in shares of the capacity
	wait           float64 // 95th percentile of the queueing delay in ms
	used           float64 // share of the capacity that arrived
	changes        int     // of the layer
	held           float64 // share of time on the last layer
}

func (w *worst) add(f *flow, from, to time.Duration, rate float64) {
	got := f.targets(from, to)
	w.low = min(w.low, at(got, 0.05)/rate)
	w.mid = min(w.mid, at(got, 0.5)/rate)
	w.high = max(w.high, at(got, 0.95)/rate)
	w.wait = max(w.wait, f.waited(from, to, 0.95))
	w.used = min(w.used, f.received(from, to)/rate)
	if l, ok := f.source.(*layered); ok {
		w.changes = max(w.changes, l.changes)
		w.held = min(w.held, f.share(l.layer, from, to))
	}
}

func newWorst() worst { return worst{low: 9, mid: 9, used: 9, held: 1} }

// TestEstimateStaysNearCapacity: whatever a link does to packets, an elastic
// sender's estimate is near what the link carries.
func TestEstimateStaysNearCapacity(t *testing.T) {
	for _, c := range []struct {
		name      string
		link      func(*link)
		low, high float64 // of the 5th percentile and the 95th
		wait      float64
		start     int
	}{
		{"clean", func(*link) {}, 0.85, 1.1, 150, 0},
		{"thin", func(l *link) { l.rate = 200_000 }, 0.55, 1.3, 300, 0},
		{"thin, though the start was high", func(l *link) { l.rate = 300_000 }, 0.65, 1.3, 250, 1_000_000},
		{"wide", func(l *link) { l.rate = 4_800_000; l.delay = 10 * ms }, 0.85, 1.1, 150, 0},
		{"300 ms round trip, 2 % loss", func(l *link) { l.delay = 150 * ms; l.loss = 0.02 }, 0.8, 1.1, 150, 0},
		{"10 % reordered by 50 ms", func(l *link) { l.reorder = 0.1; l.late = 50 * ms }, 0.8, 1.1, 150, 0},
		{"5 % loss", func(l *link) { l.loss = 0.05 }, 0.85, 1.15, 150, 0},
		{"10 % loss", func(l *link) { l.loss = 0.10 }, 0.85, 1.2, 150, 0},
		{"5 % loss in bursts", func(l *link) { l.loss = 0.05; l.burst = 6 }, 0.35, 1.15, 150, 0},
		{"30 ms jitter", func(l *link) { l.jitter = 30 * ms }, 0.7, 1.1, 150, 0},
		{"80 ms jitter", func(l *link) { l.jitter = 80 * ms }, 0.4, 1.1, 200, 0},
		{"a queue of 30 ms", func(l *link) { l.queue = 30 * ms }, 0.85, 1.5, 30, 0},
		{"a queue of 2 s", func(l *link) { l.queue = 2 * sec }, 0.85, 1.1, 150, 0},
		{"a policer", func(l *link) { l.rate = 800_000; l.policer = true }, 0.85, 1.6, 1, 0},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			all := newWorst()
			for seed := range uint64(*seeds) {
				l := clean
				c.link(&l)
				w := newWorld(seed, l)
				config := usual
				if c.start > 0 {
					config.Start = c.start
				}
				f := w.flow(New(config, w.start), &elastic{most: usual.Max})
				w.run(60 * sec)
				all.add(f, 10*sec, 60*sec, l.rate)
			}
			t.Logf("worst of %d: estimate %.2f to %.2f, median %.2f of the capacity, used %.2f, waits %.0f ms", *seeds, all.low, all.high, all.mid, all.used, all.wait)
			if all.low < c.low || all.high > c.high || all.wait > c.wait {
				t.Errorf("want an estimate of %.2f to %.2f and waits up to %.0f ms", c.low, c.high, c.wait)
			}
		})
	}
}

// TestLayerIsHeld: a camera of three layers gets the highest that fits and
// keeps it, though it sends less than the link carries.
func TestLayerIsHeld(t *testing.T) {
	for _, c := range []struct {
		name    string
		link    func(*link)
		pads    bool
		paced   float64
		layer   int
		changes int
	}{
		{"room for the top layer", func(*link) {}, true, 1.5, 2, 2},
		{"just room for the top layer", func(l *link) { l.rate = 2_050_000 }, true, 1.5, 2, 4},
		{"no room for the top layer", func(l *link) { l.rate = 1_000_000 }, true, 1.5, 1, 1},
		{"room for the lowest layer only", func(l *link) { l.rate = 300_000 }, true, 1.5, 0, 0},
		{"frames sent at once", func(*link) {}, true, 0, 2, 2},
		{"300 ms round trip, 2 % loss", func(l *link) { l.delay = 150 * ms; l.loss = 0.02 }, true, 1.5, 2, 2},
		{"10 % reordered by 50 ms", func(l *link) { l.reorder = 0.1; l.late = 50 * ms }, true, 1.5, 2, 2},
		{"5 % loss", func(l *link) { l.loss = 0.05 }, true, 1.5, 2, 4},
		{"10 % loss", func(l *link) { l.loss = 0.10 }, true, 1.5, 2, 4},
		{"20 % loss", func(l *link) { l.loss = 0.20 }, true, 1.5, 2, 8},
		{"30 ms jitter", func(l *link) { l.jitter = 30 * ms }, true, 1.5, 2, 2},
		{"a policer", func(l *link) { l.rate = 800_000; l.policer = true }, true, 1.5, 1, 20},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			all := newWorst()
			for seed := range uint64(*seeds) {
				l := clean
				c.link(&l)
				w := newWorld(seed, l)
				f := w.flow(New(usual, w.start), newLayered(fixed(seed)))
				f.paced, f.pads = c.paced, c.pads
				w.run(90 * sec)
				all.add(f, 10*sec, 90*sec, l.rate)
				if got := f.source.(*layered).layer; got != c.layer {
					t.Errorf("seed %d: layer %d, want %d", seed, got, c.layer)
				}
			}
			t.Logf("worst of %d: held %.0f %% of the time, %d changes, waits %.0f ms, estimate %.2f to %.2f of the capacity", *seeds, 100*all.held, all.changes, all.wait, all.low, all.high)
			if all.changes > c.changes || all.held < 0.95 {
				t.Errorf("want at most %d changes", c.changes)
			}
		})
	}
}
