package sfu

import (
	"time"

	"github.com/pion/rtcp"
)

// A peer is looked at when something is due with it, and not at all while it only
// sits there: each look says when the next is to be, and whatever makes something
// due earlier stirs the peer.

// stir has the peer looked at with the worker's next tick, if it is connected.
func (e *endpoint) stir() { e.stirBy(e.worker.now) }

// stirBy is the same for a time to come.
func (e *endpoint) stirBy(at time.Time) {
	if e.path != nil && !e.ticks.By(at) {
		e.worker.ticks.Set(&e.ticks, at)
	}
}

// schedule has the peer looked at again when something will be due, if anything.
func (e *endpoint) schedule(now time.Time) {
	if next := e.due(now); !next.IsZero() {
		e.worker.ticks.Set(&e.ticks, next)
	} else {
		e.worker.ticks.Stop(&e.ticks)
	}
}

// due is when something will be, the zero time for never.
func (e *endpoint) due(now time.Time) time.Time {
	if e.path == nil {
		return time.Time{}
	}
	soon := now.Add(tickEvery)
	if e.asks() || !e.down.repairs.Idle() {
		return soon
	}
	var next time.Time
	sooner := func(at time.Time) {
		if next.IsZero() || at.Before(next) {
			next = at
		}
	}
	if at, may := e.probeAt(); may {
		sooner(at)
	}
	if e.feedback.Held() > 0 {
		sooner(e.feedbackAt.Add(feedbackEvery))
	}
	for _, s := range e.sources {
		if s.wing != nil && s.Kind.Media() == Video {
			sooner(s.wants.at.Add(planEvery))
		}
		if len(s.layers) > 0 {
			sooner(e.reportAt.Add(reportEvery))
		}
	}
	if e.fed() || len(e.down.asks) > 0 {
		sooner(e.down.planAt.Add(planEvery))
		sooner(e.reportAt.Add(reportEvery))
	}
	if !next.IsZero() && next.Before(soon) {
		return soon
	}
	return next
}

// asks tells whether the peer is to be asked for something that it publishes.
func (e *endpoint) asks() bool {
	for _, s := range e.sources {
		for _, l := range s.layers {
			if l.keyframes.Waiting() || l.missing.Waiting() && s.Kind.Media() == Video {
				return true
			}
		}
	}
	return false
}

// fed tells whether any slot carries something, or is to.
func (e *endpoint) fed() bool {
	for _, s := range e.slots {
		if s.current != nil || s.pending != nil || s.carries() != nil {
			return true
		}
	}
	return false
}

// tick does what is due for the peer: asks for what is missing, sends feedback
// and reports, and divides what its link carries.
func (e *endpoint) tick(now time.Time) {
	if e.path == nil {
		return
	}
	due := e.worker.due[:0]
	for _, s := range e.sources {
		s.watch(now)
		s.decide(now)
		for _, l := range s.layers {
			due = l.ask(due, now)
		}
	}
	if now.Sub(e.feedbackAt) >= feedbackEvery && e.feedback.Held() > 0 {
		e.feedbackAt = now
		e.acknowledge()
	}
	if now.Sub(e.reportAt) >= reportEvery {
		e.reportAt = now
		due = e.report(due, now)
	}
	e.say(due)
	clear(due)
	e.worker.due = due
	e.insist(now)
	if now.Sub(e.down.planAt) >= planEvery {
		e.plan(now)
	}
	e.probe(now)
}

// report appends what the peer is told of its streams, and tells it of ours.
func (e *endpoint) report(due []rtcp.Packet, now time.Time) []rtcp.Packet {
	due = e.receiverReports(due, now)
	for _, s := range e.sources {
		for _, l := range s.layers {
			l.history.Expire(now) // of a layer that is silent
		}
	}
	for _, s := range e.slots {
		if s.current != nil {
			s.report(now)
		}
	}
	return due
}
