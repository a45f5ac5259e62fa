//go:build !race

package sfu

import (
	"testing"
	"time"
)

// TestACappedSubscriberIsServedAndNobodyElseNotices caps one of ten subscribers
// at 300 kbit/s for half a minute.
func TestACappedSubscriberIsServedAndNobodyElseNotices(t *testing.T) {
	t.Parallel()
	const wide, begin, end, over = 10_000_000, 15 * time.Second, 45 * time.Second, 57 * time.Second
	for seed := range uint64(2) {
		s := newShow(seed)
		for range 10 {
			w := s.watch(720)
			w.down.rate, w.down.queue = wide, 300*time.Millisecond
		}
		s.run(begin)
		thin, top := s.watchers[0], s.stage.encoders[2]
		first := top.sequence + 1
		thin.down.set(300_000)
		s.run(end)
		thin.down.set(wide)
		s.run(over)
		last := top.sequence
		s.run(over + time.Second)
		for i, w := range s.watchers[1:] {
			if w.reaches(0, begin) < over || w.lowest(begin, over) != 2 {
				t.Errorf("seed %d: subscriber %d lost its layer", seed, i+1)
			}
			if share := w.whole(top, first, last); share < 0.999 {
				t.Errorf("seed %d: subscriber %d got %.5f of the packets", seed, i+1, share)
			}
		}
		down, up := thin.reaches(0, begin)-begin, thin.reaches(2, end)-end
		freezes, _, longest := thin.decoder.freezes(begin, over)
		lost := thin.silence(begin, end)
		t.Logf("seed %d: down in %v, up in %v, %d freezes up to %v, sound lost %.1f %%", seed, down, up, len(freezes), longest, 100*lost)
		if down > 3*time.Second || up > 10*time.Second {
			t.Errorf("want the lowest layer in 3 s and the top again in 10 s")
		}
		if len(freezes) > 1 || longest > time.Second {
			t.Errorf("want one freeze of up to 1 s")
		}
		if lost > 0.02 {
			t.Error("want up to 2 % of the sound lost")
		}
		if t.Failed() {
			thin.trace(t, begin-time.Second, over, 100*time.Millisecond)
			return
		}
	}
}
