package bot

import (
	"testing"
	"testing/synctest"
	"time"
)

func TestPlayerSendsAtEvenTimes(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		p := newPlayer(func(late time.Duration) {
			if late > 0 {
				t.Errorf("%v late", late)
			}
		})
		start := time.Now()
		var fast, slow []time.Duration
		p.play(20*time.Millisecond, 0, func(now time.Time) { fast = append(fast, now.Sub(start)) })
		p.play(50*time.Millisecond, 0, func(now time.Time) { slow = append(slow, now.Sub(start)) })
		time.Sleep(time.Second - time.Millisecond)
		p.stop()
		for name, got := range map[string]struct {
			at     []time.Duration
			period time.Duration
		}{"fast": {fast, 20 * time.Millisecond}, "slow": {slow, 50 * time.Millisecond}} {
			if want := int(time.Second / got.period); len(got.at) != want {
				t.Errorf("%s: %d times, want %d", name, len(got.at), want)
			}
			for i, at := range got.at {
				if want := time.Duration(i) * got.period; at != want {
					t.Fatalf("%s: number %d at %v, want %v", name, i, at, want)
				}
			}
		}
	})
}

func TestPlayerLeavesOutWhatIsTooLate(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var latest time.Duration
		p := newPlayer(func(late time.Duration) { latest = max(latest, late) })
		sent := 0
		p.play(100*time.Millisecond, 0, func(time.Time) {
			if sent++; sent == 1 {
				time.Sleep(3 * time.Second) // the machine stood still
			}
		})
		time.Sleep(3050 * time.Millisecond)
		p.stop()
		// The first, and those of the last second before it went on.
		if sent < 10 || sent > 12 {
			t.Errorf("sent %d times", sent)
		}
		if latest < 2*time.Second {
			t.Errorf("the latest was %v late, want about 3 s", latest)
		}
	})
}

func TestPlayerShiftsBySeed(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		p := newPlayer(func(time.Duration) {})
		start := time.Now()
		first := map[time.Duration]int{}
		for seed := range uint64(50) {
			seen := false
			p.play(100*time.Millisecond, seed, func(now time.Time) {
				if !seen {
					seen = true
					first[now.Sub(start)/(10*time.Millisecond)]++
				}
			})
		}
		time.Sleep(200 * time.Millisecond)
		p.stop()
		if len(first) < 8 {
			t.Errorf("fifty tracks begin in %d of ten parts of their period", len(first))
		}
	})
}
