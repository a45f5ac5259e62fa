package sfu

import (
	"net/netip"
	"time"
)

// Consent to be sent to is looked at once a second for each peer, for many at once.
const (
	consentEvery = time.Second
	consentStep  = 100 * time.Millisecond
)

// settle says where ICE has found the client.
func (e *endpoint) settle(at netip.AddrPort, now time.Time) {
	if e.closed {
		return
	}
	e.at = at
	if e.direct != nil {
		e.direct.aim(at)
	}
	e.door.Select(at, now)
	e.worker.lookAt(e, now)
}

// checkAll asks for the consent of those with whom it is due.
func (w *Worker) checkAll(now time.Time) {
	for e, due := w.checks.Pop(now); due; e, due = w.checks.Pop(now) {
		if e.door.Check(now) {
			w.lookAt(e, now)
		}
	}
}

// lookAt has the worker look at a peer's consent in a second.
func (w *Worker) lookAt(e *endpoint, now time.Time) {
	next := now.Add(consentEvery)
	w.checks.Set(&e.checks, next.Add(-(next.Sub(w.epoch) % consentStep)))
}
