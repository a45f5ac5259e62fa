//go:build !race

package nack

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"testing"
	"time"
)

// network is a simulated way from a sender to a tracker and back.
type network struct {
	loss, reorder, double float64
	late                  time.Duration // at most, of what is reordered
	rtt                   time.Duration
	rtx                   bool // repairs come on a stream of their own
}

// delivery is one packet on its way.
type delivery struct {
	at       time.Duration
	seq      uint16
	repaired bool
}

// result is what a run of a network led to, after its first packets.
type result struct {
	lost, asked, unrepaired int
}

// run sends packets every few milliseconds and has the tracker ask every 5 ms.
// Only what was sent after the warm-up counts.
func (n network) run(t *testing.T, seed uint64, packets, warm int) result {
	random := rand.New(rand.NewPCG(seed, 0))
	tracker := NewTracker()
	tracker.SetRTT(n.rtt)
	first := uint16(random.Uint32())
	var r result
	var way []delivery
	arrived := map[uint16]bool{}
	counts := func(seq uint16) bool { return int(seq-first) >= warm }
	send := func(at time.Duration, seq uint16, repaired bool) {
		if random.Float64() < n.loss {
			if !repaired && counts(seq) {
				r.lost++
			}
			return
		}
		d := delivery{at + n.rtt/2, seq, repaired}
		if random.Float64() < n.reorder {
			d.at += time.Duration(random.Int64N(int64(n.late)))
		}
		way = append(way, d)
		if random.Float64() < n.double {
			d.at += time.Duration(random.Int64N(int64(20 * ms)))
			way = append(way, d)
		}
	}
	var due []uint16
	next := 0
	end := time.Duration(packets)*4*ms + 2*time.Second
	for now := time.Duration(0); now < end; now += ms {
		if next < packets && now%(4*ms) == 0 {
			send(now, first+uint16(next), false)
			next++
		}
		way = slices.DeleteFunc(way, func(d delivery) bool {
			if d.at > now {
				return false
			}
			arrived[d.seq] = true
			if d.repaired && n.rtx {
				tracker.ReceivedRTX(d.seq, at(now))
			} else {
				tracker.Received(d.seq, at(now))
			}
			return true
		})
		if now%(5*ms) != 0 {
			continue
		}
		due = tracker.Due(at(now), due[:0])
		for _, seq := range due {
			if arrived[seq] {
				t.Fatalf("seed %d: asked for %d, which has come", seed, seq)
			}
			if counts(seq) {
				r.asked++
			}
			send(now+n.rtt/2, seq, true)
		}
	}
	// What is lost at the very end is not followed by a packet that shows it.
	for i := warm; i < packets-50; i++ {
		if !arrived[first+uint16(i)] {
			r.unrepaired++
		}
	}
	s := tracker.Stats()
	if s.Missing != s.Repaired+s.Reordered+s.GivenUp {
		t.Errorf("seed %d: the counts do not add up: %+v", seed, s)
	}
	return r
}

func TestReorderedPacketsAreNotAskedFor(t *testing.T) {
	for _, rtx := range []bool{true, false} {
		for _, rtt := range []time.Duration{2 * ms, 20 * ms, 80 * ms, 200 * ms} {
			for _, loss := range []float64{0.01, 0.05} {
				n := network{loss: loss, reorder: 0.1, late: 50 * ms, double: 0.01, rtt: rtt, rtx: rtx}
				t.Run(fmt.Sprintf("loss %v, round trip %v, rtx %v", loss, rtt, rtx), func(t *testing.T) {
					var sum result
					for seed := range uint64(3) {
						r := n.run(t, seed, 20000, 2000)
						sum.lost += r.lost
						sum.asked += r.asked
						sum.unrepaired += r.unrepaired
					}
					// That includes repetitions for repairs that were lost as well.
					if float64(sum.asked) > 1.2*float64(sum.lost) {
						t.Errorf("asked %d times for %d lost packets", sum.asked, sum.lost)
					}
					if sum.unrepaired > 0 {
						t.Errorf("%d of %d lost packets stayed lost", sum.unrepaired, sum.lost)
					}
				})
			}
		}
	}
}

func TestLossesAreRepaired(t *testing.T) {
	for _, loss := range []float64{0.02, 0.1, 0.3} {
		n := network{loss: loss, rtt: 50 * ms, rtx: true}
		for seed := range uint64(3) {
			r := n.run(t, seed, 20000, 0)
			if r.unrepaired > r.lost/500 {
				t.Errorf("loss %v, seed %d: %d of %d lost packets stayed lost", loss, seed, r.unrepaired, r.lost)
			}
			if allowed := 1.05 * float64(r.lost) / (1 - loss); float64(r.asked) > allowed {
				t.Errorf("loss %v, seed %d: asked %d times for %d lost packets", loss, seed, r.asked, r.lost)
			}
		}
	}
}

func TestTrackingCostsNoAllocationOnceWarm(t *testing.T) {
	tracker, reception := NewTracker(), NewReception(90000)
	seq, now, due := uint16(0), time.Duration(0), make([]uint16, 0, maxMissing)
	packet := func() {
		for range 50 {
			seq++
			now += 4 * ms
			if seq%10 != 0 {
				tracker.Received(seq, at(now))
				reception.Received(seq, uint32(now/ms)*90, at(now))
			}
			due = tracker.Due(at(now), due[:0])
		}
		reception.Report(1, at(now))
	}
	for range 20 {
		packet()
	}
	if allocs := testing.AllocsPerRun(100, packet); allocs != 0 {
		t.Errorf("%v allocations", allocs)
	}
}
