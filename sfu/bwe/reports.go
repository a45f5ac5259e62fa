package bwe

import "time"

const (
	// transportLife is how long transport feedback silences receiver reports.
	transportLife = 5 * time.Second
	// reportLife is how long a receiver's own words hold.
	reportLife = 8 * time.Second
	// reportLow and reportHigh are the losses below which the rate may grow and
	// above which it must fall (draft-ietf-rmcat-gcc-02 section 6).
	reportLow, reportHigh = 0.02, 0.10
	// reportGrowth is the growth a second.
	reportGrowth = 0.08
	// reportRoom bounds growth by what is sent: the only probe here is to send
	// more, so an upper layer must be reachable.
	reportRoom, reportMargin = 4.0, 100_000
	// reportQueue is a growth of the round trip that is a queue.
	reportQueue = 200 * time.Millisecond
	// reportPause is the least time between two cuts, beyond a round trip.
	reportPause = 300 * time.Millisecond
)

// reports is the estimate by receiver reports and REMB, for clients that send
// no transport-wide feedback.
type reports struct {
	seen    time.Duration // newest report
	any     bool
	growth  time.Duration // up to when growth was given
	cut     time.Duration // newest
	least   time.Duration // round trip
	remb    float64
	rembAt  time.Duration
	ceiling float64       // rate at which it last went wrong
	wrong   time.Duration // when
}

// limit is the REMB in force, or max.
func (r *reports) limit(max float64, now time.Duration) float64 {
	if r.remb > 0 && now-r.rembAt < reportLife {
		return min(r.remb, max)
	}
	return max
}

// report takes a fraction lost and returns the new target.
func (r *reports) report(loss float64, rtt time.Duration, target, sent, most float64, now time.Duration) float64 {
	if !r.any {
		r.any, r.growth = true, now
	}
	if rtt > 0 && (r.least == 0 || rtt < r.least) {
		r.least = rtt
	}
	r.seen = now
	queue := rtt > 0 && rtt > r.least+max(reportQueue, r.least/2)
	step := min(now-r.growth, time.Second)
	r.growth = now
	switch {
	case loss > reportHigh || queue:
		if now-r.cut < rtt+reportPause {
			return target
		}
		r.cut = now
		r.ceiling, r.wrong = target, now
		share := 1 - loss/2
		if queue {
			share = min(share, 0.85)
		}
		return max(min(target, max(sent, target/2))*share, 0)
	case loss > reportLow:
		return target
	}
	most = min(most, r.limit(most, now))
	if sent > 0 {
		most = min(most, reportRoom*sent+reportMargin)
	}
	growth := reportGrowth
	if r.ceiling > 0 && target > 0.85*r.ceiling && now-r.wrong < 15*time.Second {
		growth = 0.01 // it went wrong here a moment ago
	}
	return max(target, min(target*(1+growth*step.Seconds()), most))
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
	e.record()
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
	e.record()
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
