package bwe

import (
	"math/rand/v2"
	"time"
)

const ms = time.Millisecond

// link is a simulated bottleneck: a drop-tail queue before a line of some rate,
// then the way. Its rate may change while packets wait.
type link struct {
	random *rand.Rand

	rate    float64       // bits per second
	queue   time.Duration // how long a packet may wait
	delay   time.Duration // one way
	jitter  time.Duration // added, 0 to this, in order
	reorder float64       // share of packets that come reorderBy later
	late    time.Duration
	loss    float64 // share lost, at random
	burst   float64 // mean length of a loss, in packets; up to 1: independent
	cut     bool    // all is lost
	policer bool    // no queue: what exceeds the rate is dropped
	bucket  int     // bytes that pass at once after a pause, as a shaper lets them
	cross   func(time.Duration) float64

	free     time.Duration // when the line is
	crossed  time.Duration // up to when cross traffic was let in
	last     time.Duration // newest arrival, to keep the order
	bad      bool          // within a loss
	tokens   float64       // of the policer, bits
	refilled time.Duration
}

// set changes the rate; what waits keeps waiting, at the new rate.
func (l *link) set(rate float64, now time.Duration) {
	if l.free > now {
		l.free = now + time.Duration(float64(l.free-now)*l.rate/rate)
	}
	l.rate = rate
}

func (l *link) wire(bytes int) time.Duration {
	return time.Duration(float64(bytes*8) / l.rate * float64(time.Second))
}

// send puts a packet on the link. It returns how long it waits and when it
// arrives; false if it is lost.
func (l *link) send(bytes int, now time.Duration) (wait, arrival time.Duration, ok bool) {
	if l.cut || l.lose() {
		return 0, 0, false
	}
	if l.policer {
		l.tokens = min(l.tokens+l.rate*(now-l.refilled).Seconds(), 8*8_000)
		l.refilled = now
		if l.tokens < float64(bytes*8) {
			return 0, 0, false
		}
		l.tokens -= float64(bytes * 8)
		return 0, now + l.delay, true
	}
	wait = max(l.free-now, 0)
	if wait > l.queue {
		return wait, 0, false
	}
	l.free = max(l.free, now-l.wire(l.bucket)) + l.wire(bytes)
	arrival = max(l.free, now) + l.delay
	if l.jitter > 0 {
		arrival += time.Duration(l.random.Int64N(int64(l.jitter)))
	}
	arrival = max(arrival, l.last)
	l.last = arrival
	if l.random.Float64() < l.reorder {
		arrival += l.late
	}
	return wait, arrival, true
}

// lose decides a packet's fate by chance (Gilbert's model).
func (l *link) lose() bool {
	if l.loss == 0 {
		return false
	}
	switch {
	case l.burst <= 1:
		l.bad = l.random.Float64() < l.loss
	case l.bad:
		l.bad = l.random.Float64() < 1-1/l.burst
	default:
		l.bad = l.random.Float64() < l.loss/(1-l.loss)/l.burst
	}
	return l.bad
}

// tick lets cross traffic in.
func (l *link) tick(now time.Duration) {
	if l.cross == nil {
		return
	}
	for l.crossed < now {
		rate := l.cross(now)
		if rate <= 0 {
			l.crossed = now
			return
		}
		l.crossed += time.Duration(1000 * 8 / rate * float64(time.Second))
		if l.free-now <= l.queue {
			l.free = max(l.free, now) + l.wire(1000)
		}
	}
}
