package bwe

import (
	"math"
	"time"
)

// State says what holds or moves the estimate.
type State uint8

// The states of an estimator.
const (
	Growing  State = iota // towards what is proven
	Holding               // a queue is there, or too little is known
	Draining              // a queue built up: under the link's capacity until it is gone
	Silent                // feedback is due and does not come
	Reported              // no transport feedback: by receiver reports and REMB alone
)

// String names the state for statistics.
func (s State) String() string {
	switch s {
	case Growing:
		return "growing"
	case Holding:
		return "holding"
	case Draining:
		return "draining"
	case Silent:
		return "silent"
	case Reported:
		return "reported"
	default:
		return "unknown"
	}
}

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
	// carefulPacket is what careful growth adds a response time, in bits.
	carefulPacket = 5_000
	// carefulDelay is the response time beyond the round trip.
	carefulDelay = 100 * time.Millisecond
	// capacityLife is how long the capacity is believed without being seen.
	capacityLife = 30 * time.Second

	// refill is the share of the capacity that the estimate goes back to when the
	// queue is gone.
	refill = 0.95
	// drainFastest is the least share of the capacity sent while a queue drains.
	drainFastest = 0.50
	// highQueue is a queue that is too long even where it no longer grows.
	highQueue = 80 * time.Millisecond
	// habitSpan is over what time a sender's own rate is taken.
	habitSpan = 3 * time.Second
	// limited is the share of the target below which the sender, not the link,
	// sets the rate: it then learns nothing of the link.
	// Only who fills the target learns that the link carries more than was seen.
	limited, filled = 0.88, 0.95
	// toleratedQueue is one that may take its time to drain.
	toleratedQueue = 60 * time.Millisecond
	// standing is how long a queue may stand, be it ever so short, before it is
	// drained: or it would become part of the base (RFC 8289 calls it bad queue).
	standing = 500 * time.Millisecond
	// stuck is how long a queue may stand, neither growing nor draining, while we
	// send less than the link carries, until it is taken for part of the way.
	stuck = 2 * time.Second
	// refutable is how long after a probe's raise congestion speaks against it,
	// and refuting the share of it that the link must at least carry.
	refutable = 3 * time.Second
	refuting  = 0.85
	// sharpDrop is the share that a drop leaves at most to be worth asking soon
	// whether it is over.
	sharpDrop = 0.75
)

// signal is what the delays say.
type signal struct {
	queued    time.Duration // standing queue now
	slack     time.Duration // queue that is none
	standing  bool          // the queue was never gone of late, however short it is
	growing   bool          // beyond noise
	draining  bool
	delivered float64 // bits per second that came out of the queue while it stood; 0: too short to tell
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
	began    time.Duration // of the present congestion
	stood    time.Duration // since when a queue stands and does not drain
	calm     time.Duration // since when nothing was in the way
	at       time.Duration // of the last update
	habit    float64       // bits per second sent, over some seconds

	before  float64       // the target before the last sharp drop
	dropped time.Duration // when that was
	raised  float64       // the target as a probe last raised it
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
	case s.queued > s.slack && s.growing || full || stands:
		if s.delivered == 0 && stands {
			s.delivered = s.acked
		}
		c.congested(s, now)
	case c.state == Draining:
		c.drain(s)
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
	effect := s.rtt + 100*time.Millisecond // until a change of rate shows
	switch since := now - c.began; {
	case c.state != Draining || since > 2*effect+300*time.Millisecond:
		c.began = now
	case since > effect:
		return // let the last step work
	}
	c.state = Draining
	link := s.delivered / (1 - s.loss)
	share := max(refill-max(s.queued-toleratedQueue, 0).Seconds(), drainFastest) // gone in a second or two
	if s.sent > 0 && s.sent < 0.9*link {                                         // it drains by itself: a burst, not a rate
		share = refill
	}
	c.saw(link, now)
	c.refute(link, now)
	c.cut(link*share, now)
}

// refute takes that the link carries no more than that while it is full.
func (c *controller) refute(link float64, now time.Duration) {
	c.refuted = now-c.since < refutable && link < refuting*c.raised
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
func (c *controller) cut(to float64, now time.Duration) {
	to = max(to, c.min)
	if to >= c.target {
		return
	}
	if now-c.dropped > 5*time.Second && to < sharpDrop*c.target {
		c.before, c.dropped = c.target, now
	}
	c.target = to
	c.proven = min(c.proven, to)
}

// drain waits for the queue to go.
func (c *controller) drain(s signal) {
	if s.queued > s.slack {
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

// raise takes a rate that a probe proved.
func (c *controller) raise(rate float64, now time.Duration) {
	rate = min(rate, c.max)
	c.proven = max(c.proven, rate)
	if rate <= c.target {
		return
	}
	c.target, c.raised, c.since = rate, rate, now
	if rate > nearAbove*c.capacity {
		c.capacity = 0
	}
}
