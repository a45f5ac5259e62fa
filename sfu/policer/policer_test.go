package policer_test

import (
	"testing"
	"time"

	"madang/sfu/policer"
)

var start = time.Date(2026, 3, 1, 12, 0, 0, 0, time.UTC)

// offered sends packets of a size evenly for a while, and returns how many passed.
func offered(b *policer.Policer, from time.Time, perSecond, bytes int, while time.Duration) (passed int) {
	n := int(while * time.Duration(perSecond) / time.Second)
	for i := range n {
		if b.Take(bytes, from.Add(time.Duration(i)*while/time.Duration(n))) {
			passed++
		}
	}
	return passed
}

func TestWhatFitsPassesAndWhatIsOverDoesNot(t *testing.T) {
	rate := policer.Rate{Packets: 1000, Bytes: 500_000}
	const while = 20 * time.Second
	for _, tt := range []struct {
		name             string
		perSecond, bytes int
		most             int // that pass, the burst included; 0: all
	}{
		{"within both", 900, 500, 0},
		{"just both", 1000, 500, 0},
		{"too many packets", 5000, 50, 22_000},
		{"too many bytes", 900, 1000, 11_000},
		{"a packet larger than all", 1, 2_000_000, 0},
	} {
		var b policer.Policer
		b.Set(rate, start)
		got := offered(&b, start, tt.perSecond, tt.bytes, while)
		want := tt.perSecond * int(while/time.Second)
		switch {
		case tt.bytes > 1_000_000:
			if got != 0 {
				t.Errorf("%s: %d passed", tt.name, got)
			}
		case tt.most == 0 && got != want:
			t.Errorf("%s: %d of %d passed", tt.name, got, want)
		case tt.most != 0 && (got > tt.most || got < tt.most*9/10):
			t.Errorf("%s: %d of %d passed, want nearly %d", tt.name, got, want, tt.most)
		}
	}
}

func TestRestIsRepaidUpToABurst(t *testing.T) {
	var b policer.Policer
	b.Set(policer.Rate{Packets: 100, Bytes: 1 << 20}, start)
	now := start
	for _, tt := range []struct {
		rest time.Duration
		want int
	}{{0, 200}, {0, 0}, {time.Second, 100}, {10 * time.Millisecond, 1}, {time.Hour, 200}, {-time.Hour, 0}} {
		now = now.Add(tt.rest)
		got := 0
		for b.Take(1, now) {
			got++
		}
		if got != tt.want {
			t.Errorf("after %v: %d passed, want %d", tt.rest, got, tt.want)
		}
	}
}

func TestZeroPolicerLetsNothingPassAndAChangeHoldsAtOnce(t *testing.T) {
	var b policer.Policer
	if b.Take(0, start) {
		t.Error("a policer of nothing let a packet pass")
	}
	b = policer.Policer{}
	b.Set(policer.Rate{Packets: 1000, Bytes: 1000}, start)
	b.Set(policer.Rate{Packets: 1, Bytes: 1000}, start)
	if got := offered(&b, start, 1000, 1, time.Second); got != 2 {
		t.Errorf("%d passed after the rate fell, want 2", got)
	}
	b.Set(policer.Rate{Packets: 1000, Bytes: 1000}, start.Add(time.Second))
	if got := offered(&b, start.Add(time.Second), 1000, 1, time.Second); got != 1000 {
		t.Errorf("%d passed after the rate rose, want 1000", got)
	}
}

func TestTakingAllocatesNothing(t *testing.T) {
	var b policer.Policer
	b.Set(policer.Rate{Packets: 1000, Bytes: 1 << 20}, start)
	now := start
	if n := testing.AllocsPerRun(1000, func() { now = now.Add(time.Millisecond); b.Take(1000, now) }); n != 0 {
		t.Errorf("%v allocations", n)
	}
}

func BenchmarkTake(b *testing.B) {
	var k policer.Policer
	k.Set(policer.Rate{Packets: 1 << 30, Bytes: 1 << 30}, start)
	for _, burst := range []int{1, 16} { // packets at one time
		b.Run(map[int]string{1: "alone", 16: "in bursts"}[burst], func(b *testing.B) {
			now := start
			for i := range b.N {
				if i%burst == 0 {
					now = now.Add(time.Microsecond)
				}
				k.Take(1000, now)
			}
		})
	}
}
