package bwe

import (
	"encoding/binary"
	"math"
	"testing"
	"time"

	"github.com/pion/rtcp"
)

// FuzzFeedback: whatever a receiver says, the estimator stays sound: within its
// bounds, without NaN, and ready for what comes next.
func FuzzFeedback(f *testing.F) {
	for _, fb := range []*rtcp.TransportLayerCC{report(100, 20), report(65_530, 12), report(0, 200)} {
		fb.Header = rtcp.Header{Count: rtcp.FormatTCC, Type: rtcp.TypeTransportSpecificFeedback, Length: uint16(fb.MarshalSize()/4 - 1)}
		raw, err := fb.Marshal()
		if err != nil {
			f.Fatal(err)
		}
		f.Add(raw, uint16(100), uint8(30))
	}
	long := make([]byte, 36)
	long[0], long[1] = 0x8f, 205
	binary.BigEndian.PutUint16(long[2:], 8)
	binary.BigEndian.PutUint16(long[14:], 65_535)
	for i := 20; i+1 < len(long); i += 2 {
		binary.BigEndian.PutUint16(long[i:], 0x1fff)
	}
	f.Add(long, uint16(0), uint8(200))
	f.Fuzz(func(t *testing.T, raw []byte, first uint16, packets uint8) {
		packetsIn, err := rtcp.Unmarshal(raw)
		if err != nil {
			return
		}
		now := time.Unix(1_700_000_000, 0)
		e := New(usual, now)
		seq := first
		send := func(n int) {
			for range n {
				now = now.Add(7 * ms)
				c, _ := e.Probe(now, usual.Max)
				e.Sent(seq, int(seq)%1300, now, c.ID)
				seq++
			}
			e.Tick(now)
		}
		for range 3 {
			send(int(packets))
			for _, p := range packetsIn {
				if fb, ok := p.(*rtcp.TransportLayerCC); ok {
					e.Feedback(fb, now)
					fb.BaseSequenceNumber += uint16(packets)
					fb.ReferenceTime += 1 << 21
				}
			}
			check(t, e)
		}
		send(5)
		e.Feedback(report(seq-5, 5), now)
		check(t, e)
	})
}

func check(t *testing.T, e *Estimator) {
	t.Helper()
	for _, v := range []float64{e.rate.target, e.rate.habit, e.rate.capacity, e.losses.own, e.losses.recent, e.Loss(), e.delays.trend.noise, e.delays.trend.growth} {
		if math.IsNaN(v) || math.IsInf(v, 0) {
			t.Fatalf("%v in %+v", v, e.rate)
		}
	}
	if got := e.Target(); got < usual.Min || got > usual.Max {
		t.Fatalf("target %d", got)
	}
	if e.Loss() < 0 || e.Loss() > 1 || e.QueueDelay() < 0 {
		t.Fatalf("loss %v, queue %v", e.Loss(), e.QueueDelay())
	}
}
