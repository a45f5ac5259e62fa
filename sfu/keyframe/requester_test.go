package keyframe

import (
	"math/rand/v2"
	"slices"
	"testing"
	"time"
)

var start = time.Date(2026, 1, 1, 0, 0, 0, 0, time.UTC)

const ms = time.Millisecond

// event happens at a time since start, in milliseconds.
type event struct {
	at   int
	what func(*Requester, time.Time)
}

func wish(at int) event    { return event{at, (*Requester).Wish} }
func arrived(at int) event { return event{at, (*Requester).Arrived} }
func cancel(at int) event {
	return event{at, func(r *Requester, _ time.Time) { r.Cancel() }}
}

// play runs events through a requester that is looked at every 10 ms for 2.6 s,
// and returns when it asked.
func play(t *testing.T, events []event) (asked []int) {
	var r Requester
	for at := 0; at <= 2600; at += 10 {
		now := start.Add(time.Duration(at) * ms)
		for _, e := range events {
			if e.at == at {
				e.what(&r, now)
			}
		}
		next := r.Next()
		due := r.Due(now)
		if due != (!next.IsZero() && !next.After(now)) {
			t.Fatalf("at %d ms: due is %v, next was %v", at, due, next.Sub(start))
		}
		if due {
			asked = append(asked, at)
		}
		if r.Due(now) {
			t.Fatalf("at %d ms: due twice", at)
		}
	}
	return asked
}

func TestAsksOnSchedule(t *testing.T) {
	for _, tc := range []struct {
		name   string
		events []event
		asked  []int // at ms
	}{
		{"nobody waits", nil, nil},
		{"until a keyframe comes", []event{wish(0)},
			[]int{0, 100, 200, 400, 1400, 2400}},
		{"wishes merge", []event{wish(0), wish(10), wish(150), wish(210)},
			[]int{0, 100, 200, 400, 1400, 2400}},
		{"a keyframe ends it", []event{wish(0), arrived(150)},
			[]int{0, 100}},
		{"a wish soon after a keyframe is asked for at once", []event{wish(0), arrived(50), wish(60), arrived(400)},
			[]int{0, 60, 160, 260}},
		{"a third keyframe within a second waits", []event{wish(0), arrived(50), wish(60), arrived(150), wish(160), arrived(1100)},
			[]int{0, 60, 1050}},
		{"a keyframe that comes by itself satisfies", []event{arrived(40), wish(60), arrived(90)},
			[]int{60}},
		{"nobody waits any more", []event{wish(0), cancel(110)},
			[]int{0, 100}},
		{"a waiter that takes over does not start anew", []event{wish(0), cancel(110), wish(120), cancel(130), wish(300)},
			[]int{0, 100, 300, 500, 1500, 2500}},
		{"where a keyframe took long another is waited for", []event{wish(0), arrived(370), wish(1400)},
			[]int{0, 100, 200, 1400, 1500, 1600, 2140}},
		{"long after one who gave up it starts anew", []event{wish(0), cancel(10), wish(2000), arrived(2110)},
			[]int{0, 2000, 2100}},
	} {
		t.Run(tc.name, func(t *testing.T) {
			if got := play(t, tc.events); !slices.Equal(got, tc.asked) {
				t.Errorf("asked at %v ms, want %v", got, tc.asked)
			}
		})
	}
}

// A publisher is never made to send a third keyframe within a second, whatever
// 500 subscribers wish: neither one that makes a keyframe for each ask and is
// near, nor one farther away that makes none for 300 ms after one, as Chromium.
func TestManySubscribersProvokeTwoKeyframesASecond(t *testing.T) {
	for _, suppress := range []time.Duration{0, 300 * ms} {
		for seed := range uint64(20) {
			random := rand.New(rand.NewPCG(seed, 0))
			delay := 10*ms + time.Duration(random.Int64N(int64(80*ms+suppress/2)))
			var r Requester
			var coming, came []time.Duration
			last := -time.Second
			for at := time.Duration(0); at < 30*time.Second; at += ms {
				now := start.Add(at)
				if len(coming) > 0 && coming[0] <= at {
					coming, came = coming[1:], append(came, at)
					r.Arrived(now)
				}
				if random.IntN(2) == 0 {
					r.Wish(now)
				}
				if random.IntN(20) == 0 {
					r.Cancel()
				}
				if r.Due(now) && at-last >= suppress {
					coming, last = append(coming, at+delay), at
				}
			}
			for i := 2; i < len(came); i++ {
				if span := came[i] - came[i-2]; span < time.Second {
					t.Fatalf("seed %d: three keyframes within %v", seed, span)
				}
			}
			if len(came) < 40 {
				t.Errorf("seed %d: only %d keyframes in 30 s of wishes", seed, len(came))
			}
		}
	}
}

func TestAskingCostsNoAllocation(t *testing.T) {
	var r Requester
	now := start
	if allocs := testing.AllocsPerRun(100, func() {
		now = now.Add(400 * ms)
		r.Wish(now)
		r.Due(now)
		r.Arrived(now)
	}); allocs != 0 {
		t.Errorf("%v allocations", allocs)
	}
}
