//go:build !race

package sfu

import (
	"testing"
	"time"

	"madang/sfu/codec"
)

// TestLossOnTheWayInIsRepairedForAll loses packets of the publisher, which only
// publishes and sends its sound as RED. One of the subscribers takes no RED: what
// it hears was rebuilt by the server.
func TestLossOnTheWayInIsRepairedForAll(t *testing.T) {
	t.Parallel()
	for seed := range uint64(2) {
		s := newShow(seed)
		s.stage.up.loss, s.stage.red = 0.05, true
		for range 3 {
			s.watch(720)
		}
		s.watchers[2].audio.formats[codec.RED] = format{}
		const from, to = 5 * time.Second, 65 * time.Second
		s.run(from)
		keys, said := s.keys(), s.stage.sound
		var heard []int
		for _, w := range s.watchers {
			heard = append(heard, len(w.heard))
		}
		s.run(to)
		said = s.stage.sound - said
		for i, w := range s.watchers {
			freezes, frozen, longest := w.decoder.freezes(from, to)
			silence := 1 - float64(len(w.heard)-heard[i])/float64(said)
			t.Logf("seed %d: frozen %.2f %% in %d freezes up to %v, %.2f %% of the sound concealed", seed, 100*frozen, len(freezes), longest, 100*silence)
			if frozen > 0.01 || silence > 0.01 {
				t.Errorf("subscriber %d: want 1 %% and 1 %%", i)
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
