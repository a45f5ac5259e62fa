package nack

import "time"

const (
	// lateWindow is how long reordering is remembered, at least.
	lateWindow = 10 * time.Second
	// maxTolerance bounds the wait before the first ask.
	maxTolerance = 100 * time.Millisecond
)

// lateness learns how late packets come by mere reordering. The tolerance is
// what the second latest packet of the last 10 to 20 s took and an eighth more:
// one outlier alone does not delay all repairs.
type lateness struct {
	began         time.Duration // of the current window
	current, past latest
}

// latest is the two greatest delays of a window, the greatest first.
type latest [2]time.Duration

func (l *latest) add(d time.Duration) {
	switch {
	case d > l[0]:
		l[0], l[1] = d, l[0]
	case d > l[1]:
		l[1] = d
	}
}

// saw notes that a packet came by itself, this much later than a newer one.
func (l *lateness) saw(late, at time.Duration) {
	l.turn(at)
	l.current.add(min(late, maxTolerance))
}

// tolerance is how long to wait for a late packet; false while there is too
// little evidence of reordering.
func (l *lateness) tolerance(at time.Duration) (time.Duration, bool) {
	l.turn(at)
	both := l.current
	both.add(l.past[0])
	both.add(l.past[1])
	if both[1] == 0 {
		return 0, false
	}
	return min(both[1]+both[1]/8, maxTolerance), true
}

// turn begins a new window when the current one is full.
func (l *lateness) turn(at time.Duration) {
	switch elapsed := at - l.began; {
	case elapsed >= 2*lateWindow:
		*l = lateness{began: at}
	case elapsed >= lateWindow:
		*l = lateness{began: at, past: l.current}
	}
}
