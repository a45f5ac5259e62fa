package bwe

import (
	"testing"
	"time"

	"github.com/pion/rtcp"
)

// TestEstimateIsNeverBeyondWhatIsProven: who sends little, or in bursts, learns
// little, however long it lasts (pion/interceptor#299).
func TestEstimateIsNeverBeyondWhatIsProven(t *testing.T) {
	for _, pads := range []bool{false, true} {
		for seed := range uint64(*seeds) {
			w := newWorld(seed, clean)
			src := newLayered(fixed(seed))
			src.fixed = true
			e := New(usual, w.start)
			f := w.flow(e, src)
			f.pads = pads
			most := float64(usual.Start)
			for ; w.now < 120*sec; w.run(w.now + 10*ms) {
				most = max(most, provenFactor*float64(e.Acked())+provenMargin)
				if pads {
					most = max(most, probeSpare*float64(src.wanted()))
				}
				if float64(e.Target()) > 1.01*most {
					t.Fatalf("seed %d, padding %v: target %d at %v, proven %.0f", seed, pads, e.Target(), w.now, most)
				}
			}
		}
	}
}

// TestNoProbeWithoutGain: padding goes out only if an upper layer is wanted.
func TestNoProbeWithoutGain(t *testing.T) {
	w := newWorld(1, clean)
	f := w.flow(New(usual, w.start), &elastic{most: usual.Start})
	w.run(30 * sec)
	if f.probes > 0 {
		t.Errorf("%d probes", f.probes)
	}
}

// TestProbesCostLittle: on a link that carries no more, asking for more is a
// small part of the traffic.
func TestProbesCostLittle(t *testing.T) {
	for _, rate := range []float64{300_000, 1_000_000} {
		l := clean
		l.rate = rate
		w := newWorld(2, l)
		f := w.flow(New(usual, w.start), newLayered(fixed(2)))
		w.run(120 * sec)
		with := f.received(20*sec, 120*sec)
		w = newWorld(2, l)
		f = w.flow(New(usual, w.start), newLayered(fixed(2)))
		w.run(20 * sec)
		f.pads = false
		w.run(120 * sec)
		without := f.received(20*sec, 120*sec)
		t.Logf("at %.0f bit/s probes take %.1f %%", rate, 100*(with-without)/rate)
		if with-without > 0.05*rate {
			t.Errorf("probes take %.0f of %.0f bit/s", with-without, rate)
		}
	}
}

// TestSameChancesSameEstimate: nothing but the arguments counts.
func TestSameChancesSameEstimate(t *testing.T) {
	run := func() []float64 {
		w := newWorld(5, clean)
		w.vary()
		f := w.flow(New(usual, w.start), &elastic{most: usual.Max})
		w.run(30 * sec)
		return f.targets(0, 30*sec)
	}
	a, b := run(), run()
	for i := range a {
		if a[i] != b[i] {
			t.Fatalf("%v and %v at %d", a[i], b[i], i)
		}
	}
}

// TestStatisticsAreTrue: round trip, loss and arriving rate are what the link does.
func TestStatisticsAreTrue(t *testing.T) {
	l := clean
	l.loss, l.delay = 0.05, 100*ms
	w := newWorld(3, l)
	e := New(usual, w.start)
	src := newLayered(fixed(3))
	src.fixed, src.layer = true, 1
	f := w.flow(e, src)
	f.pads = false
	w.run(30 * sec)
	if rtt := e.RTT(); rtt < 200*ms || rtt > 300*ms {
		t.Errorf("round trip %v, want 200 ms and some feedback delay", rtt)
	}
	if loss := e.Loss(); loss < 0.02 || loss > 0.09 {
		t.Errorf("loss %.3f, want 0.05", loss)
	}
	if got, want := float64(e.Acked()), f.received(25*sec, 30*sec); got < 0.7*want || got > 1.4*want {
		t.Errorf("acked %.0f, want about %.0f", got, want)
	}
	if q := e.QueueDelay(); q > 30*ms {
		t.Errorf("queue %v on an empty link", q)
	}
}

// TestConfigIsMadeSound: the estimate is within the bounds from the first moment.
func TestConfigIsMadeSound(t *testing.T) {
	for _, c := range []struct {
		give Config
		want int
	}{
		{Config{}, 10_000},
		{Config{Min: 100_000, Start: 50_000, Max: 200_000}, 100_000},
		{Config{Min: 100_000, Start: 500_000, Max: 200_000}, 200_000},
		{Config{Min: 100_000, Start: 150_000, Max: 20_000}, 100_000},
	} {
		if got := New(c.give, time.Unix(0, 0)).Target(); got != c.want {
			t.Errorf("%+v starts at %d, want %d", c.give, got, c.want)
		}
	}
}

// TestFeedbackOfNothingIsIgnored: before anything was sent, of what was never
// sent, and the same once more.
func TestFeedbackOfNothingIsIgnored(t *testing.T) {
	now := time.Unix(1_700_000_000, 0)
	e := New(usual, now)
	fb := report(100, 5)
	e.Feedback(fb, now)
	for seq := range uint16(5) {
		e.Sent(100+seq, 1000, now.Add(time.Duration(seq)*30*ms), 0)
	}
	e.Feedback(report(2000, 50), now.Add(200*ms))
	if e.fed {
		t.Error("feedback of unknown packets counts")
	}
	e.Feedback(fb, now.Add(250*ms))
	heard := e.heard
	e.Feedback(fb, now.Add(350*ms))
	if !e.fed || e.heard != heard {
		t.Error("the same feedback counts not once")
	}
}

// report says that packets arrived, ten milliseconds apart.
func report(base uint16, n int) *rtcp.TransportLayerCC {
	fb := &rtcp.TransportLayerCC{
		BaseSequenceNumber: base, PacketStatusCount: uint16(n), ReferenceTime: 1000,
		PacketChunks: []rtcp.PacketStatusChunk{&rtcp.RunLengthChunk{PacketStatusSymbol: smallDelta, RunLength: uint16(n)}},
	}
	for range n {
		fb.RecvDeltas = append(fb.RecvDeltas, &rtcp.RecvDelta{Type: smallDelta, Delta: 10_000})
	}
	return fb
}
