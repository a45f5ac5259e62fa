//go:build !race

package sfu

import (
	"slices"
	"testing"
	"time"
)

// settling is how long after a change of the link it is looked at again, and
// standing how long an estimate must have stood for a step up.
const settling, standing = 8 * time.Second, 1600 * time.Millisecond

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
	for seed := uint64(1); seed <= 8; seed++ {
		s := newShow(seed)
		w := s.watch(720)
		w.down.queue, w.down.delay, w.up.delay = 300*time.Millisecond, 50*time.Millisecond, 50*time.Millisecond
		var medians []float64
		coarse, slow := 0, 0
		for _, step := range steps {
			w.down.set(step.rate)
			s.run(step.to)
			medians = append(medians, w.median(step.from+settling, step.to)/step.rate)
			for _, at := range w.between(step.from+settling, step.to) {
				if at.rank < s.stage.best(0.9*float64(at.estimate)) {
					coarse++
				}
				if w.short(at) {
					slow++
				}
			}
		}
		over := 100 * time.Second
		freezes, _, longest := w.decoder.freezes(2*time.Second, over)
		wait := quantile(w.down.waits, 0.95)
		t.Logf("seed %d: median estimates %.2f of the capacity, waits %v, %d freezes up to %v", seed, medians, wait, len(freezes), longest)
		if slices.Min(medians) < 0.75 || slices.Max(medians) > 1.05 {
			t.Error("want 0.75 to 1.05")
		}
		if coarse > 0 || slow > 0 {
			t.Errorf("want the highest layer up to 0.9 of the estimate, and all its pictures: for %d and %d tenths of a second it is not fed", coarse, slow)
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

// TestALayerThatJustFitsIsFed takes links that carry hardly more than the largest
// layer of a camera takes, which has no temporal layers to go without.
func TestALayerThatJustFitsIsFed(t *testing.T) {
	t.Parallel()
	for rate := 1_900_000.0; rate <= 2_500_000; rate += 100_000 {
		s := newShow(uint64(rate))
		s.stage.flat = true
		w := s.watch(720)
		w.down.rate, w.down.queue = rate, 300*time.Millisecond
		const from, to = 20 * time.Second, 80 * time.Second
		s.run(to)
		short, full := 0, 0
		sights := w.between(from, to)
		for _, at := range sights {
			if w.short(at) {
				short++
			}
			if at.rank == 2 {
				full++
			}
		}
		freezes, _, _ := w.decoder.freezes(from, to)
		t.Logf("%.1f Mbit/s: median estimate %.2f, the top layer for %d tenths of a second of %d, short for %d", rate/1e6, w.median(from, to)/rate, full, len(sights), short)
		if short > 0 || len(freezes) > 0 {
			t.Errorf("want it whenever it takes up to 0.9 of the estimate, and no freeze: %v", freezes)
		}
	}
}

// best is the highest layer of the camera up to some bits per second.
func (st *stage) best(most float64) (rank int) {
	for i, e := range st.encoders {
		if float64(e.rate) <= most {
			rank = i
		}
	}
	return rank
}

// short tells whether more of the camera than a watcher was given would have
// taken up to 0.9 of its estimate, as that stood for as long as a step up takes:
// with its sound and all that packets grow by.
func (w *watcher) short(at sight) bool {
	least := float64(at.estimate)
	for _, before := range w.between(at.at-standing, at.at) {
		least = min(least, float64(before.estimate))
	}
	best := 0
	for i, cost := range at.costs {
		if float64(cost) <= 0.9*least {
			best = i
		}
	}
	return at.rank < best || at.rank == best && at.temporal < 2 && !w.show.stage.flat
}

// median is that of the estimates.
func (w *watcher) median(from, to time.Duration) float64 {
	var all []int
	for _, s := range w.between(from, to) {
		all = append(all, s.estimate)
	}
	return float64(quantile(all, 0.5))
}

func quantile[T interface{ ~int | ~int64 }](values []T, q float64) T {
	if len(values) == 0 {
		return 0
	}
	values = slices.Sorted(slices.Values(values))
	return values[min(int(q*float64(len(values))), len(values)-1)]
}
