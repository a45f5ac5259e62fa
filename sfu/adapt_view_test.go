//go:build !race

package sfu

import (
	"testing"
	"time"
)

// TestAViewIsToldToThePublisher makes a small tile large and small again: its
// layers go on at once and off after a while, the 50 ms to the publisher included.
func TestAViewIsToldToThePublisher(t *testing.T) {
	t.Parallel()
	for _, phase := range []time.Duration{0, 30, 70} {
		s := newShow(1)
		w := s.watch(180)
		at := 5*time.Second + phase*time.Millisecond
		on := func(after time.Duration) bool {
			s.run(at + after)
			return s.stage.encoders[2].on
		}
		if on(0) {
			t.Fatal("the top layer is on for a small tile")
		}
		w.video.look(Ask{Height: 720})
		if !on(70 * time.Millisecond) {
			t.Errorf("asked for at %v, the top layer is not on 70 ms later", at)
		}
		at += 3 * time.Second
		if s.run(at); w.video.fedRank() != 2 {
			t.Errorf("layer %d after three seconds", w.video.fedRank())
		}
		w.video.look(Ask{Height: 180})
		if !on(900*time.Millisecond) || on(1300*time.Millisecond) {
			t.Error("the top layer does not go off about a second after")
		}
	}
}

// TestATileThatGrowsGetsItsLayerAndKeepsIt makes a tile large on links that have
// room for the top layer, but not for what its first keyframe makes of its rate.
func TestATileThatGrowsGetsItsLayerAndKeepsIt(t *testing.T) {
	t.Parallel()
	for rate := 2_300_000.0; rate <= 3_100_000; rate += 200_000 {
		for seed := range uint64(4) {
			s := newShow(seed)
			w := s.watch(720)
			w.down.rate, w.down.queue = rate, 300*time.Millisecond
			s.run(12 * time.Second)
			w.video.look(Ask{Height: 360})
			s.run(18*time.Second + time.Duration(seed)*13*time.Millisecond)
			small, grown := w.video.fedRank(), s.passed()
			w.video.look(Ask{Height: 720})
			s.run(grown + 5*time.Second)
			took := w.reaches(2, grown) - grown
			if small != 1 || took > 400*time.Millisecond || w.lowest(grown+took, s.passed()) != 2 {
				t.Errorf("%.1f Mbit/s, seed %d: from layer %d to the top in %v, then %d", rate/1e6, seed, small, took, w.lowest(grown+took, s.passed()))
			}
		}
	}
}

// TestTheMiddleLayerDoesNotFlap: on a steady link the layer that nobody has, but
// might need, goes on or off at its publisher no more than once in half a minute.
func TestTheMiddleLayerDoesNotFlap(t *testing.T) {
	t.Parallel()
	for rate := 2_000_000.0; rate <= 3_200_000; rate += 150_000 {
		s := newShow(uint64(rate))
		w := s.watch(720)
		w.down.rate, w.down.queue, w.down.jitter = rate, 300*time.Millisecond, 5*time.Millisecond
		const from, to = 20 * time.Second, 140 * time.Second
		s.run(from)
		changes, on := 0, s.stage.encoders[1].on
		for s.passed() < to {
			s.run(s.passed() + 50*time.Millisecond)
			if now := s.stage.encoders[1].on; now != on {
				changes, on = changes+1, now
			}
		}
		t.Logf("%.2f Mbit/s: %d changes", rate/1e6, changes)
		if changes > int((to-from)/(30*time.Second)) {
			t.Errorf("%.2f Mbit/s: %d changes in %v", rate/1e6, changes, to-from)
		}
	}
}
