package sfu

import (
	"slices"
	"testing"
	"time"
)

// TestEstimateAndLayersFollowTheLink is RFC 8867 section 5.1 on the way of real
// packets: a camera in three layers and a microphone to one subscriber, whose
// link carries 1.0, 2.5, 0.6 and 1.0 Mbit/s.
func TestEstimateAndLayersFollowTheLink(t *testing.T) {
	t.Parallel()
	steps := []struct {
		from, to time.Duration
		rate     float64
	}{
		{0, 40 * time.Second, 1_000_000}, {40 * time.Second, 60 * time.Second, 2_500_000},
		{60 * time.Second, 80 * time.Second, 600_000}, {80 * time.Second, 100 * time.Second, 1_000_000},
	}
	for seed := range uint64(3) {
		s := newShow(seed)
		w := s.watch(720)
		w.down.queue, w.down.delay, w.up.delay = 300*time.Millisecond, 50*time.Millisecond, 50*time.Millisecond
		var medians []float64
		fed := 1.0
		for _, step := range steps {
			w.down.set(step.rate)
			s.run(step.to)
			medians = append(medians, w.median(step.from+8*time.Second, step.to)/step.rate)
			fed = min(fed, w.fed(step.from+8*time.Second, step.to))
		}
		over := 100 * time.Second
		freezes, _, longest := w.decoder.freezes(2*time.Second, over)
		wait := quantile(w.down.waits, 0.95)
		t.Logf("seed %d: median estimates %.2f of the capacity, best layer fed %.0f %%, waits %v, %d freezes up to %v", seed, medians, 100*fed, wait, len(freezes), longest)
		if slices.Min(medians) < 0.75 || slices.Max(medians) > 1.05 {
			t.Error("want 0.75 to 1.05")
		}
		if fed < 0.9 {
			t.Error("want the highest layer up to 0.9 of the estimate fed 90 % of the time")
		}
		if wait > 200*time.Millisecond || longest > 2*time.Second {
			t.Error("want waits up to 200 ms and freezes up to 2 s")
		}
		if t.Failed() {
			w.trace(t, 0, over, time.Second)
			return
		}
	}
}

// median is that of the estimates.
func (w *watcher) median(from, to time.Duration) float64 {
	var all []int
	for _, s := range w.between(from, to) {
		all = append(all, s.estimate)
	}
	return float64(quantile(all, 0.5))
}

// fed is the share of time in which the watcher had the highest layer of up to
// 0.9 of its estimate, the least of the last three seconds, or a higher one.
func (w *watcher) fed(from, to time.Duration) float64 {
	good, all := 0, 0
	for _, s := range w.between(from, to) {
		least := s.estimate
		for _, before := range w.between(s.at-3*time.Second, s.at) {
			least = min(least, before.estimate)
		}
		best := 0
		for rank, e := range w.show.stage.encoders {
			if float64(e.rate) <= 0.9*float64(least) {
				best = rank
			}
		}
		all++
		if s.rank >= best {
			good++
		}
	}
	return float64(good) / float64(max(all, 1))
}

func quantile[T interface{ ~int | ~int64 }](values []T, q float64) T {
	if len(values) == 0 {
		return 0
	}
	values = slices.Sorted(slices.Values(values))
	return values[min(int(q*float64(len(values))), len(values)-1)]
}
