package bwe

import "time"

const (
	// silence is how long feedback may be overdue beyond the round trip before
	// the estimate decays, and then decays again.
	silence = 600 * time.Millisecond
	// silentShare is what each such time leaves.
	silentShare = 0.7
)

// Tick lets time pass; call it every 20 to 200 ms. When feedback is overdue the
// estimate decays in steps.
func (e *Estimator) Tick(now time.Time) {
	at := e.clock(now)
	if !e.fed || e.owed == 0 || e.rate.state == Reported {
		return
	}
	if overdue := silence + 2*e.trip(); at-max(e.owed, e.decay) < overdue || at-e.left > overdue {
		return // or nothing is sent any more: there is nothing to say
	}
	if e.resume == 0 {
		e.resume = e.rate.target
	}
	e.decay = at
	e.rate.state = Silent
	e.rate.target = max(silentShare*e.rate.target, e.rate.min)
}

// spoken ends a silence. If what was sent meanwhile arrived, only feedback was
// away; if not, the link was, and half of what it carried is a fair start.
func (e *Estimator) spoken(now time.Duration) {
	e.heard, e.fed, e.owed = now, true, 0
	if e.rate.state == Reported {
		e.rate.state = Holding
	}
	if e.resume == 0 {
		return
	}
	before := e.resume
	if e.got < 4*e.gone {
		before /= 2
		e.probe.dropped(now)
		e.probe.next = now
	}
	e.resume, e.rate.state = 0, Holding
	e.rate.target = max(e.rate.target, before)
}
