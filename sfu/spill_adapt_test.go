//go:build !race

package sfu

import (
	"slices"
	"testing"
	"time"
)

// TestEstimateAndLayersFollowTheLinkOnAnotherWorker: who is on another worker than
// the publisher is served as well as who is on the same one, through losses on the
// way in, and while somebody with a good link watches there too.
func TestEstimateAndLayersFollowTheLinkOnAnotherWorker(t *testing.T) {
	t.Parallel()
	steps := []struct {
		from, to time.Duration
		rate     float64
	}{
		{0, 30 * time.Second, 1_000_000}, {30 * time.Second, 50 * time.Second, 2_500_000}, {50 * time.Second, 70 * time.Second, 600_000},
	}
	for seed := range uint64(4) {
		s := newShow(seed)
		s.stage.up.loss = 0.01
		near, w := s.watch(720), s.watchAway(720)
		near.down.rate, near.down.queue = 10_000_000, 300*time.Millisecond
		w.down.queue, w.down.delay, w.up.delay = 300*time.Millisecond, 50*time.Millisecond, 50*time.Millisecond
		var medians []float64
		coarse := 0
		for _, step := range steps {
			w.down.set(step.rate)
			s.run(step.to)
			medians = append(medians, w.median(step.from+settling, step.to)/step.rate)
			for _, at := range w.between(step.from+settling, step.to) {
				if at.rank < s.stage.best(0.9*float64(at.estimate)) {
					coarse++
				}
			}
		}
		over := steps[len(steps)-1].to
		for name, watcher := range map[string]*watcher{"at home": near, "away": w} {
			freezes, _, longest := watcher.decoder.freezes(2*time.Second, over)
			t.Logf("seed %d: %s %d freezes up to %v", seed, name, len(freezes), longest)
			if longest > 2*time.Second {
				t.Error("want freezes up to 2 s")
			}
		}
		t.Logf("seed %d: median estimates %.2f of the capacity", seed, medians)
		if slices.Min(medians) < 0.75 || slices.Max(medians) > 1.05 {
			t.Error("want 0.75 to 1.05")
		}
		if coarse > 0 {
			t.Errorf("for %d tenths of a second not the highest layer up to 0.9 of the estimate", coarse)
		}
		if t.Failed() {
			w.trace(t, 0, over, time.Second)
			return
		}
	}
}
