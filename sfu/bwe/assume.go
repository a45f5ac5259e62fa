package bwe

import "time"

const (
	// assumeAtLeast and assumeAtMost are the waits until what went wrong is assumed
	// once more.
	assumeAtLeast, assumeAtMost = 5 * time.Second, time.Minute
	// assumePause is how long an assumption stands before another one is added to
	// it: most receivers have reported by then.
	assumePause = 2 * time.Second
)

// assumption is a rate that nothing speaks for or against, as nobody reports on a
// picture that is not sent.
type assumption struct {
	rate float64       // 0: none stands
	next time.Duration // no other before
	wait time.Duration // after the next failure
}

// Assume raises the target to a rate without any proof, for a subscriber that
// sends no transport-wide feedback: what is not sent is not reported on, so that
// nothing else would ever raise it. Reports, or feedback, that speak against it
// take it back, and then it is tried again after 5 s, 10 s and so on up to a minute.
// False: it is too early for that, or the receiver itself says that it is too much.
func (e *Estimator) Assume(bps int, now time.Time) bool {
	at, a := e.clock(now), &e.assumed
	rate := min(float64(bps), e.rate.max)
	if e.transport(at) || rate <= e.rate.target || rate > e.report.limit(e.rate.max, at) {
		return false
	}
	if a.rate > e.rate.target { // it did not last
		a.wait = min(max(2*a.wait, assumeAtLeast), assumeAtMost)
		a.rate, a.next = 0, at+a.wait
	}
	if at < a.next {
		return false
	}
	a.rate, a.next = rate, at+assumePause
	e.rate.target, e.rate.state = rate, Reported
	return true
}

// Left notes a packet of size bytes on the wire that leaves now without a
// transport-wide number.
func (e *Estimator) Left(size int, now time.Time) { e.sent.add(e.clock(now), size) }
