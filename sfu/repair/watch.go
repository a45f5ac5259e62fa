// Package repair decides when a packet that was sent again is to be sent once
// more. Whoever lost a packet asks for it, but learns that the answer was lost
// too only by waiting: a browser that knows no round trip waits 100 ms, and
// gives up on a frame as soon as one decodes that does not need it. The sender
// knows earlier, as transport-wide feedback tells what became of each packet
// (draft-holmer-rmcat-transport-wide-cc-extensions-01), and where much is lost
// it need not wait for that either. The package sends nothing and reads no clock.
package repair

import (
	"slices"
	"time"
)

const (
	// most is how often one packet is sent again in all; then its receiver's next
	// request or a keyframe has to help.
	most = 6
	// patience is how long a packet is followed: later its frame was given up.
	patience = 500 * time.Millisecond
	// spacing is the least time between two copies, as losses come in bursts.
	spacing = 5 * time.Millisecond
	// followed is how many packets are followed at once; more push out the oldest.
	followed = 128
)

// Copies is how many copies of a repair to have on the way where a share of all
// packets is lost: so many that hardly one repair in a thousand is lost
// altogether, and at most three, as with more loss a frame has other troubles.
func Copies(loss float64) int {
	switch {
	case loss < 0.02:
		return 1
	case loss < 0.03:
		return 2
	}
	return 3
}

// Packet names what was lost: its number in the original stream, and the stream
// that repairs it (RFC 4588).
type Packet struct {
	SSRC     uint32 // of the repairs
	Sequence uint16 // original
}

// Feedback tells what became of a packet that left under a transport-wide
// number: told is false while nothing is known.
type Feedback interface {
	Told(number uint16) (came, told bool)
}

// Watch follows the repairs that one subscriber is sent until one of each has
// come. The zero value is ready. One goroutine owns it.
type Watch struct {
	repairs []attempt // the oldest first
}

// attempt is all copies of one packet.
type attempt struct {
	packet        Packet
	numbers       [most]uint16 // transport-wide, of the copies
	copies        int
	first, newest time.Time // when they left
	queued        bool      // one waits to leave
	done          bool
}

// Sent notes a copy that leaves now under a transport-wide number.
func (w *Watch) Sent(p Packet, number uint16, now time.Time) {
	a := w.follow(p)
	if a.copies == 0 {
		a.first = now
	}
	if a.copies < most {
		a.numbers[a.copies] = number
		a.copies++
	}
	a.newest, a.queued = now, false
}

// Queued notes a copy that waits to leave: until it does, no other is needed.
func (w *Watch) Queued(p Packet) { w.follow(p).queued = true }

// Dropped notes that what waited of a stream of repairs will not leave.
func (w *Watch) Dropped(ssrc uint32) {
	for i := range w.repairs {
		if a := &w.repairs[i]; a.packet.SSRC == ssrc && a.queued {
			a.queued, a.done = false, true
		}
	}
	w.tidy()
}

// follow is the attempt of a packet, made anew if there is none.
func (w *Watch) follow(p Packet) *attempt {
	if a := w.find(p); a != nil {
		return a
	}
	if len(w.repairs) == followed {
		w.repairs = slices.Delete(w.repairs, 0, 1)
	}
	w.repairs = append(w.repairs, attempt{packet: p})
	return &w.repairs[len(w.repairs)-1]
}

// tidy forgets what is done.
func (w *Watch) tidy() {
	w.repairs = slices.DeleteFunc(w.repairs, func(a attempt) bool { return a.done })
}

func (w *Watch) find(p Packet) *attempt {
	for i := range w.repairs {
		if w.repairs[i].packet == p {
			return &w.repairs[i]
		}
	}
	return nil
}

// Idle tells that nothing is followed.
func (w *Watch) Idle() bool { return len(w.repairs) == 0 }

// Underway tells whether a copy waits to leave, or left so lately that a request
// that comes now was made before it could arrive: within a round trip, and not
// lost as far as known.
func (w *Watch) Underway(p Packet, trip time.Duration, feedback Feedback, now time.Time) bool {
	a := w.find(p)
	switch {
	case a == nil:
		return false
	case a.queued:
		return true
	case now.Sub(a.newest) >= trip:
		return false
	}
	came, told := feedback.Told(a.numbers[a.copies-1])
	return came || !told
}

// Due has every packet sent again of which fewer than so many copies are on the
// way and none is known to have come. Calls every 5 to 20 ms are fine. send may
// call Sent; false ends the attempt.
func (w *Watch) Due(copies int, feedback Feedback, now time.Time, send func(Packet) bool) {
	for i := range w.repairs {
		a := &w.repairs[i]
		flying, came := a.flying(feedback)
		switch {
		case a.queued:
		case came || a.copies == most || now.Sub(a.first) > patience:
			a.done = true
		case flying < copies && now.Sub(a.newest) >= spacing:
			a.done = !send(a.packet)
		}
	}
	w.tidy()
}

// flying is how many copies may still come, unless one has.
func (a *attempt) flying(feedback Feedback) (n int, came bool) {
	for _, number := range a.numbers[:a.copies] {
		came, told := feedback.Told(number)
		if came {
			return 0, true
		}
		if !told {
			n++
		}
	}
	return n, false
}
