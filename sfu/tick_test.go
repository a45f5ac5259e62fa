package sfu

import (
	"testing"
	"time"

	"github.com/pion/rtcp"
)

// visits counts how often the worker looks at a peer in some time.
func (w *world) visits(e *endpoint, d time.Duration) (n int) {
	for end := w.now.Add(d); w.now.Before(end); {
		if next := w.now.Add(tickEvery); e.ticks.By(next) {
			n++
		}
		w.tick(tickEvery)
	}
	return n
}

// shoot sends a frame, and lets time pass until the next.
func (w *world) shoot(c *camera, key bool) {
	for _, raw := range c.frame(key) {
		c.from.receiveRTP(raw, w.now)
		w.worker.fanOut(w.now)
	}
	w.tick(frameEvery)
}

// TestIdlePeerIsNotVisited: neither one who does nothing nor one who watches an
// empty room, and one who was busy only until all is said.
func TestIdlePeerIsNotVisited(t *testing.T) {
	w := newWorld()
	viewer, _ := w.peer()
	slot := w.slot(viewer, "1", Video, 900)
	publisher, _ := w.peer()
	source := w.source(publisher, Camera, 10)
	w.tick(time.Second)
	for name, e := range map[string]*endpoint{"viewer": viewer, "publisher": publisher} {
		if n := w.visits(e, 5*time.Second); n > 0 {
			t.Errorf("an idle %s was visited %d times", name, n)
		}
	}
	slot.assign(Feed{Source: source}, w.now)
	cam := &camera{from: publisher, ssrc: 10, size: 2}
	for i := range 30 {
		w.shoot(cam, i == 0)
	}
	if n := w.visits(viewer, time.Second); n < 9 || n > 12 {
		t.Errorf("a viewer was visited %d times in a second", n)
	}
	slot.assign(Feed{Why: WhyMuted}, w.now)
	w.tick(time.Second)
	if n := w.visits(viewer, 5*time.Second); n > 0 {
		t.Errorf("a viewer of nothing was visited %d times", n)
	}
	if n := w.visits(publisher, 5*time.Second); n > 6 {
		t.Errorf("a publisher who is silent was visited %d times in 5 s", n)
	}
}

// TestWishForASilentLayerIsSaidAtOnce: who waits for a keyframe stirs a publisher
// that nothing else is due with.
func TestWishForASilentLayerIsSaidAtOnce(t *testing.T) {
	w := newWorld()
	publisher, path := w.peer()
	source := w.source(publisher, Camera, 10)
	cam := &camera{from: publisher, ssrc: 10, size: 2}
	w.shoot(cam, true)
	w.tick(3 * time.Second)
	viewer, _ := w.peer()
	path.rtcp = nil
	w.slot(viewer, "1", Video, 900).assign(Feed{Source: source}, w.now)
	w.tick(tickEvery)
	for _, p := range path.rtcp {
		if _, ok := p.(*rtcp.PictureLossIndication); ok {
			return
		}
	}
	t.Error("no keyframe was asked for")
}

// TestPeerThatLeftIsNotVisited: closing takes its timers along.
func TestPeerThatLeftIsNotVisited(t *testing.T) {
	w := newWorld()
	e, _ := w.peer()
	e.worker.wait(e)
	e.close(w.now)
	e.stir()
	if e.ticks.Set() || e.leaves.Set() {
		t.Error("a timer is left")
	}
}

// TestViewerIsVisitedForProbesWhenTheyAreDue: not all the time where the link
// carries less than would be of use.
func TestViewerIsVisitedForProbesWhenTheyAreDue(t *testing.T) {
	s := newShow(1)
	w := s.watch(720)
	w.down.rate, w.down.queue = 1_000_000, 300*time.Millisecond
	s.run(20 * time.Second)
	const watched = 10 * time.Second
	visits := 0
	for range watched / tickEvery {
		if w.endpoint.ticks.By(s.now.Add(tickEvery)) {
			visits++
		}
		s.run(s.passed() + tickEvery)
	}
	if d := &w.endpoint.down; d.wanted <= d.estimate.Target() {
		t.Fatalf("the link carries %d, and only %d is wanted", d.estimate.Target(), d.wanted)
	}
	if most := 20 * int(watched/time.Second); visits > most {
		t.Errorf("%d visits in %v, want at most %d", visits, watched, most)
	}
}
