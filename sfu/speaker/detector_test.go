//go:build !race

package speaker

import (
	"testing"
	"time"
)

var start = time.Date(2026, 1, 1, 0, 0, 0, 0, time.UTC)

func TestFloorFollowsTalkersAndNoCough(t *testing.T) {
	for seed := range uint64(3) {
		m, d := newMeeting(seed, 30, 5*time.Minute), NewDetector[int]()
		changes, late, held := 0, 0, -1
		m.run(d, start, func(at time.Duration, now time.Time) {
			if at%(100*time.Millisecond) != 0 {
				return
			}
			who, ok := d.Dominant(now)
			if !ok || who == held {
				return
			}
			held = who
			changes++
			if !m.talks(who, at, 500*time.Millisecond) {
				t.Errorf("seed %d: at %v member %d takes the floor without a word", seed, at, who)
			}
		})
		for _, turn := range m.turns {
			if !floorTaken(m, turn) {
				late++
			}
		}
		if truth := len(m.turns); float64(changes) > 1.2*float64(truth) || changes < truth*9/10 {
			t.Errorf("seed %d: the floor changed %d times in %d turns", seed, changes, truth)
		}
		if late > 0 {
			t.Errorf("seed %d: %d of %d turns never got the floor", seed, late, len(m.turns))
		}
	}
}

// floorTaken plays one turn of a meeting again and tells whether who talks gets
// the floor from another within 2 s.
func floorTaken(m *meeting, turn turn) bool {
	d := NewDetector[int]()
	other := (turn.who + 1) % len(m.mics)
	for at := turn.from - 3*time.Second; at < turn.from; at += frame {
		d.Level(other, 28, true, start.Add(at))
		d.Dominant(start.Add(at))
	}
	for at := turn.from; at < turn.from+2*time.Second; at += frame {
		if dBov, voice, sent := m.packet(turn.who, at); sent {
			d.Level(turn.who, dBov, voice, start.Add(at))
		}
		if who, _ := d.Dominant(start.Add(at)); who == turn.who {
			return true
		}
	}
	return false
}

func TestTalkersAreAmongTheLoudestAtOnce(t *testing.T) {
	const loudest = 3
	var ranked []Ranked[int]
	for seed := range uint64(3) {
		m, d := newMeeting(seed, 30, 5*time.Minute), NewDetector[int]()
		heard, crowded := make([]bool, len(m.turns)), 0
		m.run(d, start, func(at time.Duration, now time.Time) {
			ranked = d.Rank(now, ranked[:0])
			for i, turn := range m.turns {
				if at < turn.from || at > turn.from+200*time.Millisecond {
					continue
				}
				for _, r := range ranked[:min(loudest, len(ranked))] {
					heard[i] = heard[i] || r.ID == turn.who && r.Speaking
				}
			}
		})
		for i, turn := range m.turns {
			switch {
			case heard[i]:
			case m.sounding(turn.from, 400*time.Millisecond) > loudest:
				crowded++ // more at once than there is room for
			default:
				t.Errorf("seed %d: member %d, who talks from %v on, is not heard", seed, turn.who, turn.from)
			}
		}
		if crowded > len(m.turns)/20 {
			t.Errorf("seed %d: %d of %d turns were crowded out", seed, crowded, len(m.turns))
		}
	}
}

// sounding counts who makes a sound at a time or did within slack before.
func (m *meeting) sounding(at, slack time.Duration) int {
	n := 0
	for who := range m.mics {
		if m.talks(who, at, slack) || m.coughs(who, at, slack) {
			n++
		}
	}
	return n
}

