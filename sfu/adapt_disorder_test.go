//go:build !race

package sfu

import (
	"testing"
	"time"
)

// TestDisorderIsNoCongestion: a long way that loses a little, one that reorders
// and one that repeats, both to a subscriber and from the publisher.
func TestDisorderIsNoCongestion(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		name string
		road func(*road)
	}{
		{"300 ms and 2 % loss", func(r *road) { r.delay, r.loss = 75*time.Millisecond, 0.02 }},
		{"10 % late by 50 ms", func(r *road) { r.reorder, r.late, r.loss = 0.1, 50*time.Millisecond, 0.02 }},
		{"2 % twice", func(r *road) { r.twice, r.loss = 0.02, 0.02 }},
	} {
		t.Run(c.name, func(t *testing.T) {
			for seed := range uint64(2) {
				s := newShow(seed)
				w := s.watch(720)
				w.down.rate, w.down.queue = 4_000_000, 300*time.Millisecond
				for _, r := range []*road{w.down, w.up, s.stage.up, s.stage.down} {
					c.road(r)
				}
				const from, to = 10 * time.Second, 60 * time.Second
				s.run(from)
				asked, lost := s.worker.counts.nackOut.Load(), s.stage.lost
				s.run(to)
				asked, lost = s.worker.counts.nackOut.Load()-asked, s.stage.lost-lost
				least := 1 << 40
				for _, sight := range w.between(from, to) {
					least = min(least, sight.estimate)
				}
				twice := 0
				for _, n := range w.sent {
					twice += max(0, n-1)
				}
				t.Logf("seed %d: estimate never below %d, layer %d or more, %d asked for, %d lost, %d sent twice", seed, least, w.lowest(from, to), asked, lost, twice)
				if least < 2_000_000 || w.lowest(from, to) < 2 {
					t.Error("the estimate collapsed")
				}
				if float64(asked) > 1.2*float64(lost) {
					t.Error("want up to 1.2 times as many asked for as lost")
				}
				if twice > 0 {
					t.Error("duplicates were forwarded")
				}
			}
		})
	}
}
