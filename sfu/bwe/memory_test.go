package bwe

import (
	"testing"
	"time"
)

// TestFlightTakesWhatTheRateAsksFor: nothing before the first packet, little for
// sound alone, and all of the memory's time whatever the rate.
func TestFlightTakesWhatTheRateAsksFor(t *testing.T) {
	if e := New(usual, time.Unix(1_700_000_000, 0)); e.flight.ring != nil || e.probe.packets != nil {
		t.Error("an estimator takes storage before anything was sent")
	}
	for _, c := range []struct {
		rate int // packets a second
		want int // that the ring has room for
	}{{10, 64}, {50, 128}, {200, 512}, {600, 1024}} {
		var f flight
		every := time.Second / time.Duration(c.rate)
		for n := range 4 * c.rate {
			seq, at := uint16(n), time.Duration(n)*every
			f.add(packet{at: at, seq: seq, size: 1000, fate: flying})
			f.find(seq).fate = received
			if back := min(n, int((memory-every)/every)); f.find(seq-uint16(back)) == nil {
				t.Fatalf("%d a second: the packet %v before is forgotten", c.rate, time.Duration(back)*every)
			}
		}
		if len(f.ring) != c.want {
			t.Errorf("%d a second: room for %d packets, want %d", c.rate, len(f.ring), c.want)
		}
	}
}

// TestFeedbackOfAnEmptyFlightIsIgnored: who was sent nothing remembers nothing.
func TestFeedbackOfAnEmptyFlightIsIgnored(t *testing.T) {
	now := time.Unix(1_700_000_000, 0)
	e := New(usual, now)
	e.Feedback(report(0, 5), now)
	e.Tick(now.Add(time.Second))
	if came, told := e.Told(3); came || told {
		t.Error("a packet that was never sent is known")
	}
}
