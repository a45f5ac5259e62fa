package sfu

import (
	"testing"
	"time"
)

// sleeps is until when the worker would sleep after a tick.
func (w *world) sleeps() time.Duration {
	w.tick(tickEvery)
	w.worker.tickAt = w.now.Add(tickEvery)
	return w.worker.nextTick().Sub(w.now)
}

// TestWorkerSleepsWhileNothingIsDue: an empty room, and members who sit in it,
// do not wake it a hundred times a second.
func TestWorkerSleepsWhileNothingIsDue(t *testing.T) {
	w := newWorld()
	viewer, _ := w.peer()
	slot := w.slot(viewer, "1", Video, 900)
	publisher, _ := w.peer()
	source := w.source(publisher, Camera, 10)
	w.tick(time.Second + tickEvery) // grades were just given
	if got := w.sleeps(); got < 800*time.Millisecond || got > gradeEvery {
		t.Errorf("in an idle room it sleeps %v", got)
	}
	slot.assign(Feed{Source: source}, w.now)
	if got := w.sleeps(); got < tickEvery || got > planEvery {
		t.Errorf("while a slot waits for a source it sleeps %v", got)
	}
	slot.assign(Feed{Why: WhyMuted}, w.now)
	w.tick(200 * time.Millisecond)
	w.worker.inbox.command(func() {})
	full, _ := w.worker.inbox.take(&batch{})
	w.worker.turn(full, false, w.now)
	if got := w.worker.nextTick().Sub(w.now); got > tickEvery {
		t.Errorf("after a command it sleeps %v", got)
	}
}

// TestLongSleepEndsWithWhatMayWaitForATick: else feedback would be a second late.
func TestLongSleepEndsWithWhatMayWaitForATick(t *testing.T) {
	for _, long := range []bool{false, true} {
		woken := false
		in := newInbox(func() { woken = true })
		if !in.rest(long) {
			t.Fatal("it may not sleep")
		}
		in.leave(&endpoint{}, []byte{1}, true)
		if woken != long {
			t.Errorf("long %v: woken %v", long, woken)
		}
	}
}
