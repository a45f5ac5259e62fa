package sfu

import (
	"testing"
	"time"
)

// TestLossOnTheWayInIsRepairedForAll loses packets of the publisher.
func TestLossOnTheWayInIsRepairedForAll(t *testing.T) {
	t.Parallel()
	for seed := range uint64(2) {
		s := newShow(seed)
		s.stage.up.loss = 0.05
		for range 3 {
			s.watch(720)
		}
		const from, to = 5 * time.Second, 65 * time.Second
		s.run(from)
		keys := s.keys()
		s.run(to + time.Second)
		for i, w := range s.watchers {
			freezes, frozen, longest := w.decoder.freezes(from, to)
			t.Logf("seed %d: frozen %.2f %% in %d freezes up to %v, %.2f %% of the sound lost", seed, 100*frozen, len(freezes), longest, 100*w.silence(from, to))
			if frozen > 0.01 {
				t.Errorf("subscriber %d: want 1 %%", i)
			}
		}
		for i, k := range s.keys() {
			if rate := float64(k-keys[i]) / (to - from).Seconds(); rate > 1 {
				t.Errorf("%.2f keyframes a second of layer %d", rate, i)
			}
		}
		if t.Failed() {
			s.watchers[0].trace(t, 0, to, time.Second)
			return
		}
	}
}

// keys is how many keyframes of each layer were made.
func (s *show) keys() []int {
	var all []int
	for _, e := range s.stage.encoders {
		all = append(all, e.keys)
	}
	return all
}
