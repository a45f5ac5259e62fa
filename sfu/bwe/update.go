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

// lost settles what was lost and asks whether it was too much.
func (e *Estimator) lost(now time.Duration) {
	got, lost := e.flight.settle(e.latest - lateness)
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
			e.rate.saw(link, now)
			e.rate.refute(link, now)
			e.rate.cut(max(refill*link, e.rate.target/2), now)
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
	if r.fits {
		e.rate.raise(r.rate, now)
	} else if clearly*e.noise() < e.probe.cluster.Length {
		sent, _ := e.sent.rate(sentWindow)
		e.rate.saw(r.rate, now)
		e.rate.cut(max(e.rate.capacity, sent), now) // no more than that is to be had
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
		newest := time.Duration(e.acked.head) * slice
		s.delivered, _ = e.acked.since(max(d.busy, newest-rateWindow))
	}
	return s
}

// Tick lets time pass; call it every 20 to 200 ms. When feedback is overdue the
// estimate decays in steps.
func (e *Estimator) Tick(now time.Time) {
	at := e.clock(now)
	if !e.fed || e.owed == 0 || e.rate.state == Reported {
		return
	}
	if at-max(e.owed, e.decay) < silence+2*e.trip() {
		return
	}
	if e.resume == 0 {
		e.resume = e.rate.target
	}
	e.decay = at
	e.rate.state = Silent
	e.rate.target = max(silentShare*e.rate.target, e.rate.min)
}

// ReceiverReport takes the fraction lost (in 256ths) and the round trip (0 if
// unknown) of a receiver report (RFC 3550 section 6.4.1). While transport
// feedback comes only the round trip is used.
func (e *Estimator) ReceiverReport(fractionLost uint8, rtt time.Duration, now time.Time) {
	at := e.clock(now)
	if rtt > 0 {
		e.tripped(rtt)
	}
	if e.transport(at) {
		return
	}
	sent, _ := e.sent.rate(rateWindow)
	loss := float64(fractionLost) / 256
	e.losses.smoothed += 0.3 * (loss - e.losses.smoothed)
	e.rate.state, e.resume = Reported, 0
	target := e.report.report(loss, rtt, e.rate.target, sent, e.rate.max, at)
	e.rate.target = max(target, e.rate.min)
}

// REMB takes the receiver's estimate in bits per second (draft-alvestrand-rmcat-
// remb-03). While transport feedback comes it is not used.
func (e *Estimator) REMB(bps uint64, now time.Time) {
	at := e.clock(now)
	if e.transport(at) {
		return
	}
	e.rate.state, e.resume = Reported, 0
	e.report.remb, e.report.rembAt = float64(min(bps, 1<<40)), at
	most := e.report.limit(e.rate.max, at)
	sent, _ := e.sent.rate(rateWindow)
	if most > e.rate.target {
		most = max(e.rate.target, min(most, reportRoom*sent+reportMargin))
	}
	e.rate.target = max(most, e.rate.min)
}

// transport tells whether transport feedback comes.
func (e *Estimator) transport(now time.Duration) bool {
	return e.fed && now-e.heard < transportLife
}

// Probe says whether a train of padding is worth sending now, and which. wanted
// is the target that would be of use, in bits per second: with an upper layer
// that does not fit yet. Call it every 5 to 50 ms while wanted is above the
// target.
func (e *Estimator) Probe(now time.Time, wanted int) (Cluster, bool) {
	at := e.clock(now)
	if !e.fed || at-e.heard > time.Second || e.rate.state != Growing || e.losses.trial.on {
		return Cluster{}, false
	}
	return e.probe.plan(e.rate.target, min(float64(wanted), e.rate.max), e.rate.max, e.noise(), at)
}

// Due is how many bytes of padding the cluster under way wants to be sent now,
// so that with the media it leaves at its rate; 0 where none is. Ask every 1 to
// 5 ms while a cluster lasts, and after each padding packet.
func (e *Estimator) Due(now time.Time) int { return e.probe.due(e.clock(now)) }

// Target is the estimate in bits per second, overhead included.
func (e *Estimator) Target() int { return int(e.rate.target) }

// Acked is the rate that arrives, in bits per second; 0 while unknown.
func (e *Estimator) Acked() int {
	rate, _ := e.acked.rate(rateWindow)
	return int(rate)
}

// Loss is the share of packets lost, smoothed over some seconds.
func (e *Estimator) Loss() float64 { return e.losses.smoothed }

// RTT is the round trip, smoothed; 0 while unknown. It includes what the
// receiver waits before it sends feedback.
func (e *Estimator) RTT() time.Duration { return e.rtt }

// QueueDelay is the delay that a standing queue adds.
func (e *Estimator) QueueDelay() time.Duration { return max(e.delays.queued, 0) }

// State is what holds or moves the estimate.
func (e *Estimator) State() State { return e.rate.state }
