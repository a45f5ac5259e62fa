package bwe

import "time"

// noQueue is the delay over the base that is no queue: noise, and the time that
// the packets on the wire take by themselves.
func (e *Estimator) noQueue() time.Duration {
	return slackLeast + e.wire() + 2*e.noise()
}

// wire is the time that two packets take on a link of the target's rate.
func (e *Estimator) wire() time.Duration {
	return min(time.Duration(2*packetBits/e.rate.target*float64(time.Second)), wireMost)
}

// noise is the deviation of the link's delay.
func (e *Estimator) noise() time.Duration {
	return time.Duration(e.delays.trend.noise * float64(time.Second))
}

// tripped smooths the round trip.
func (e *Estimator) tripped(rtt time.Duration) {
	if e.rtt == 0 {
		e.rtt = rtt
	}
	e.rtt += (rtt - e.rtt) / 8
}

// trip is the round trip, or a guess.
func (e *Estimator) trip() time.Duration {
	if e.rtt == 0 {
		return firstRTT
	}
	return e.rtt
}

// lost settles what was lost and asks whether it was too much.
func (e *Estimator) lost(now time.Duration) {
	got, lost := e.flight.settle(e.rate.began, e.latest-lateness)
	sent, _ := e.sent.rate(rateWindow)
	s := setting{
		sent: sent, target: e.rate.target, rtt: e.trip(),
		calm:  e.rate.state != Draining && e.delays.queued <= e.slack,
		early: e.rate.since == 0,
	}
	switch e.losses.add(got, lost, s, now) {
	case excessive:
		if acked, ok := e.acked.rate(rateWindow); ok {
			link := acked / (1 - e.losses.own)
			e.rate.full(link, now)
			e.rate.cut(max(refill*link, e.rate.target/2))
		}
	case innocent:
		e.rate.target = max(e.rate.target, e.losses.trial.before)
	}
}

// probed takes the result of a train.
func (e *Estimator) probed(now time.Duration) {
	r, ok := e.probe.read(e.newest, max(e.losses.own, e.losses.recent), e.trip(), now)
	if !ok {
		return
	}
	if r.fits && e.probe.proven() {
		e.rate.raise(r.rate, e.probe.base, now)
	} else if !r.fits && clearly*e.noise() < e.probe.cluster.Length {
		sent, _ := e.sent.rate(sentWindow)
		e.rate.refute(r.rate, now)
		if e.rate.refuted { // the trains before it met a full bucket, and it what they left of that
			r.rate = min(r.rate, e.probe.base)
		}
		e.rate.saw(r.rate, now)
		e.rate.cut(max(e.rate.capacity, sent)) // no more than that is to be had
	}
	e.probe.learn(r, e.rate.target, e.trip(), now)
}

// estimate moves the target by what the delays say.
func (e *Estimator) estimate(now time.Duration) {
	dropped := e.rate.dropped
	if e.rate.update(e.signal(), now) {
		e.delays.rebase()
	}
	switch {
	case e.rate.refuted:
		e.rate.refuted, e.rate.raised = false, 0
		e.probe.refuted(now)
	case e.rate.dropped != dropped:
		e.probe.dropped(now)
	}
}

// signal gathers what the delays and the rates say.
func (e *Estimator) signal() signal {
	d := &e.delays
	s := signal{
		queued:   d.queued,
		slack:    e.slack,
		standing: d.trend.n == points && d.trend.least() > standingLeast+e.wire()/2+3*e.noise(),
		growing:  d.trend.growth > d.trend.threshold(),
		draining: d.trend.growth < -d.trend.threshold(),
		loss:     min(e.losses.own, e.losses.smoothed),
		rtt:      e.trip(),
		probing:  e.probe.able,
	}
	s.acked, _ = e.acked.rate(rateWindow)
	s.sent, _ = e.sent.rate(sentWindow)
	if d.busy > 0 {
		s.delivered, _ = e.acked.between(max(d.busy, d.full-rateWindow), d.full)
	}
	if d.late > 0 && d.waited() > e.slack+collapseQueue {
		s.collapsed, _ = e.acked.between(max(d.late, d.arrived-rateWindow), d.arrived)
	}
	return s
}
