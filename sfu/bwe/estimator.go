// Package bwe estimates how much a subscriber's link carries, on the sending
// side: from transport-wide feedback (draft-holmer-rmcat-transport-wide-cc-
// extensions-01) by the growth of the delay, by loss and by what arrived, after
// Google congestion control (draft-ietf-rmcat-gcc-02) and what the field made of
// it; from receiver reports and REMB where a client sends no such feedback. It
// sends nothing, reads no clock and allocates nothing per packet.
//
// Where it goes its own way: a queue is told by its length and its growth
// against the noise of the link itself; a decrease goes to the rate that came
// out of the bottleneck while the queue stood, not to a share of an average; a
// probe raises the estimate only if all of it went through without queueing;
// loss that stays when the rate comes down is the link's own.
package bwe

import (
	"time"

	"github.com/pion/rtcp"
)

// Config bounds an estimate, in bits per second.
type Config struct {
	Min   int // never below
	Start int // until something is known
	Max   int // never above
}

const (
	// clockSkip is a step of the caller's clock that is not time passing.
	clockSkip = 10 * time.Second
	// firstRTT stands until a round trip was measured.
	firstRTT = 100 * time.Millisecond
	// stale is the age at which feedback for a packet means nothing.
	stale = 10 * time.Second
	// slackLeast and the time that two packets take on the wire are no queue.
	slackLeast = 10 * time.Millisecond
	wireMost   = 100 * time.Millisecond
	packetBits = 1250 * 8.0
	// clearly is how many times the noise a train must last for what it says of a
	// full link to be believed.
	clearly = 10
	// standingLeast is a queue that matters if it never goes.
	standingLeast = 3 * time.Millisecond
)

// Estimator is the estimate for one subscriber. One goroutine owns it.
type Estimator struct {
	// What a packet that leaves needs, side by side: hundreds of estimators compete
	// for the cache.
	epoch time.Time
	now   time.Duration // since the epoch; never goes back
	left  time.Duration // newest packet sent
	owed  time.Duration // first packet sent since the newest feedback, 0 none
	fresh fresh
	probe prober

	flight  flight
	reader  reader
	sent    meter // by our clock
	acked   meter // by the receiver's
	delays  delays
	losses  losses
	rate    controller
	report  reports
	assumed assumption

	rtt    time.Duration // smoothed
	heard  time.Duration // newest feedback
	fed    bool          // there was any
	decay  time.Duration // newest step down for silence
	resume float64       // target before the silence, 0 none
	newest uint16        // number of the newest packet that was received
	latest time.Duration // when it was sent
	slack  time.Duration // queue that is none, at the present target

	// Of the feedback being read.
	got, gone int           // newly received, newly missing
	dated     time.Duration // when the newest received packet was sent, 0 none
}

// New makes an estimator that starts at a rate that is not proven.
func New(c Config, now time.Time) *Estimator {
	c.Min = max(c.Min, 10_000)
	c.Max = max(c.Max, c.Min)
	start := float64(min(max(c.Start, c.Min), c.Max))
	return &Estimator{
		epoch:  now,
		rate:   controller{min: float64(c.Min), max: float64(c.Max), target: start, proven: start, state: Holding},
		delays: delays{trend: trend{noise: 2 * leastNoise.Seconds()}},
		probe:  prober{bytes: probeBytes},
	}
}

// clock turns a time into one since the epoch that never goes back. A skip of
// the caller's clock is no time passing.
func (e *Estimator) clock(now time.Time) time.Duration {
	at := now.Sub(e.epoch)
	switch skip := at - e.now; {
	case skip > clockSkip || skip < -clockSkip:
		e.epoch = now.Add(-e.now)
	case skip > 0:
		e.now = at
	}
	return e.now
}

// Sent notes a packet that leaves now with that transport-wide number: size is
// its bytes on the wire with all overhead, cluster the ID of the probe that it
// belongs to or 0. Numbers count up by one.
func (e *Estimator) Sent(seq uint16, size int, now time.Time, cluster int) {
	at := e.clock(now)
	if e.fresh.full() {
		e.record()
	}
	e.fresh.add(seq, size, at)
	e.left = at
	if e.probe.on {
		e.probe.sent(seq, size, cluster, at)
	}
	if e.owed == 0 {
		e.owed = max(at, 1)
	}
}

// Feedback takes transport-wide feedback. It may come late, twice, in any order
// or from a liar: each packet counts once, and the cost is bounded.
func (e *Estimator) Feedback(fb *rtcp.TransportLayerCC, now time.Time) {
	at := e.clock(now)
	e.record()
	if !e.flight.sent {
		return
	}
	e.got, e.gone, e.dated = 0, 0, 0
	e.slack = e.noQueue()
	e.read(fb, max(usualRing, len(e.flight.ring)))
	if e.got == 0 {
		return
	}
	if e.dated > 0 {
		e.tripped(at - e.dated)
	}
	e.spoken(at)
	e.lost(at)
	e.probed(at)
	e.estimate(at)
}

// status takes what feedback says of one packet.
func (e *Estimator) status(seq uint16, status uint16) {
	came, timed := e.reader.arrival(status)
	p := e.flight.find(seq)
	if p == nil || p.fate == received || e.now-p.at > stale {
		return
	}
	if status == notReceived {
		if p.fate == flying {
			p.fate = missing
			e.gone++
		}
		return
	}
	p.fate = received
	e.got++
	if !timed {
		return
	}
	e.acked.add(came, int(p.size))
	e.delays.add(p.at, came, e.slack)
	if e.probe.on {
		e.probe.received(seq, came)
	}
	e.dated = max(e.dated, p.at, 1)
	if p.at >= e.latest {
		e.newest, e.latest = seq, p.at
	}
}

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

// Told is what feedback said of the packet that left under a number: whether it
// came, and whether anything was said of it yet. What is said to be missing may
// still come.
func (e *Estimator) Told(seq uint16) (came, told bool) {
	e.record()
	p := e.flight.find(seq)
	if p == nil {
		return false, false
	}
	return p.fate == received, p.fate != flying
}

// QueueDelay is the delay that a standing queue adds, or one that every packet has
// met for a while.
func (e *Estimator) QueueDelay() time.Duration {
	if e.delays.late > 0 {
		return max(e.delays.queued, e.delays.waited())
	}
	return max(e.delays.queued, 0)
}

// State is what holds or moves the estimate.
func (e *Estimator) State() State { return e.rate.state }
