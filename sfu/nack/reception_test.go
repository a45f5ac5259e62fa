package nack

import (
	"testing"
	"time"

	"github.com/pion/rtcp"
)

func report(t *testing.T, r *Reception, now time.Time) rtcp.ReceptionReport {
	t.Helper()
	got, ok := r.Report(7, now)
	if !ok {
		t.Fatal("nothing to report")
	}
	if _, err := got.Marshal(); err != nil {
		t.Fatal(err)
	}
	return got
}

func TestReportCountsLosses(t *testing.T) {
	r := NewReception(90000)
	if _, ok := r.Report(7, start); ok {
		t.Error("a report before the first packet")
	}
	for seq := 65500; seq < 65700; seq++ {
		if seq%4 != 0 {
			r.Received(uint16(seq), 0, start)
		}
	}
	got := report(t, r, start)
	// The first packet that came is 65501 and the last one 65699.
	if got.SSRC != 7 || got.TotalLost != 49 || got.FractionLost != 49*256/199 || got.LastSequenceNumber != 65699 {
		t.Errorf("first %+v", got)
	}
	for seq := 65700; seq < 65800; seq++ {
		r.Received(uint16(seq), 0, start)
	}
	if got := report(t, r, start); got.TotalLost != 49 || got.FractionLost != 0 || got.LastSequenceNumber != 65799 {
		t.Errorf("second %+v", got)
	}
	if got := report(t, r, start); got.FractionLost != 0 {
		t.Errorf("without packets %+v", got)
	}
}

func TestDuplicatesCountAgainstLosses(t *testing.T) {
	r := NewReception(48000)
	for range 3 {
		r.Received(10, 0, start)
		r.Received(11, 0, start)
	}
	if got := report(t, r, start); got.TotalLost != 0xFFFFFC || got.FractionLost != 0 {
		t.Errorf("%+v, want -4 lost", got)
	}
}

func TestLateAndStrayPacketsKeepTheHighest(t *testing.T) {
	r := NewReception(90000)
	for _, seq := range []uint16{10, 12, 11, 40000, 13} {
		r.Received(seq, 0, start)
	}
	if got := report(t, r, start); got.LastSequenceNumber != 13 || got.TotalLost != 0 {
		t.Errorf("%+v", got)
	}
}

func TestSenderThatBeginsAnewIsNoLoss(t *testing.T) {
	r := NewReception(90000)
	for _, seq := range []uint16{10, 11, 20000, 20001, 20002} {
		r.Received(seq, 0, start)
	}
	if got := report(t, r, start); got.LastSequenceNumber != 20002 || got.TotalLost != 0 || got.FractionLost != 0 {
		t.Errorf("%+v", got)
	}
}

// The jitter is that of a calculation with the formulas of RFC 3550 A.8 by hand:
// a steady difference of d ticks between two transit times tends to d.
func TestJitterFollowsTransitTimes(t *testing.T) {
	for _, tc := range []struct {
		name   string
		rate   uint32
		swing  time.Duration
		jitter uint32
	}{
		{"steady", 90000, 0, 0},
		{"10 ms at 90 kHz", 90000, 10 * ms, 900},
		{"10 ms at 48 kHz", 48000, 10 * ms, 480},
	} {
		t.Run(tc.name, func(t *testing.T) {
			r := NewReception(tc.rate)
			timestamp := uint32(1<<32 - 50000) // wraps on the way
			for i := range 1000 {
				now := start.Add(time.Duration(i) * 20 * ms)
				if i%2 == 1 {
					now = now.Add(tc.swing)
				}
				r.Received(uint16(i), timestamp, now)
				timestamp += tc.rate / 50
			}
			got := report(t, r, start).Jitter
			if low, high := tc.jitter*98/100, tc.jitter; got < low || got > high {
				t.Errorf("jitter %d, want %d to %d", got, low, high)
			}
		})
	}
}

func TestNewTimestampsAreNoJitter(t *testing.T) {
	r := NewReception(90000)
	r.Received(1, 1000, start)
	r.Received(2, 4_000_000_000, start)
	r.Received(3, 4_000_001_800, start.Add(20*ms))
	if got := report(t, r, start).Jitter; got != 0 {
		t.Errorf("jitter %d", got)
	}
}

func TestReportEchoesSenderReport(t *testing.T) {
	r := NewReception(90000)
	r.Received(1, 0, start)
	if got := report(t, r, start); got.LastSenderReport != 0 || got.Delay != 0 {
		t.Errorf("before a sender report %+v", got)
	}
	r.SenderReport(0x1122334455667788, start)
	if got := report(t, r, start.Add(1500*ms)); got.LastSenderReport != 0x33445566 || got.Delay != 3<<15 {
		t.Errorf("%+v", got)
	}
}
