//go:build !race

package bwe

import (
	"testing"
	"time"
)

// TestFlowsShare: two flows over one link come to similar rates, whoever was first.
func TestFlowsShare(t *testing.T) {
	least, wait := 1.0, 0.0
	for seed := range uint64(*seeds) {
		w := newWorld(seed, clean)
		first := w.flow(New(usual, w.start), &elastic{most: usual.Max})
		w.run(20 * sec)
		second := w.flow(New(usual, w.start.Add(w.now)), &elastic{most: usual.Max, last: w.now})
		w.run(120 * sec)
		a, b := first.received(60*sec, 120*sec), second.received(60*sec, 120*sec)
		least = min(least, a/(a+b), b/(a+b))
		wait = max(wait, first.waited(60*sec, 120*sec, 0.95))
	}
	t.Logf("worst of %d: the lesser flow has %.2f of the sum, waits %.0f ms", *seeds, least, wait)
	if least < 0.25 || wait > 200 {
		t.Error("want at least a quarter and 200 ms")
	}
}

// TestCrossTraffic: what others take is left to them and taken when they go.
func TestCrossTraffic(t *testing.T) {
	used, wait := 9.0, 0.0
	for seed := range uint64(*seeds) {
		l := clean
		l.cross = func(now time.Duration) float64 {
			if now/(5*sec)%2 == 1 {
				return 1_000_000
			}
			return 0
		}
		w := newWorld(seed, l)
		f := w.flow(New(usual, w.start), &elastic{most: usual.Max})
		w.run(60 * sec)
		used = min(used, f.received(10*sec, 60*sec)/2_500_000)
		wait = max(wait, f.waited(0, 60*sec, 0.95))
	}
	t.Logf("worst of %d: used %.2f of what was left, waits %.0f ms", *seeds, used, wait)
	if used < 0.8 || wait > 200 {
		t.Error("want 0.8 and 200 ms")
	}
}
