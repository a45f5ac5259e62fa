package red

import (
	"math"
	"math/rand/v2"
	"testing"
	"time"

	"madang/sfu/codec"
)

// channel loses packets: of each burst lost at random, more are lost with the
// probability stay.
type channel struct{ loss, stay float64 }

// unheard sends audio through a channel and returns which fraction of it came in
// no packet at all.
func (c channel) unheard(t *testing.T, seed uint64, distance int) float64 {
	const packets = 100_000
	random := rand.New(rand.NewPCG(seed, 2))
	heard := make([]bool, packets)
	sent := make([]Packet, packets)
	var previous []Packet
	var buf []byte
	var blocks []codec.REDBlock
	lost := false
	enter := c.loss * (1 - c.stay) / (1 - c.loss)
	for i := range sent {
		sent[i] = Packet{uint32(i) * 960, []byte{byte(i), byte(i >> 8), byte(i >> 16)}}
		previous = previous[:0]
		for d := 1; d <= min(distance, i); d++ {
			previous = append(previous, sent[i-d])
		}
		buf = Build(buf[:0], 111, sent[i], previous...)
		threshold := enter
		if lost {
			threshold = c.stay
		}
		if lost = random.Float64() < threshold; lost {
			continue
		}
		var err error
		if blocks, err = codec.AppendREDBlocks(blocks[:0], buf); err != nil {
			t.Fatal(err)
		}
		for _, b := range blocks {
			heard[i-int(b.TimestampOffset)/960] = true
		}
	}
	missing := 0
	for _, h := range heard {
		if !h {
			missing++
		}
	}
	return float64(missing) / packets
}

func TestRedundancyLeavesLittleUnheard(t *testing.T) {
	for _, tt := range []struct {
		name string
		channel
		most [MaxDistance + 1]float64
	}{
		{"5 % loss", channel{0.05, 0.05}, [...]float64{0.053, 0.004, 0.0005}},
		{"10 % loss", channel{0.10, 0.10}, [...]float64{0.105, 0.012, 0.0020}},
		{"20 % loss", channel{0.20, 0.20}, [...]float64{0.205, 0.044, 0.0100}},
		{"5 % loss in bursts of 2", channel{0.05, 0.5}, [...]float64{0.054, 0.028, 0.0150}},
		{"20 % loss in bursts of 2", channel{0.20, 0.5}, [...]float64{0.210, 0.108, 0.0550}},
	} {
		t.Run(tt.name, func(t *testing.T) {
			var unheard [MaxDistance + 1]float64
			for distance := range unheard {
				unheard[distance] = tt.unheard(t, 1, distance)
				if unheard[distance] > tt.most[distance] {
					t.Errorf("distance %d: %.2f %% not heard", distance, 100*unheard[distance])
				}
			}
			t.Logf("not heard: %.2f %% without, %.2f %% at distance 1, %.3f %% at 2",
				100*unheard[0], 100*unheard[1], 100*unheard[2])
		})
	}
}

var begin = time.Unix(1_700_000_000, 0)

// phase is a time of constant loss.
type phase struct {
	loss float64
	d    time.Duration
	want int // at its end
}

func TestPolicyFollowsTheLossSlowly(t *testing.T) {
	const s = time.Second
	for _, tt := range []struct {
		name   string
		phases []phase
	}{
		{"none", []phase{{0, 60 * s, 0}}},
		{"rare", []phase{{0.01, 60 * s, 0}}},
		{"on soon", []phase{{0, 10 * s, 0}, {0.03, 4 * s, 1}, {0.03, 60 * s, 1}}},
		{"far at 5 %", []phase{{0, 10 * s, 0}, {0.05, 8 * s, 2}, {0.05, 60 * s, 2}}},
		{"not for one burst", []phase{{0, 10 * s, 0}, {0.5, s / 10, 0}, {0, s / 2, 0}}},
		{"far by steps", []phase{{0.2, 6 * s, 2}}},
		{"stays while it is doubtful", []phase{{0.03, 5 * s, 1}, {0.015, 60 * s, 1}}},
		{"off slowly", []phase{{0.03, 5 * s, 1}, {0, 8 * s, 1}, {0, 8 * s, 0}}},
		{"down by steps", []phase{{0.2, 6 * s, 2}, {0.015, 9 * s, 2}, {0.015, 60 * s, 1}}},
		{"off from far", []phase{{0.2, 6 * s, 2}, {0, 40 * s, 0}}},
	} {
		for _, every := range []time.Duration{50 * time.Millisecond, time.Second} {
			t.Run(tt.name+", told every "+every.String(), func(t *testing.T) {
				var p Policy
				now := begin
				for i, ph := range tt.phases {
					for end := now.Add(ph.d); now.Before(end); now = now.Add(every) {
						if every > ph.d {
							continue // such a burst shows in the mean of a report
						}
						p.Lost(ph.loss, now)
					}
					if p.Distance() != ph.want {
						t.Fatalf("phase %d: distance %d, want %d", i, p.Distance(), ph.want)
					}
				}
			})
		}
	}
}

func TestPolicyDoesNotFlap(t *testing.T) {
	random := rand.New(rand.NewPCG(3, 3))
	var p Policy
	now, changes, before := begin, 0, 0
	for range 600 * 20 { // ten minutes
		lost := 0.0 // of five packets
		for range 5 {
			if random.Float64() < 0.02 {
				lost += 0.2
			}
		}
		p.Lost(lost, now)
		if p.Distance() != before {
			changes++
			before = p.Distance()
		}
		now = now.Add(50 * time.Millisecond)
	}
	if changes > 6 {
		t.Errorf("%d changes in ten minutes at the threshold", changes)
	}
}

func TestPolicyTakesAnyFraction(t *testing.T) {
	var p Policy
	for i, loss := range []float64{-1, 2, 1e300, math.NaN(), math.Inf(-1), 0} {
		p.Lost(loss, begin.Add(time.Duration(i)*time.Second))
		if !(p.loss >= 0 && p.loss <= 1) {
			t.Errorf("loss %v after %v", p.loss, loss)
		}
	}
}
