package nack

import (
	"slices"
	"testing"
	"time"
)

var start = time.Date(2026, 1, 1, 0, 0, 0, 0, time.UTC)

const ms = time.Millisecond

func at(d time.Duration) time.Time { return start.Add(d) }

// feed has a tracker receive packets one millisecond after another.
func feed(t *Tracker, from time.Duration, seqs ...uint16) time.Duration {
	for _, seq := range seqs {
		t.Received(seq, at(from))
		from += ms
	}
	return from
}

func expect(t *testing.T, tracker *Tracker, when time.Duration, want ...uint16) {
	t.Helper()
	if got := tracker.Due(at(when), nil); !slices.Equal(got, want) {
		t.Errorf("at %v asked for %v, want %v", when, got, want)
	}
}

func TestPacketsInOrderAreNotAskedFor(t *testing.T) {
	tracker := NewTracker()
	feed(tracker, 0, 65533, 65534, 65535, 0, 1, 2)
	expect(t, tracker, time.Second)
	if tracker.Waiting() || tracker.Stats() != (TrackerStats{}) {
		t.Errorf("waiting %v, %+v", tracker.Waiting(), tracker.Stats())
	}
}

func TestGapIsAskedForAfterTwoNewerPacketsOrAWait(t *testing.T) {
	tracker := NewTracker()
	now := feed(tracker, 0, 65533, 65534, 1)
	expect(t, tracker, now)
	now = feed(tracker, now, 2)
	expect(t, tracker, now, 65535, 0)

	tracker = NewTracker()
	now = feed(tracker, 0, 10, 12)
	expect(t, tracker, now)
	expect(t, tracker, now+firstWait, 11)
}

func TestAskingIsRepeatedByRoundTripAndGivenUp(t *testing.T) {
	for _, rtt := range []time.Duration{10 * ms, 100 * ms, 400 * ms} {
		tracker := NewTracker()
		tracker.SetRTT(rtt)
		feed(tracker, 0, 1, 3, 4)
		var asked []time.Duration
		for now := 2 * ms; now < 3*time.Second; now += ms {
			if len(tracker.Due(at(now), nil)) > 0 {
				asked = append(asked, now)
			}
		}
		for i := 1; i < len(asked); i++ {
			if apart := asked[i] - asked[i-1]; apart < rtt+rtt/4 {
				t.Errorf("round trip %v: asked again after %v", rtt, apart)
			}
		}
		if len(asked) < 2 || len(asked) > maxAsks || asked[len(asked)-1] > patience+2*ms {
			t.Errorf("round trip %v: asked at %v", rtt, asked)
		}
		want := TrackerStats{Missing: 1, GivenUp: 1, Asked: uint64(len(asked))}
		if got := tracker.Stats(); got != want || tracker.Waiting() {
			t.Errorf("round trip %v: %+v, want %+v", rtt, got, want)
		}
	}
}

func TestRepairEndsAsking(t *testing.T) {
	for _, rtx := range []bool{true, false} {
		tracker := NewTracker()
		now := feed(tracker, 0, 5, 7, 8)
		expect(t, tracker, now, 6)
		receive := tracker.Received
		if rtx {
			receive = tracker.ReceivedRTX
		}
		if ext, arrival := receive(6, at(now+defaultRTT)); ext != 6 || arrival != Filled {
			t.Errorf("rtx %v: the repair is %d, %v", rtx, ext, arrival)
		}
		if _, arrival := receive(6, at(now+defaultRTT)); arrival != Old {
			t.Errorf("rtx %v: the second repair is %v", rtx, arrival)
		}
		expect(t, tracker, now+time.Second/2)
		want := TrackerStats{Missing: 1, Repaired: 1, Asked: 1}
		if got := tracker.Stats(); got != want {
			t.Errorf("rtx %v: %+v, want %+v", rtx, got, want)
		}
	}
}

