//go:build !race

package bwe

import (
	"testing"
	"time"
)

// TestACollapseShowsAtOnce: a link that carries a sixth of what it did is known
// for what it is before the bursts that meet it have left it.
func TestACollapseShowsAtOnce(t *testing.T) {
	for _, c := range []struct {
		name   string
		bucket int
		every  time.Duration // feedback
	}{
		{"feedback every 50 ms", 0, 50 * ms},
		{"feedback every 100 ms", 0, 100 * ms},
		{"a shaper that lets 4 KB pass at once", 4096, 50 * ms},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			var slowest time.Duration
			for seed := range uint64(*seeds) {
				l := clean
				l.delay, l.queue, l.bucket = 5*ms, 200*ms, c.bucket
				w := newWorld(seed, l)
				w.every = c.every
				e := New(usual, w.start)
				w.flow(e, newLayered(fixed(seed)))
				w.run(20 * sec)
				w.link.set(300_000, w.now)
				for w.now < 22*sec && e.Target() > 400_000 {
					w.run(w.now + 10*ms)
				}
				slowest = max(slowest, w.now-20*sec)
				w.run(22 * sec)
				if e.Target() < 150_000 {
					t.Errorf("seed %d: %d bit/s of 300,000 two seconds later", seed, e.Target())
				}
			}
			t.Logf("worst of %d: known after %v", *seeds, slowest)
			if slowest > 450*ms {
				t.Error("want 450 ms")
			}
		})
	}
}

// TestALongerWayIsNoCollapse: packets that all come later, and as many as before,
// say nothing against the link.
func TestALongerWayIsNoCollapse(t *testing.T) {
	for seed := range uint64(*seeds) {
		w := newWorld(seed, clean)
		e := New(usual, w.start)
		w.flow(e, newLayered(fixed(seed)))
		w.run(20 * sec)
		before := e.Target()
		w.link.delay += 150 * ms
		for w.now < 21*sec {
			w.run(w.now + 10*ms)
			if e.Target() < before/2 {
				t.Fatalf("seed %d: from %d to %d after %v", seed, before, e.Target(), w.now-20*sec)
			}
		}
	}
}
