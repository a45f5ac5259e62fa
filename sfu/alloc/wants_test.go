package alloc

import (
	"math/rand/v2"
	"testing"
	"time"
)

// need is one subscriber's: the layer it wants, the one it has, and if it is comfortable.
type need struct {
	wanted, fed int
	easy        bool
}

func TestWantedLayers(t *testing.T) {
	for _, tc := range []struct {
		name  string
		needs []need
		want  uint8 // f h q
	}{
		{"nobody", nil, 0b000},
		{"who wants nothing", []need{{-1, -1, false}}, 0b000},
		{"the smallest", []need{{0, 0, false}}, 0b001},
		{"the largest, and what may be needed instead", []need{{2, 2, false}}, 0b111},
		{"the largest for one who is comfortable", []need{{2, 2, true}}, 0b101},
		{"the largest for one who does not have it yet", []need{{2, 1, true}}, 0b111},
		{"the largest for one whose link is too thin for it", []need{{2, 0, false}}, 0b111},
		{"both", []need{{2, 2, true}, {0, 0, false}, {1, -1, false}}, 0b111},
		{"more layers than there are", []need{{7, 0, false}, {100, 0, true}}, 0b111},
	} {
		w := NewWants(3, start)
		for _, n := range tc.needs {
			w.Add(n.wanted, n.fed, n.easy)
		}
		if on, changed := w.Decide(start.Add(2 * time.Second)); on != tc.want || !changed {
			t.Errorf("%s: %03b (changed: %v), want %03b", tc.name, on, changed, tc.want)
		}
	}
}

func TestLayersGoOnAtOnceAndOffLater(t *testing.T) {
	w := NewWants(3, start)
	for _, step := range []struct {
		at      int // ms
		wanted  int // by one subscriber, -1 for none
		on      uint8
		changed bool
	}{
		{0, -1, 0b111, true}, // who will watch is not known yet
		{900, 0, 0b111, false},
		{1000, 0, 0b001, true},
		{1600, 2, 0b111, true},
		{5000, 0, 0b111, false},
		{5900, 0, 0b111, false},
		{6000, 0, 0b001, true}, // not needed since 5000
		{6600, 1, 0b011, true},
		{6700, -1, 0b011, false},
		{7699, -1, 0b011, false},
		{7700, -1, 0b000, true},
	} {
		w.Add(step.wanted, step.wanted, false)
		if on, changed := w.Decide(start.Add(time.Duration(step.at) * ms)); on != step.on || changed != step.changed {
			t.Errorf("at %d ms: %03b (changed: %v), want %03b (%v)", step.at, on, changed, step.on, step.changed)
		}
	}
}

// TestNeededLayersAreOnAndOthersGoOff is what holds however needs change, looked
// at ten times a second.
func TestNeededLayersAreOnAndOthersGoOff(t *testing.T) {
	for seed := range uint64(50) {
		r := rand.New(rand.NewPCG(seed, 8))
		layers := 1 + r.IntN(4)
		w := NewWants(layers, start)
		var needed [4]time.Time
		for i := range needed {
			needed[i] = start
		}
		wanted, last := 0, -1
		for n := range 600 {
			now := start.Add(time.Duration(n) * 100 * ms)
			if r.IntN(20) == 0 {
				wanted = r.IntN(layers+1) - 1
			}
			w.Add(wanted, wanted, false)
			for i := range max(wanted, last) + 1 {
				needed[i] = now
			}
			last = wanted
			on, _ := w.Decide(now)
			for i := range 4 {
				isOn, idle := on&(1<<i) != 0, now.Sub(needed[i])
				if i >= layers && isOn || i < layers && isOn != (idle < linger) {
					t.Fatalf("seed %d: layer %d of %d is on: %v, %v after it was needed", seed, i, layers, isOn, idle)
				}
			}
		}
	}
}
