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
