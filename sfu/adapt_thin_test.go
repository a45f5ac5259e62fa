//go:build !race

package sfu

import (
	"slices"
	"testing"
	"time"

	"madang/sfu/pacer"
)

// TestAShaperThatLetsBurstsPassIsNoTrap is a thin link as tc makes one: 300 kbit/s
// behind a queue of 200 ms, after each pause of which some KB pass at once. Trains
// that fit into those must neither freeze the picture nor delay the way back.
func TestAShaperThatLetsBurstsPassIsNoTrap(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		name    string
		every   time.Duration // picture
		encoder time.Duration // how long it takes
		bucket  int           // bytes
	}{
		{"a fast publisher", pictureEvery, 0, 4096},
		{"a slow publisher", 2 * pictureEvery, 80 * time.Millisecond, 4096},
		{"a slow publisher and a bigger bucket", 2 * pictureEvery, 80 * time.Millisecond, 8192},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			const seeds = 16
			stuck := 0
			for seed := range uint64(seeds) {
				stuck += thinned(t, seed, c.every, c.encoder, c.bucket)
			}
			if stuck > seeds*5/4 {
				t.Errorf("%d freezes in %d runs: want one in each at most, when the link falls, and few others", stuck, seeds)
			}
		})
	}
}

// noticed is a freeze that counts: a train may make a picture late by less.
const noticed = 300 * time.Millisecond

// thinned makes the link of a subscriber thin and wide again, and counts freezes.
func thinned(t *testing.T, seed uint64, every, encoder time.Duration, bucket int) int {
	const begin, end, over = 15 * time.Second, 40 * time.Second, 52 * time.Second
	s := newShow(seed)
	s.stage.every = every
	s.stage.up.delay += encoder
	w := s.watch(720)
	w.down.rate, w.down.queue, w.down.delay, w.up.delay = 10_000_000, 200*time.Millisecond, time.Millisecond, time.Millisecond
	s.run(begin)
	w.down.set(300_000)
	w.down.bucket = bucket
	s.run(end)
	w.down.set(10_000_000)
	s.run(over)
	down, up := w.reaches(0, begin)-begin, w.reaches(2, end)-end
	freezes, _, longest := w.decoder.freezes(begin, over)
	freezes = slices.DeleteFunc(freezes, func(f freeze) bool { return f.to-f.from < noticed })
	t.Logf("seed %d: down in %v, up in %v, freezes %v", seed, down, up, freezes)
	if down > time.Second || up > 8*time.Second || len(freezes) > 2 || longest > 800*time.Millisecond {
		t.Error("want the lowest layer in 1 s, the top again in 8 s, and two freezes of up to 0.8 s at most")
		w.trace(t, begin-time.Second, over, 100*time.Millisecond)
	}
	return len(freezes)
}

// TestPaddingIsAsSmallAsAsked: a thin link is not asked for more than a train needs.
func TestPaddingIsAsSmallAsAsked(t *testing.T) {
	s := newShow(1)
	w := s.watch(720)
	s.run(5 * time.Second)
	for _, c := range []struct{ size, least, most int }{{80, 80, 120}, {300, 200, 300}, {1100, 600, 1300}} {
		if sent := w.endpoint.Pad(c.size, 1); sent < c.least || sent > c.most {
			t.Errorf("asked for %d bytes: %d", c.size, sent)
		}
	}
}

// TestAFallenEstimateIsActedUponAtOnce: what the link does not carry any more is
// not sent until the next division is due.
func TestAFallenEstimateIsActedUponAtOnce(t *testing.T) {
	s := newShow(1)
	w := s.watch(720)
	w.down.rate, w.down.queue = 10_000_000, 200*time.Millisecond
	s.run(15 * time.Second)
	w.down.set(300_000)
	d := &w.endpoint.down
	for s.passed() < 17*time.Second && d.estimate.Target() > 1_000_000 {
		s.run(s.passed() + time.Millisecond)
	}
	if d.planned > 1_000_000 || w.endpoint.down.pacer.Pass(pacer.Video, 1200, s.now) {
		t.Errorf("estimate %d, divided %d", d.estimate.Target(), d.planned)
	}
}

// TestAPublisherThatStumblesIsNoLighter: a larger layer that takes a quarter of
// what it did for two seconds is not gone up to, as it would not fit again.
func TestAPublisherThatStumblesIsNoLighter(t *testing.T) {
	t.Parallel()
	for seed := range uint64(4) {
		s := newShow(seed)
		w := s.watch(720)
		w.down.rate, w.down.queue = 300_000, 200*time.Millisecond
		s.run(15 * time.Second)
		for _, e := range s.stage.encoders {
			e.rate /= 4
		}
		s.run(17 * time.Second)
		for _, e := range s.stage.encoders {
			e.rate *= 4
		}
		s.run(25 * time.Second)
		for _, at := range w.between(14*time.Second, 25*time.Second) {
			if at.rank != 0 {
				t.Fatalf("seed %d: layer %d after %v", seed, at.rank, at.at)
			}
		}
	}
}
