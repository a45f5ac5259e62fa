package bwe

import (
	"math"
	"time"
)

const (
	// provenFactor and provenMargin bound the estimate by what arrived
	// (draft-ietf-rmcat-gcc-02 section 5.5): a sender that sends little learns
	// little.
	provenFactor = 1.5
	provenMargin = 10_000 // bits per second

	// slowest and fastest growth a second while no limit is near; it speeds up
	// the longer nothing is in the way.
	slowest, fastest = 0.08, 0.30
	// speedUp is how much faster the growth becomes in each second.
	speedUp = 0.05
	// nearBelow and nearAbove are how far from the capacity as last seen growth
	// is careful: about half a packet every response time.
	nearBelow, nearAbove = 0.75, 1.05
	// inexact is the share of the capacity up to which a train may err.
	inexact = 1.15
	// carefulPacket is what careful growth adds a response time, in bits.
	carefulPacket = 5_000
	// carefulDelay is the response time beyond the round trip.
	carefulDelay = 100 * time.Millisecond
	// capacityLife is how long the capacity is believed without being seen.
	capacityLife = 30 * time.Second

	// refill is the share of the capacity that the estimate goes back to when the
	// queue is gone.
	refill = 0.95
	// drainFastest is the least share of the capacity sent while a queue drains;
	// the share is such that it is gone in a second or two.
	drainFastest = 0.50
	// selfDraining is the share of the capacity below which a sender's habit lets
	// any queue drain.
	selfDraining = 0.9
	// effectDelay, beyond the round trip, is when a change of rate shows, and
	// effectPause the time that it is then given to work; unless the link turns
	// out to carry a share of cleared or less of what was thought.
	effectDelay, effectPause = 100 * time.Millisecond, 300 * time.Millisecond
	cleared                  = 0.8
	// highQueue is a queue that is too long even where it no longer grows.
	highQueue = 80 * time.Millisecond
	// habitSpan is over what time a sender's own rate is taken.
	habitSpan = 3 * time.Second
	// limited is the share of the target below which the sender, not the link,
	// sets the rate: it then learns nothing of the link.
	// Only who fills the target learns that the link carries more than was seen.
	limited, filled = 0.88, 0.95
	// collapseQueue is what packets wait at least beyond what is no queue, and
	// collapseShare the most that comes of what was sent and may be, where the link
	// is taken to have collapsed: that shows within the burst that meets it, long
	// before a queue can be told from a burst.
	collapseQueue = 80 * time.Millisecond
	collapseShare = 0.5
	// toleratedQueue is one that may take its time to drain.
	toleratedQueue = 60 * time.Millisecond
	// standing is how long a queue may stand, be it ever so short, before it is
	// drained: or it would become part of the base (RFC 8289 calls it bad queue).
	standing = 500 * time.Millisecond
	// stuck is how long a queue may stand, neither growing nor draining, while we
	// send less than the link carries, until it is taken for part of the way.
	stuck = 2 * time.Second
	// refutable is how long after a probe's raise congestion speaks against it,
	// and refuting the share of it that the link must at least carry. A link that
	// carries not even changed of it is another one now, and no probe lied; unless it
	// carries what it did before the probe, give or take asBefore of that.
	refutable = 3 * time.Second
	refuting  = 0.85
	changed   = 0.25
	asBefore  = 0.3
	// sharpDrop is the share of the target that a link carries at most after a drop
	// that is worth asking soon whether it is over.
	// Drops within dropPause are one.
	sharpDrop = 0.75
	dropPause = 5 * time.Second
)

// signal is what the delays say.
type signal struct {
	queued    time.Duration // standing queue now
	slack     time.Duration // queue that is none
	standing  bool          // the queue was never gone of late, however short it is
	growing   bool          // beyond noise
	draining  bool
	delivered float64 // bits per second that came out of the queue while it stood; 0: too short to tell
	collapsed float64 // bits per second that come while every packet waits long; 0: they do not
	acked     float64 // bits per second that arrived; 0: unknown
	sent      float64 // bits per second sent
	probing   bool    // trains can be sent, so that growth need not guess
	loss      float64 // share lost that the link loses anyway
	rtt       time.Duration
}

// controller moves the estimate: up while the delay is calm, to what the link
// delivers when a queue builds (AIMD, draft-ietf-rmcat-gcc-02 section 5.5).
type controller struct {
	min, max float64
	target   float64
	proven   float64 // by a probe, or the start: the estimate may be that high whatever arrives
	state    State

	capacity float64       // of the link as last seen, 0 unknown
	seen     time.Duration // when
	began    time.Duration // the present step against congestion
	stood    time.Duration // since when a queue stands and does not drain
	calm     time.Duration // since when nothing was in the way
	at       time.Duration // of the last update
	habit    float64       // bits per second sent, over some seconds

	dropped time.Duration // when the link last fell sharply
	raised  float64       // the target as a probe last raised it
	before  float64       // the target before the first of the trains that did
	since   time.Duration // when that was
	refuted bool          // the link turned out to carry less than that
}

