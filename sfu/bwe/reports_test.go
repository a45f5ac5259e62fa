//go:build !race

package bwe

import (
	"fmt"
	"testing"
	"time"

	"github.com/pion/rtcp"
)

// deaf passes on no transport feedback.
type deaf struct{ *Estimator }

func (deaf) Feedback(*rtcp.TransportLayerCC, time.Time) {}

// reported is a flow whose receiver sends receiver reports every second alone.
func reported(w *world, s source) (*flow, *Estimator) {
	e := New(usual, w.start)
	f := w.flow(deaf{e}, s)
	var expected, got int
	var tell func()
	tell = func() {
		sent, arrived := int(f.seq-f.first), f.count
		lost := 0
		if n := sent - expected; n > 0 {
			lost = max(n-(arrived-got), 0) * 256 / n
		}
		expected, got = sent, arrived
		queue := max(w.link.free-w.now, 0)
		at := w.now
		w.at(w.now+w.back.delay, func() {
			e.ReceiverReport(uint8(min(lost, 255)), w.link.delay+queue+w.now-at, w.start.Add(w.now))
		})
		w.at(w.now+sec, tell)
	}
	w.at(w.now+sec, tell)
	return f, e
}

// TestReportsAloneFindTheRate: without transport feedback the estimate grows
// while nothing is lost and gives way to loss and to a long queue.
func TestReportsAloneFindTheRate(t *testing.T) {
	for _, rate := range []float64{500_000, 1_000_000} {
		low, high, used := 9.0, 0.0, 9.0
		for seed := range uint64(*seeds) {
			l := clean
			l.rate = rate
			w := newWorld(seed, l)
			f, e := reported(w, &elastic{most: usual.Max})
			w.run(120 * sec)
			got := f.targets(30*sec, 120*sec)
			low, high = min(low, at(got, 0.1)/rate), max(high, at(got, 0.9)/rate)
			used = min(used, f.received(30*sec, 120*sec)/rate)
			if e.State() != Reported {
				t.Errorf("seed %d: state %v", seed, e.State())
			}
		}
		t.Logf("at %.0f bit/s: %.2f to %.2f of the capacity, used %.2f", rate, low, high, used)
		if low < 0.5 || high > 1.4 || used < 0.7 {
			t.Error("want an estimate of 0.5 to 1.4 and 0.7 used")
		}
	}
}

// TestReportsAloneReachTheTopLayer: without probes, trying is the only way up.
func TestReportsAloneReachTheTopLayer(t *testing.T) {
	for seed := range uint64(*seeds) {
		w := newWorld(seed, clean)
		f, _ := reported(w, newLayered(w.random))
		w.run(60 * sec)
		if got := f.source.(*layered).layer; got != 2 {
			t.Errorf("seed %d: layer %d after a minute", seed, got)
		}
	}
}

// TestREMBBounds: the receiver's estimate holds while it is renewed, and never
// against transport feedback.
func TestREMBBounds(t *testing.T) {
	now := time.Unix(1_700_000_000, 0)
	e := New(usual, now)
	e.REMB(200_000, now)
	if got := e.Target(); got != 200_000 {
		t.Errorf("target %d after a REMB of 200 kbit/s", got)
	}
	for range 60 {
		now = now.Add(sec)
		e.REMB(200_000, now)
		e.ReceiverReport(0, 50*ms, now)
	}
	if got := e.Target(); got != 200_000 {
		t.Errorf("target %d while the REMB is renewed", got)
	}
	e.REMB(1<<62, now)
	for range 60 {
		now = now.Add(sec)
		e.ReceiverReport(0, 50*ms, now)
	}
	if got := e.Target(); got <= 200_000 || got > usual.Max {
		t.Errorf("target %d long after the REMB", got)
	}

	w := newWorld(1, clean)
	e = New(usual, w.start)
	w.flow(e, &elastic{most: usual.Max})
	w.run(20 * sec)
	before := e.Target()
	e.REMB(60_000, w.start.Add(w.now))
	e.ReceiverReport(200, 0, w.start.Add(w.now))
	if got := e.Target(); got != before {
		t.Errorf("target %d, was %d: transport feedback knows better", got, before)
	}
}

// TestAnAssumptionIsTriedMoreAndMoreRarely: without feedback a rate may be assumed,
// not at once again after it was taken back, and never beyond the receiver's word.
func TestAnAssumptionIsTriedMoreAndMoreRarely(t *testing.T) {
	start := time.Unix(1_700_000_000, 0)
	e := New(usual, start)
	var tries []time.Duration
	for at := time.Duration(0); at < 4*time.Minute; at += 100 * ms {
		if e.Assume(2_000_000, start.Add(at)) {
			tries = append(tries, at.Round(sec))
			e.ReceiverReport(128, 50*ms, start.Add(at+sec)) // it is far too much
		}
	}
	if want := "[0s 6s 17s 38s 1m19s 2m20s 3m21s]"; fmt.Sprint(tries) != want {
		t.Errorf("tried at %v, want %v", tries, want)
	}
	e = New(usual, start)
	e.REMB(1_500_000, start)
	if e.Assume(2_000_000, start) || !e.Assume(1_400_000, start) {
		t.Error("more is assumed than the receiver says, or less is not")
	}
	if e.Assume(1_450_000, start.Add(sec)) || !e.Assume(1_450_000, start.Add(2*sec)) {
		t.Error("what is assumed grows before anybody could speak against it, or not at all")
	}
}
