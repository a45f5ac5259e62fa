package quality

import (
	"math/rand/v2"
	"testing"
	"time"
)

var start = time.Date(2026, 1, 1, 0, 0, 0, 0, time.UTC)

// lossFor is a loss upwards that makes a grade.
func lossFor(g Grade) Facts {
	return Facts{Up: Up{Loss: [...]float64{0, .5, .15, .08, .04, 0}[g]}}
}

// play gives a grader one fact a second and returns what it showed.
func play(grades string) string {
	var g Grader
	shown := make([]byte, len(grades))
	for i := range grades {
		v, _ := g.Update(lossFor(Grade(grades[i]-'0')), start.Add(time.Duration(i)*time.Second))
		shown[i] = '0' + byte(v.Up)
	}
	return string(shown)
}

func TestVerdictOverTime(t *testing.T) {
	for _, tc := range []struct{ name, facts, want string }{
		{"a bad second shows at once, and for five more",
			"5552555555555", "5552222225555"},
		{"one grade less for a second does not show",
			"5554555", "5555555"},
		{"one grade less for two seconds does",
			"55544555555555", "55554444445555"},
		{"it rises to the worst of the last five seconds",
			"51333445555555555555", "51111113333335555555"},
		{"one bad second begins the wait anew",
			"5155515555555", "5111111111155"},
		{"soon bad again: twice as long",
			"51555555515555555555555555", "51111115511111111111555555"},
	} {
		if got := play(tc.facts); got != tc.want {
			t.Errorf("%s:\nfacts %s\nshown %s\nwant  %s", tc.name, tc.facts, got, tc.want)
		}
	}
}

func TestKeepsTroubleThatComesBackAndForgetsIt(t *testing.T) {
	var g Grader
	changes := 0
	at := 0
	for ; at < 600; at++ { // a bad second every twelve
		f := lossFor(5)
		if at%12 == 0 {
			f = lossFor(1)
		}
		if _, changed := g.Update(f, start.Add(time.Duration(at)*time.Second)); changed {
			changes++
		}
	}
	if changes > 6 {
		t.Errorf("%d changes in ten minutes", changes)
	}
	for ; at < 660; at++ {
		g.Update(lossFor(5), start.Add(time.Duration(at)*time.Second))
	}
	g.Update(lossFor(1), start.Add(time.Duration(at)*time.Second))
	for i := 1; i <= 6; i++ {
		v, _ := g.Update(lossFor(5), start.Add(time.Duration(at+i)*time.Second))
		if i == 6 && v.Up != Best {
			t.Errorf("a bad second after a good minute lasts longer than five: %v", v)
		}
	}
}

// TestDoesNotFlapOnNoise lets facts jitter about every border between two grades.
func TestDoesNotFlapOnNoise(t *testing.T) {
	for _, border := range lossUp {
		var g Grader
		r := rand.New(rand.NewPCG(7, uint64(border*1000)))
		changes := 0
		for s := range 300 {
			f := Facts{Up: Up{Loss: border * (.7 + .6*r.Float64())}}
			if _, changed := g.Update(f, start.Add(time.Duration(s)*time.Second)); changed {
				changes++
			}
		}
		if changes > 10 {
			t.Errorf("about a loss of %v: %d changes in five minutes", border, changes)
		}
	}
}

func TestEveryBadSecondShowsWithinTwo(t *testing.T) {
	for seed := range uint64(50) {
		var g Grader
		r := rand.New(rand.NewPCG(seed, 3))
		now, bad := start, time.Time{}
		for range 200 {
			now = now.Add(time.Duration(200+r.IntN(800)) * ms)
			grade := Best
			if r.IntN(10) == 0 || !bad.IsZero() && now.Sub(bad) < time.Second {
				grade = 2
			}
			v, _ := g.Update(lossFor(grade), now)
			switch {
			case grade == Best:
				bad = time.Time{}
			case bad.IsZero():
				bad = now
			}
			if !bad.IsZero() && now.Sub(bad) < 2*time.Second && v.Up > 2 {
				t.Fatalf("seed %d: bad since %v and %v is shown", seed, now.Sub(bad), v)
			}
		}
	}
}

func TestUpdateDoesNotAllocate(t *testing.T) {
	var g Grader
	now := start
	if n := testing.AllocsPerRun(100, func() {
		now = now.Add(time.Second)
		g.Update(lossFor(3), now)
	}); n != 0 {
		t.Errorf("%v allocations", n)
	}
}
