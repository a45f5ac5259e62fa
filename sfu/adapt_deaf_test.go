//go:build !race

package sfu

import (
	"testing"
	"time"
)

// deafWatcher is a subscriber that sends receiver reports alone, of a single stream
// of some rate: a player over WHEP of a publisher over WHIP.
func deafWatcher(s *show, rate int, silent bool) *watcher {
	s.stage.single(rate)
	w := s.watch(720)
	w.endpoint.down.transport, w.video.transportID, w.audio.transportID = 0, 0, 0
	if silent {
		w.audio.assign(Feed{Why: WhyEmpty}, s.now)
	}
	w.down.queue = 300 * time.Millisecond
	return w
}

// TestWhoSendsNoFeedbackSeesMoreThanTheFirstGuess: a picture that is heavier than
// what a link is taken to carry at first is sent all the same, with sound and without.
func TestWhoSendsNoFeedbackSeesMoreThanTheFirstGuess(t *testing.T) {
	t.Parallel()
	for _, silent := range []bool{false, true} {
		s := newShow(1)
		w := deafWatcher(s, 2_500_000, silent)
		w.down.rate = 10_000_000
		s.run(30 * time.Second)
		if came := w.reaches(0, 0); came > 3*time.Second || w.lowest(3*time.Second, 30*time.Second) < 0 {
			t.Errorf("silent %v: it comes after %v, and goes", silent, came)
		}
	}
}

// TestWhoCouldSendFeedbackIsShownAPictureWithoutSound: what is not sent brings no
// feedback either.
func TestWhoCouldSendFeedbackIsShownAPictureWithoutSound(t *testing.T) {
	t.Parallel()
	s := newShow(1)
	s.stage.single(2_500_000)
	w := s.watch(720)
	w.audio.assign(Feed{Why: WhyEmpty}, s.now)
	w.down.rate, w.down.queue = 10_000_000, 300*time.Millisecond
	s.run(30 * time.Second)
	if came := w.reaches(0, 500*time.Millisecond); came > 6*time.Second || w.lowest(6*time.Second, 30*time.Second) < 0 {
		t.Errorf("it comes after %v, and goes", came)
	}
}

// TestWhatALinkDoesNotCarryIsTriedMoreAndMoreRarely: reports that speak against a
// picture darken it, and it is tried again after growing waits; when the link
// carries it, it is there for good.
func TestWhatALinkDoesNotCarryIsTriedMoreAndMoreRarely(t *testing.T) {
	t.Parallel()
	for seed := range uint64(4) {
		s := newShow(seed)
		w := deafWatcher(s, 2_500_000, false)
		w.down.rate = 1_000_000
		const thin, wide = 4 * time.Minute, 6 * time.Minute
		s.run(thin)
		w.down.set(10_000_000)
		s.run(wide)
		var tries []time.Duration
		before := -1
		shown := 0
		for _, at := range w.between(0, thin) {
			if at.rank >= 0 && before < 0 {
				tries = append(tries, at.at)
			}
			if before = at.rank; before >= 0 {
				shown++
			}
		}
		lost := w.silence(0, thin)
		t.Logf("seed %d: tried at %v, %.1f %% of the time, sound lost %.1f %%; back %v after", seed, tries, float64(shown)/24, 100*lost, w.reaches(0, thin)-thin)
		if len(tries) < 3 || len(tries) > 9 || lost > 0.1 {
			t.Error("want 3 to 9 tries")
		}
		if back := w.reaches(0, thin); back > thin+65*time.Second || w.lowest(wide-50*time.Second, wide) < 0 {
			t.Error("it does not come back")
		}
	}
}
