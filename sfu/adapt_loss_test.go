//go:build !race

package sfu

import (
	"testing"
	"time"
)

// TestConstantLossIsBorne loses packets on the way to a subscriber, whose sound
// comes as RED where it loses some. The round trip is 40 ms.
func TestConstantLossIsBorne(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		name                  string
		loss, frozen, silence float64
	}{
		{"5 %", 0.05, 0.01, 0.01},
		{"10 %", 0.10, 0.03, 0.02},
		{"20 %", 0.20, 0.10, 0.05},
	} {
		t.Run(c.name, func(t *testing.T) {
			const seeds, from, to = 3, 5 * time.Second, 65 * time.Second
			var frozen, silence float64
			var stuck time.Duration
			for seed := range uint64(seeds) {
				s := newShow(seed)
				w := s.watch(720)
				w.down.rate, w.down.queue, w.down.loss = 10_000_000, 300*time.Millisecond, c.loss
				s.run(to + time.Second)
				_, share, longest := w.decoder.freezes(from, to)
				frozen += share / seeds
				silence += w.concealed(from, to) / seeds
				stuck = max(stuck, longest)
				if w.video.fedRank() != 2 {
					t.Errorf("seed %d: layer %d at the end", seed, w.video.fedRank())
				}
			}
			t.Logf("frozen %.2f %% of the time, up to %v, %.2f %% of the sound concealed", 100*frozen, stuck, 100*silence)
			if frozen > c.frozen || silence > c.silence {
				t.Errorf("want %v %% and %v %%", 100*c.frozen, 100*c.silence)
			}
		})
	}
}