// update moves the estimate by what the delays say. It returns true when the
// queue turned out not to be one: no rate of ours shortens it.
func (c *controller) update(s signal, now time.Duration) (rebase bool) {
	step := min(now-c.at, time.Second)
	c.at = now
	c.habit += (s.sent - c.habit) * step.Seconds() / habitSpan.Seconds()
	if c.capacity > 0 && now-c.seen > capacityLife {
		c.capacity = 0
	}
	if !s.standing || s.draining {
		c.stood = now
	}
	stands := now-c.stood > standing
	full := s.queued > s.slack+highQueue && !s.draining
	switch {
	case s.collapsed > 0 && s.collapsed < collapseShare*min(s.sent, c.target):
		s.delivered = s.collapsed
		c.congested(s, now)
	case s.queued > s.slack && s.growing || full || stands:
		if s.delivered == 0 && stands {
			s.delivered = s.acked
		}
		c.congested(s, now)
	case c.state == Draining:
		c.drain(s, now)
	case s.queued > s.slack:
		c.state, c.calm = Holding, now
	case s.queued > s.slack/2: // a queue may be about to be
		c.state = Holding
	default:
		c.state = Growing
		c.grow(s, step, now)
	}
	return c.state == Draining && now-c.stood > stuck+2*s.rtt
}

// congested takes a queue that grows or stands.
func (c *controller) congested(s signal, now time.Duration) {
	c.calm = now
	if s.delivered == 0 {
		if c.state != Draining {
			c.state = Holding
		}
		return // a burst: it may be over before it can be measured
	}
	link := s.delivered / (1 - s.loss)
	effect := max(s.rtt-s.queued, 0) + effectDelay
	switch since := now - c.began; {
	case c.state != Draining || since > 2*effect+effectPause:
		c.began = now
	case since > effect && link > cleared*c.capacity:
		return // let the last step work
	}
	c.state = Draining
	share := max(refill-max(s.queued-toleratedQueue, 0).Seconds(), drainFastest)
	if c.habit < selfDraining*link { // a burst, not a rate: it drains by itself
		share = refill
	}
	c.full(link, now)
	c.cut(link * share)
}

// full takes that the link carries no more than that.
func (c *controller) full(link float64, now time.Duration) {
	c.saw(link, now)
	c.refute(link, now)
	if now-c.dropped > dropPause && link < sharpDrop*c.target {
		c.dropped = now
	}
}

// refute compares what the link carries while it is full with what a probe proved.
func (c *controller) refute(link float64, now time.Duration) {
	same := math.Abs(link-c.before) < asBefore*c.before
	c.refuted = now-c.since < refutable && link < refuting*c.raised && (link > changed*c.raised || same)
}

// saw takes a measurement of the link's capacity.
func (c *controller) saw(link float64, now time.Duration) {
	if c.capacity == 0 || math.Abs(link-c.capacity) > 0.25*c.capacity || now-c.seen < time.Second && link < c.capacity {
		c.capacity = link
	} else {
		c.capacity += 0.3 * (link - c.capacity)
	}
	c.seen = now
}

// cut lowers the estimate.
func (c *controller) cut(to float64) {
	if to = max(to, c.min); to < c.target {
		c.target, c.proven = to, min(c.proven, to)
	}
}

// drain waits for the queue to go. While it stands the link is full, and shows
// better what it carries than in the moment in which it filled.
func (c *controller) drain(s signal, now time.Duration) {
	if s.queued > s.slack {
		if link := s.delivered / (1 - s.loss); link > c.capacity {
			c.capacity, c.seen = link, now
		}
		return
	}
	c.state = Holding
	if c.capacity > 0 {
		c.target = max(c.target, min(refill*c.capacity, c.limit(s)))
	}
}

// grow raises the estimate, at most to what is proven.
func (c *controller) grow(s signal, step, now time.Duration) {
	beyond := c.capacity > 0 && c.target > c.capacity
	if s.probing && (s.sent < limited*c.target || beyond && c.habit < filled*c.target) {
		return // a train finds out more, and faster
	}
	next := c.target
	if near := c.capacity > 0 && next > nearBelow*c.capacity; near && next < nearAbove*c.capacity {
		next += max(carefulPacket/(s.rtt+carefulDelay).Seconds(), 0.01*next) * step.Seconds()
	} else {
		if near { // it is more by now
			c.capacity, c.calm = 0, now
		}
		rate := min(slowest+speedUp*(now-c.calm).Seconds(), fastest)
		next *= 1 + rate*step.Seconds()
	}
	c.target = min(max(c.target, min(next, c.limit(s))), c.max)
}

// limit is the highest estimate that is proven.
func (c *controller) limit(s signal) float64 {
	return min(max(provenFactor*s.acked+provenMargin, c.proven), c.max)
}

// raise takes a rate that a probe proved, and the target before the first of the trains that did.
func (c *controller) raise(rate, before float64, now time.Duration) {
	rate = min(rate, c.max)
	if rate < inexact*c.capacity { // what was seen while the link was full is more exact
		rate = min(rate, c.capacity)
	}
	c.proven = max(c.proven, rate)
	if rate <= c.target {
		return
	}
	c.target, c.raised, c.before, c.since = rate, rate, before, now
	if rate > nearAbove*c.capacity {
		c.capacity = 0
	}
}