func TestRepairThatOvertakesIsNotAskedFor(t *testing.T) {
	tracker := NewTracker()
	now := feed(tracker, 0, 5)
	if ext, arrival := tracker.ReceivedRTX(6, at(now)); ext != 6 || arrival != Newest {
		t.Errorf("the repair is %d, %v", ext, arrival)
	}
	now = feed(tracker, now, 7, 8, 9)
	expect(t, tracker, now+time.Second/2)
}

func TestFarPacketsAreJumps(t *testing.T) {
	for _, tc := range []struct {
		name  string
		seqs  []uint16
		exts  []int64
		kinds []Arrival
	}{
		{"a gap that can be repaired", []uint16{0, maxMissing}, []int64{0, maxMissing}, []Arrival{Newest, Newest}},
		{"a longer one", []uint16{0, maxMissing + 1, maxMissing + 2}, []int64{0, maxMissing + 1, maxMissing + 2},
			[]Arrival{Newest, Jumped, Newest}},
		{"a longer one across the wrap", []uint16{65000, 1000, 1001}, []int64{65000, 66536, 66537},
			[]Arrival{Newest, Jumped, Newest}},
		{"one packet from long ago", []uint16{40000, 20000, 40001}, []int64{40000, 20000, 40001},
			[]Arrival{Newest, Old, Newest}},
		{"two that do not follow one another", []uint16{40000, 20000, 20002, 40001}, []int64{40000, 20000, 20002, 40001},
			[]Arrival{Newest, Old, Old, Newest}},
		{"a sender that began anew", []uint16{40000, 20000, 20001, 20002}, []int64{40000, 20000, 85537, 85538},
			[]Arrival{Newest, Old, Jumped, Newest}},
	} {
		t.Run(tc.name, func(t *testing.T) {
			tracker := NewTracker()
			for i, seq := range tc.seqs {
				if ext, kind := tracker.Received(seq, at(0)); ext != tc.exts[i] || kind != tc.kinds[i] {
					t.Errorf("%d is %d, %v; want %d, %v", seq, ext, kind, tc.exts[i], tc.kinds[i])
				}
			}
		})
	}
}

func TestJumpForgetsWhatIsMissing(t *testing.T) {
	tracker := NewTracker()
	now := feed(tracker, 0, 0, 10, 11, 5000, 5001)
	expect(t, tracker, now+time.Second/2)
	want := TrackerStats{Missing: 9, GivenUp: 9}
	if got := tracker.Stats(); got != want {
		t.Errorf("%+v, want %+v", got, want)
	}
}

func TestListOfMissingIsBounded(t *testing.T) {
	tracker, seq := NewTracker(), uint16(0)
	for range 100 {
		seq += 101
		tracker.Received(seq, at(0))
	}
	asked := tracker.Due(at(10*ms), nil)
	if len(asked) != maxMissing || !slices.Contains(asked, seq-1) {
		t.Errorf("asked for %d packets, want the newest %d", len(asked), maxMissing)
	}
	if pairs := AppendPairs(nil, asked); len(pairs) > MaxPairs {
		t.Errorf("%d pairs, more than one packet holds", len(pairs))
	}
	if s := tracker.Stats(); s.Missing != 9900 || s.GivenUp != 9900-maxMissing {
		t.Errorf("%+v", s)
	}
}

func TestOneOutlierDoesNotDelayRepairs(t *testing.T) {
	tracker := NewTracker()
	feed(tracker, 0, 0, 2)
	tracker.Received(1, at(90*ms))
	now := feed(tracker, 100*ms, 3, 5)
	expect(t, tracker, now+firstWait, 4)
}

func TestReorderingIsForgotten(t *testing.T) {
	var l lateness
	l.saw(40*ms, 0)
	l.saw(50*ms, time.Second)
	for _, tc := range []struct {
		at   time.Duration
		seen bool
	}{{2 * time.Second, true}, {lateWindow + time.Second, true}, {2*lateWindow + 2*time.Second, false}} {
		if wait, seen := l.tolerance(tc.at); seen != tc.seen || seen && wait != 45*ms {
			t.Errorf("at %v: %v, %v", tc.at, wait, seen)
		}
	}
}
