package timers

import (
	"math/rand/v2"
	"testing"
	"time"
)

var start = time.Date(2026, 3, 1, 12, 0, 0, 0, time.UTC)

func TestTimersComeInTheirOrder(t *testing.T) {
	var q Queue[int]
	random := rand.New(rand.NewPCG(1, 2))
	all := make([]Timer[int], 200)
	want := map[int]time.Time{} // those that are set
	now := start
	for range 20_000 {
		i := random.IntN(len(all))
		all[i].Of = i
		switch random.IntN(4) {
		case 0:
			q.Stop(&all[i])
			delete(want, i)
		case 1:
			now = now.Add(time.Duration(random.IntN(3)) * time.Millisecond)
			before := time.Time{}
			for {
				next := q.Next()
				of, due := q.Pop(now)
				if !due {
					break
				}
				if at, set := want[of]; !set || at.After(now) || at.Before(before) || at != next {
					t.Fatalf("%d came at %v", of, at)
				}
				before = want[of]
				delete(want, of)
			}
			for of, at := range want {
				if !at.After(now) {
					t.Fatalf("%d did not come", of)
				}
			}
		default:
			at := now.Add(time.Duration(random.IntN(100)) * time.Millisecond)
			q.Set(&all[i], at)
			want[i] = at
		}
		for of := range all {
			at, set := want[of]
			if all[of].By(at) != set || set && all[of].By(at.Add(-1)) {
				t.Fatalf("%d does not say when it is set", of)
			}
		}
	}
}

func TestEmptyQueueHasNothingDue(t *testing.T) {
	var q Queue[string]
	var one Timer[string]
	q.Stop(&one)
	if _, due := q.Pop(start); due || !q.Next().IsZero() || one.By(start) {
		t.Error("something is due")
	}
}

func TestTimersTakeNoStorage(t *testing.T) {
	var q Queue[int]
	all := make([]Timer[int], 64)
	round := func() {
		for i := range all {
			q.Set(&all[i], start.Add(time.Duration(i*37%64)))
		}
		for {
			if _, due := q.Pop(start.Add(time.Second)); !due {
				return
			}
		}
	}
	round()
	if n := testing.AllocsPerRun(10, round); n > 0 {
		t.Errorf("%v allocations", n)
	}
}

// BenchmarkSet is a timer that is moved on among 800.
func BenchmarkSet(b *testing.B) {
	var q Queue[int]
	all := make([]Timer[int], 800)
	for i := range all {
		q.Set(&all[i], start.Add(time.Duration(i)*time.Millisecond))
	}
	now := start
	for i := 0; b.Loop(); i++ {
		now = now.Add(time.Millisecond)
		q.Set(&all[i%len(all)], now.Add(time.Second))
	}
}
