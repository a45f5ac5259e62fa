// Package keyframe decides when a publisher is asked for a keyframe. It sends
// nothing and reads no clock: time is an argument.
package keyframe

import "time"

// waits is the time from one ask to the next while no keyframe comes: asks
// stand at 0, 100, 200 and 400 ms, then every second. Asking again so early is
// on purpose: Chromium silently drops a PLI within 300 ms of its last keyframe.
// Where keyframes have been slow to come the one at 400 ms stands later.
var waits = [...]time.Duration{100 * time.Millisecond, 100 * time.Millisecond, 200 * time.Millisecond, time.Second}

// early is how many asks come before the one that waits for a slow publisher, and
// slowest how long a keyframe is thought to take at most.
const (
	early   = 3
	slowest = time.Second / 2
)

// window is the time in which no more than two keyframes are provoked.
const window = time.Second

// Requester is the keyframe asking of one layer. Wishes of any number of
// waiting slots merge into one round of asks, which ends when a keyframe
// arrives or when nobody waits any more.
//
// The floor of two keyframes a second is kept at the start of a round: a round
// begins at once unless two keyframes arrived within the last second, and then
// as soon as the older of them is a second old. So however many subscribers
// ask, three keyframes in a row span a second or more, and one switch forth and
// back is never delayed. Repetitions within a round follow the schedule
// whatever the floor says: they are for asks that were lost or dropped, and a
// publisher whose keyframe is on its way drops them, as browsers do for 300 ms.
// After that they make another, which delays the first on a thin link: so the last
// of the early asks waits for twice the time that a keyframe took of late.
//
// The zero value is ready. One goroutine, the layer's worker, owns it.
type Requester struct {
	waiting bool
	asks    int           // of this round
	began   time.Time     // the first of them
	asked   time.Time     // the latest ask; zero before the first
	took    time.Duration // from the first ask to the keyframe, of late
	next    time.Time     // of the next ask, while waiting
	arrived [2]time.Time
}

// Wish says that somebody waits for a keyframe.
func (r *Requester) Wish(now time.Time) {
	if r.waiting {
		return
	}
	r.waiting = true
	// Somebody gave up waiting and somebody else began, with no keyframe in
	// between: the asks already made count, or those who come and go would ask
	// without end.
	if r.asks > 0 && now.Sub(r.asked) < waits[len(waits)-1] {
		return
	}
	r.asks = 0
	r.next = now
	if second := r.arrived[0]; !second.IsZero() && now.Sub(second) < window {
		r.next = second.Add(window)
	}
}

// Arrived says that a keyframe came, asked for or not: nobody waits any more.
// Call it once per keyframe, at its first packet.
func (r *Requester) Arrived(now time.Time) {
	if r.asks > 0 {
		r.took = max(min(now.Sub(r.began), slowest), r.took*3/4)
	}
	r.waiting = false
	r.asks = 0
	r.arrived[0], r.arrived[1] = r.arrived[1], now
}

// Cancel says that nobody waits any more though no keyframe came.
func (r *Requester) Cancel() { r.waiting = false }

// Waiting tells whether somebody waits.
func (r *Requester) Waiting() bool { return r.waiting }

// Due tells whether to ask now, and takes it as asked.
func (r *Requester) Due(now time.Time) bool {
	if !r.waiting || now.Before(r.next) {
		return false
	}
	if r.asks == 0 {
		r.began = now
	}
	r.asked = now
	r.next = now.Add(waits[min(r.asks, len(waits)-1)])
	if r.asks++; r.asks == early {
		r.next = later(r.next, r.began.Add(2*r.took))
	}
	return true
}

// Next is when Due will be true, the zero time if nobody waits.
func (r *Requester) Next() time.Time {
	if !r.waiting {
		return time.Time{}
	}
	return r.next
}

func later(a, b time.Time) time.Time {
	if a.Before(b) {
		return b
	}
	return a
}
