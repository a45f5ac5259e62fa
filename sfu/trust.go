package sfu

import (
	"sync/atomic"
	"time"
)

// When none of a peer's packets opens with the keys that were overheard, for so
// long and so many of them, the keys are wrong and not the packets: what strangers
// send does not get this far without standing where the peer does.
const (
	doubtAfter   = 3 * time.Second
	doubtPackets = 16
)

// distrust is how long keys are not used once they were wrong.
const distrust = 10 * time.Minute

// trust says whether the keys that are overheard can be relied on, for a whole
// server. Once a packet has opened with such keys, whoever's do not open is at
// fault himself: nobody can make the others slow. Any goroutine.
type trust struct {
	proven atomic.Bool
	until  atomic.Int64 // distrusted, in Unix nanoseconds
}

// given tells whether keys are to be used now.
func (t *trust) given(now time.Time) bool {
	return t.proven.Load() || now.UnixNano() >= t.until.Load()
}

// trial is whether the keys of one association have proved right. It belongs to
// the worker.
type trial struct {
	trust   *trust
	over    bool
	refused int
	since   time.Time // of the first that was refused
}

// opened takes that a packet did.
func (t *trial) opened() {
	if !t.over {
		t.over = true
		t.trust.proven.Store(true)
	}
}

// failed takes that a packet did not open, and tells, once, that the association
// must end: our keys are wrong, and those to come are Pion's alone for a while.
func (t *trial) failed(now time.Time) bool {
	if t.over || t.trust.proven.Load() {
		return false
	}
	if t.refused++; t.refused == 1 {
		t.since = now
	}
	if t.refused < doubtPackets || now.Sub(t.since) < doubtAfter {
		return false
	}
	t.over = true
	t.trust.until.Store(now.Add(distrust).UnixNano())
	return true
}
