package sfu

import (
	"os"
	"sync"
	"time"

	"madang/sfu/udp"
)

// quiet is a port over which nothing ever comes.
type quiet struct {
	mu       sync.Mutex
	changed  chan struct{} // closed when the deadline does
	deadline time.Time
	corked   bool
}

func newQuiet() *quiet { return &quiet{changed: make(chan struct{})} }

func (q *quiet) Receive(*udp.Burst) error {
	for {
		q.mu.Lock()
		changed, left := q.changed, time.Until(q.deadline)
		q.mu.Unlock()
		if left <= 0 {
			return os.ErrDeadlineExceeded
		}
		select {
		case <-changed:
		case <-time.After(left):
		}
	}
}

func (q *quiet) SetReadDeadline(t time.Time) error {
	q.mu.Lock()
	defer q.mu.Unlock()
	q.deadline = t
	close(q.changed)
	q.changed = make(chan struct{})
	return nil
}

func (*quiet) Poll(*udp.Burst) error         { return nil }
func (*quiet) PollFeedback(*udp.Burst) error { return nil }
func (q *quiet) Cork()                       { q.corked = true }
func (q *quiet) Uncork()                     { q.corked = false }
