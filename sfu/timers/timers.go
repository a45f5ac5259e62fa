// Package timers says who is to be looked at, and when. What is not due costs
// nothing, however much there is of it. It reads no clock: time is an argument.
package timers

import "time"

// Timer is when somebody is to be looked at. It lies in what it is of, so that
// setting it takes no storage. The zero value is not set.
type Timer[T any] struct {
	// Of is who; set once, before the timer is.
	Of    T
	at    time.Time
	place int // in the queue's heap, from 1; 0: not set
}

// Set tells whether the timer is set.
func (t *Timer[T]) Set() bool { return t.place > 0 }

// By tells whether the timer is set for that time or an earlier one.
func (t *Timer[T]) By(at time.Time) bool { return t.place > 0 && !t.at.After(at) }

// Queue keeps timers in the order of their times. Setting, moving and stopping one
// takes a few steps more where there are many. One goroutine owns it. The zero
// value is empty.
type Queue[T any] struct{ heap []*Timer[T] }

// Set sets a timer, or moves it.
func (q *Queue[T]) Set(t *Timer[T], at time.Time) {
	t.at = at
	if t.place == 0 {
		q.heap = append(q.heap, t)
		t.place = len(q.heap)
	}
	q.up(t)
	q.down(t)
}

// Stop forgets a timer, set or not.
func (q *Queue[T]) Stop(t *Timer[T]) {
	if t.place == 0 {
		return
	}
	last := q.heap[len(q.heap)-1]
	q.heap[len(q.heap)-1] = nil
	q.heap = q.heap[:len(q.heap)-1]
	if last != t {
		q.put(last, t.place)
		q.up(last)
		q.down(last)
	}
	t.place = 0
}

// Next is the time of the first timer, the zero time without any.
func (q *Queue[T]) Next() time.Time {
	if len(q.heap) == 0 {
		return time.Time{}
	}
	return q.heap[0].at
}

// Pop takes the first timer out if it is due, and says whose it was.
func (q *Queue[T]) Pop(now time.Time) (of T, due bool) {
	if len(q.heap) == 0 || q.heap[0].at.After(now) {
		return of, false
	}
	first := q.heap[0]
	q.Stop(first)
	return first.Of, true
}

// up moves a timer before those that are later.
func (q *Queue[T]) up(t *Timer[T]) {
	for t.place > 1 {
		parent := q.heap[t.place/2-1]
		if !t.at.Before(parent.at) {
			return
		}
		place := t.place
		q.put(t, parent.place)
		q.put(parent, place)
	}
}

// down moves a timer behind those that are earlier.
func (q *Queue[T]) down(t *Timer[T]) {
	for {
		child := 2 * t.place
		if child > len(q.heap) {
			return
		}
		if child < len(q.heap) && q.heap[child].at.Before(q.heap[child-1].at) {
			child++
		}
		earlier := q.heap[child-1]
		if !earlier.at.Before(t.at) {
			return
		}
		q.put(earlier, t.place)
		q.put(t, child)
	}
}

func (q *Queue[T]) put(t *Timer[T], place int) {
	q.heap[place-1] = t
	t.place = place
}
