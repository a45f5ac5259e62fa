package sfu

import (
	"time"

	"madang/sfu/udp"
)

// quiet is a port over which nothing ever comes.
type quiet struct {
	bell   chan struct{}
	corked bool
}

func newQuiet() *quiet { return &quiet{bell: make(chan struct{}, 1)} }

func (q *quiet) Receive(_ *udp.Burst, most time.Duration) error {
	select {
	case <-q.bell:
	case <-time.After(most):
	}
	return nil
}

func (q *quiet) Wake() {
	select {
	case q.bell <- struct{}{}:
	default: // it rings
	}
}

func (*quiet) Calm(bool)                     {}
func (*quiet) PollFeedback(*udp.Burst) error { return nil }
func (q *quiet) Cork()                       { q.corked = true }
func (q *quiet) Uncork()                     { q.corked = false }
