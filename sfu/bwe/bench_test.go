package bwe

import (
	"testing"
	"time"

	"github.com/pion/rtcp"
)

// BenchmarkPacket is the whole cost of a packet: noted when sent, fed back, and
// its share of what feedback sets off. Twenty packets a feedback, 200 a second.
func BenchmarkPacket(b *testing.B) {
	e, now, fb := primed()
	seq := uint16(0)
	b.ReportAllocs()
	for i := 0; b.Loop(); i++ {
		now = now.Add(5 * ms)
		e.Sent(seq, 1100, now, 0)
		seq++
		if i%20 == 19 {
			feed(e, fb, seq-20, now)
		}
	}
}

// BenchmarkSent is the cost of noting a packet alone.
func BenchmarkSent(b *testing.B) {
	e, now, _ := primed()
	seq := uint16(0)
	b.ReportAllocs()
	for b.Loop() {
		now = now.Add(5 * ms)
		e.Sent(seq, 1100, now, 0)
		seq++
	}
}

// BenchmarkHostileFeedback is the most that a feedback packet can cost: few
// bytes that speak of many packets.
func BenchmarkHostileFeedback(b *testing.B) {
	e, now, _ := primed()
	for seq := range uint16(mostRing) {
		e.Sent(seq, 1100, now, 0)
	}
	fb := &rtcp.TransportLayerCC{PacketStatusCount: 65_535}
	for range 9 {
		fb.PacketChunks = append(fb.PacketChunks, &rtcp.RunLengthChunk{RunLength: 8191})
	}
	for b.Loop() {
		e.Feedback(fb, now)
	}
}

func primed() (*Estimator, time.Time, *rtcp.TransportLayerCC) {
	now := time.Unix(1_700_000_000, 0)
	fb := report(0, 20)
	for _, d := range fb.RecvDeltas {
		d.Delta = 5_000
	}
	return New(usual, now), now, fb
}

// feed says that twenty packets arrived in good order.
func feed(e *Estimator, fb *rtcp.TransportLayerCC, base uint16, now time.Time) {
	fb.BaseSequenceNumber = base
	at := now.Sub(time.Unix(1_700_000_000, 0)) - 100*ms + time.Hour
	fb.ReferenceTime = uint32(at / referenceUnit)
	fb.RecvDeltas[0].Delta = int64(at%referenceUnit/time.Microsecond) + 5_000
	e.Feedback(fb, now.Add(50*ms))
}

// TestNoAllocation: neither a packet nor feedback allocates.
func TestNoAllocation(t *testing.T) {
	e, now, fb := primed()
	seq := uint16(0)
	if n := testing.AllocsPerRun(100, func() {
		for range 20 {
			now = now.Add(5 * ms)
			c, _ := e.Probe(now, usual.Max)
			e.Sent(seq, 1100, now, c.ID)
			seq++
		}
		feed(e, fb, seq-20, now)
		e.Tick(now)
	}); n > 0 {
		t.Errorf("%v allocations", n)
	}
}
