package rate

import (
	"math/rand/v2"
	"testing"
	"time"
)

var start = time.Date(2026, 1, 1, 0, 0, 0, 0, time.UTC)

func at(seconds float64) time.Time {
	return start.Add(time.Duration(seconds * float64(time.Second))).Round(time.Millisecond)
}

// camera feeds a meter with 25 frames a second of a bitrate, from one second to
// another, in temporal layers 0 2 1 2; frames named in keyframes are five times as big.
func camera(m *Meter, bits int, from, to float64, keyframes ...int) {
	for n := int(from * 25); n < int(to*25); n++ {
		size := bits / 8 / 25
		for _, k := range keyframes {
			if k == n {
				size *= 5
			}
		}
		m.Add(size, []uint8{0, 2, 1, 2}[n%4], at(float64(n)/25))
	}
}

// within tells whether a figure is right to a hundredth.
func within(got, want int, part float64) bool {
	return float64(got) >= float64(want)*(1-part) && float64(got) <= float64(want)*(1+part)
}

func TestMeasuresSteadyStream(t *testing.T) {
	var m Meter
	camera(&m, 1_000_000, 0, 10)
	now := at(10)
	if got := m.Bits(now); !within(got, 1_000_000, .01) {
		t.Errorf("in all: %d", got)
	}
	for temporal, want := range []int{250_000, 500_000, 1_000_000, 1_000_000} {
		if got := m.BitsUpTo(uint8(temporal), now); !within(got, want, .05) {
			t.Errorf("up to layer %d: %d, want %d", temporal, got, want)
		}
	}
	if m.BitsUpTo(200, now) != m.Bits(now) {
		t.Error("a layer that does not exist is not the whole")
	}
}

func TestKeyframesDoNotMoveTheFigure(t *testing.T) {
	for _, tc := range []struct {
		name      string
		keyframes []int // numbers of frames, 25 a second
		most      float64
	}{
		{"one", []int{150}, .01},
		{"two close together", []int{150, 153}, .1},
		{"one every five seconds", []int{25, 150, 275, 400}, .01},
		{"one every two seconds moves it by its share", []int{100, 150, 200, 250, 300, 350, 400, 450}, .1},
	} {
		var m Meter
		low, high := 1<<60, 0
		for n := range 500 {
			camera(&m, 1_000_000, float64(n)/25, float64(n+1)/25, tc.keyframes...)
			if got := m.Bits(at(float64(n) / 25)); n >= 125 {
				low, high = min(low, got), max(high, got)
			}
		}
		if !within(low, 1_000_000, .01) || !within(high, 1_000_000, .01+tc.most) {
			t.Errorf("%s: from %d to %d", tc.name, low, high)
		}
	}
}

func TestFollowsLastingChanges(t *testing.T) {
	var m Meter
	camera(&m, 1_000_000, 0, 10)
	camera(&m, 200_000, 10, 12.2)
	if got := m.Bits(at(12.2)); !within(got, 600_000, .2) {
		t.Errorf("2 s after it fell to a fifth: %d", got)
	}
	camera(&m, 200_000, 12.2, 13.2)
	if got := m.Bits(at(13.2)); !within(got, 200_000, .05) {
		t.Errorf("3 s after it fell to a fifth: %d", got)
	}
	camera(&m, 2_000_000, 13.2, 16.4)
	if got := m.Bits(at(16.4)); !within(got, 2_000_000, .05) {
		t.Errorf("3 s after it rose to ten times: %d", got)
	}
}

func TestYoungStreamIsMeasuredTooHighRatherThanTooLow(t *testing.T) {
	for _, age := range []float64{.5, .7, .9, 1.2, 1.8, 2.5, 3.5} {
		var m Meter
		camera(&m, 1_000_000, 0, age, 0)
		if got := m.Bits(at(age)); got < 970_000 || got > 1_500_000 {
			t.Errorf("after %v s: %d", age, got)
		}
	}
	var m Meter
	m.Add(1000, 0, start)
	if got := m.Bits(at(.06)); got != 16_000 {
		t.Errorf("one packet of 8,000 bits: %d", got)
	}
}

func TestSilence(t *testing.T) {
	var m Meter
	if m.Bits(start) != 0 || m.Since(start) != 0 {
		t.Error("a stream that has not begun has a rate")
	}
	camera(&m, 1_000_000, 0, 5)
	if got := m.Since(at(7)); got < 2*time.Second || got > 2100*time.Millisecond {
		t.Errorf("silent for %v", got)
	}
	if got := m.Bits(at(8.2)); got != 0 {
		t.Errorf("3 s after the last packet: %d", got)
	}
	camera(&m, 500_000, 60, 60.6)
	if got := m.Bits(at(60.6)); !within(got, 500_000, .1) {
		t.Errorf("begun again after a minute: %d", got)
	}
	m.Restart(at(61))
	if got := m.Bits(at(61)); got != 0 {
		t.Errorf("after a restart: %d", got)
	}
}

// TestAgreesWithCounting compares the running sums with plain counting, over
// random streams with gaps, and time that steps back.
func TestAgreesWithCounting(t *testing.T) {
	for seed := range uint64(6) {
		r := rand.New(rand.NewPCG(seed, 1))
		var m Meter
		var counted [30_000][layers]int // bytes, by bucket
		began, now := int64(-1), int64(0)
		for range 2000 {
			if r.IntN(200) == 0 {
				now += r.Int64N(3900) // shorter than what makes a stream young again
			}
			now += r.Int64N(30)
			if began < 0 {
				began = now
			}
			late := now - r.Int64N(2)*r.Int64N(20)
			late = max(late, began)
			m.Bits(at(float64(now) / 1000))
			size, temporal := r.IntN(1200), r.IntN(layers)
			m.Add(size, uint8(temporal), at(float64(late)/1000))
			counted[(now-began)/50][temporal] += size
			check(t, &m, counted[:], (now-began)/50, at(float64(now)/1000))
		}
	}
}

func check(t *testing.T, m *Meter, counted [][layers]int, head int64, now time.Time) {
	t.Helper()
	if head < seconds*second {
		return
	}
	var up [seconds]int
	for temporal := range layers {
		for s := range int64(seconds) {
			for _, b := range counted[head-(s+1)*second : head-s*second] {
				up[s] += b[temporal]
			}
		}
		if got, want := m.BitsUpTo(uint8(temporal), now), 8*median(up, seconds); got != want {
			t.Fatalf("bucket %d: up to layer %d: %d, want %d", head, temporal, got, want)
		}
	}
}

func TestMeterDoesNotAllocate(t *testing.T) {
	var m Meter
	now, sum := start, 0
	if n := testing.AllocsPerRun(1000, func() {
		now = now.Add(7 * time.Millisecond)
		m.Add(1100, 1, now)
		sum += m.BitsUpTo(1, now)
	}); n != 0 {
		t.Errorf("%v allocations", n)
	}
}

func BenchmarkMeter(b *testing.B) {
	var m Meter
	now := start
	for b.Loop() {
		now = now.Add(3 * time.Millisecond)
		m.Add(1100, 1, now)
	}
}