func TestSilenceIsTold(t *testing.T) {
	const quiet, loud = 70, 25
	type step struct {
		packets int // every 20 ms
		dBov    uint8
		pause   time.Duration
		silent  bool
	}
	for _, tc := range []struct {
		name  string
		steps []step
	}{
		{"noise only", []step{{50, quiet, 0, true}}},
		{"while talking", []step{{50, loud, 0, false}}},
		{"a short pause between words", []step{{50, loud, 0, false}, {8, quiet, 0, false}}},
		{"a pause of 200 ms", []step{{50, loud, 0, false}, {10, quiet, 0, true}, {1, loud, 0, false}}},
		{"packets late by jitter", []step{{50, loud, 0, false}, {0, 0, 250 * time.Millisecond, false}}},
		{"no packets for 300 ms", []step{{50, loud, 0, false}, {0, 0, 300 * time.Millisecond, true}}},
	} {
		t.Run(tc.name, func(t *testing.T) {
			d, now := NewDetector[string](), start
			if !d.Silent("a", now) {
				t.Error("who was never heard is not silent")
			}
			for i, s := range tc.steps {
				for range s.packets {
					now = now.Add(frame)
					d.Level("a", s.dBov, false, now)
				}
				now = now.Add(s.pause)
				if got := d.Silent("a", now); got != s.silent {
					t.Errorf("after step %d: silent %v, want %v", i, got, s.silent)
				}
			}
		})
	}
}

func TestSenderWithoutLevelsSpeaksWhilePacketsFlow(t *testing.T) {
	d, now := NewDetector[string](), start
	for range 100 {
		now = now.Add(frame)
		d.Packet("plain", now)
		d.Level("quiet", 75, false, now)
	}
	if who, ok := d.Dominant(now); !ok || who != "plain" {
		t.Errorf("the floor is with %q, %v", who, ok)
	}
	ranked := d.Rank(now, nil)
	if len(ranked) != 2 || ranked[0].ID != "plain" || !ranked[0].Speaking || ranked[1].Speaking {
		t.Errorf("ranked %+v", ranked)
	}
	for range 100 {
		now = now.Add(frame)
		d.Packet("plain", now)
		d.Level("quiet", 30, true, now)
	}
	if who, _ := d.Dominant(now); who != "quiet" {
		t.Errorf("the floor is with %q, who tells no levels, and not with who talks", who)
	}
	if !d.Silent("plain", now.Add(goneAfter)) {
		t.Error("not silent without packets")
	}
}

func TestPacketsWithoutLevelDoNotRaiseThoseWithOne(t *testing.T) {
	d, now := NewDetector[string](), start
	for i := range 200 {
		now = now.Add(frame)
		if i%2 == 0 {
			d.Level("a", 70, false, now)
		} else {
			d.Packet("a", now)
		}
	}
	if !d.Silent("a", now) {
		t.Error("who tells of silence speaks")
	}
}

func TestConstantNoiseIsNoVoice(t *testing.T) {
	d, now := NewDetector[string](), start
	for i := range 1000 {
		now = now.Add(frame)
		d.Level("fan", uint8(44+i%3), false, now)
		d.Level("talker", 30, true, now)
		if who, ok := d.Dominant(now); ok && who != "talker" && i > 50 {
			t.Fatalf("after %d packets the floor is with the %s", i, who)
		}
	}
	if !d.Silent("fan", now) {
		t.Error("the fan speaks")
	}
}

func TestRemovedMemberIsForgotten(t *testing.T) {
	d, now := NewDetector[string](), start
	for range 100 {
		now = now.Add(frame)
		d.Level("a", 20, true, now)
	}
	d.Remove("a")
	d.Remove("never there")
	if who, ok := d.Dominant(now); ok {
		t.Errorf("the floor is with %q, who left", who)
	}
	if ranked := d.Rank(now, nil); len(ranked) > 0 {
		t.Errorf("ranked %+v", ranked)
	}
}

func TestLevelsCostNoAllocation(t *testing.T) {
	d, now, ranked := NewDetector[int](), start, make([]Ranked[int], 0, 30)
	packet := func() {
		now = now.Add(frame)
		for who := range 30 {
			d.Level(who, uint8(20+who), true, now)
		}
		ranked = d.Rank(now, ranked[:0])
		d.Dominant(now)
		d.Silent(3, now)
	}
	packet()
	if allocs := testing.AllocsPerRun(100, packet); allocs != 0 {
		t.Errorf("%v allocations", allocs)
	}
}
