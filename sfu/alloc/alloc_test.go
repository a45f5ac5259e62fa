package alloc

import (
	"fmt"
	"math/rand/v2"
	"strings"
	"testing"
	"time"
)

const ms = time.Millisecond

var start = time.Date(2026, 1, 1, 0, 0, 0, 0, time.UTC)

// camera, screen and pin make asks with the usual points.
func camera(key, height int) Ask[int] { return Ask[int]{Key: key, Height: height, Options: usual()} }

func screen(key, height int) Ask[int] {
	a := camera(key, height)
	a.Screen = true
	return a
}

func pin(a Ask[int]) Ask[int] {
	a.Pinned = true
	return a
}

// with replaces an ask's options by layers of these bitrates without temporal layers.
func with(a Ask[int], bits ...int) Ask[int] {
	a.Options = flat(bits...)
	return a
}

// text writes choices as layer and temporal layer, "--" for paused.
func text(asks []Ask[int], r Result) string {
	var b strings.Builder
	for i, c := range r.Choices {
		switch {
		case c.Paused:
			b.WriteString(" --")
		case c.Option < 0:
			b.WriteString(" no")
		default:
			p := asks[i].Options[c.Option].Point
			fmt.Fprintf(&b, " %c%d", "qhf"[p.Layer], p.Temporal)
		}
	}
	return strings.TrimSpace(b.String())
}

func TestDividesABudget(t *testing.T) {
	grid := []Ask[int]{camera(1, 200), camera(2, 200), camera(3, 200), camera(4, 200)}
	large := []Ask[int]{camera(1, 720), camera(2, 720), camera(3, 720)}
	for _, tc := range []struct {
		name   string
		budget int // kbit/s
		asks   []Ask[int]
		want   string
	}{
		{"nobody asks", 1000, nil, ""},
		{"nothing", 0, grid, "-- -- -- --"},
		{"less than nothing", -5, grid, "-- -- -- --"},
		{"as much as there is", 1 << 50, large, "f2 f2 f2"},
		{"pauses the last first", 140, grid, "q1 q0 -- --"},
		{"lowest points for all", 210, grid, "q0 q0 q0 q0"},
		{"evenly", 300, grid, "q1 q1 q1 q0"},
		{"never above need", 9000, grid, "q2 q2 q2 q2"},
		{"evenly up to h", 1250, large, "h2 h2 h1"},
		{"one of them in full", 3000, large, "f2 h2 h2"},
		{"the screen first, wherever it stands", 1200,
			[]Ask[int]{camera(1, 720), camera(2, 720), screen(3, 720)}, "q2 q2 f0"},
		{"the screen keeps its sharpness, the rest gets what is left", 2000,
			[]Ask[int]{camera(1, 720), camera(2, 720), screen(3, 720)}, "q2 q2 f2"},
		{"pinned before others", 1780, []Ask[int]{camera(1, 720), camera(2, 720), pin(camera(3, 720))}, "q1 q1 f2"},
		{"the screen before what is pinned", 1000, []Ask[int]{pin(camera(1, 720)), screen(2, 720)}, "q2 f0"},
		{"of two screens the pinned one", 1000, []Ask[int]{screen(1, 720), pin(screen(2, 720))}, "q0 f0"},
		{"big before small", 60, []Ask[int]{camera(1, 90), camera(2, 720)}, "-- q0"},
		{"a tile of unknown size counts as big", 60, []Ask[int]{camera(1, 720), camera(2, 0)}, "-- q0"},
		{"a screen that does not fit does not hold the rest back in its steps", 1000,
			[]Ask[int]{with(screen(1, 720), 100_000, 2_000_000), camera(2, 720)}, "q0 h2"},
		{"a heavy picture does not keep light ones dark", 500,
			[]Ask[int]{with(screen(1, 720), 2_000_000), camera(2, 200), camera(3, 200)}, "-- q2 q2"},
		{"but one of about the same weight goes before them", 130,
			[]Ask[int]{with(camera(1, 200), 100_000), with(camera(2, 200), 80_000), with(camera(3, 200), 60_000), with(camera(4, 200), 20_000)},
			"q0 -- -- q0"},
		{"nothing to be had is not paused", 1000, []Ask[int]{with(camera(1, 720)), camera(2, 200)}, "no q2"},
	} {
		var a Allocator[int]
		if got := text(tc.asks, a.Allocate(tc.budget*1000, tc.asks, start)); got != tc.want {
			t.Errorf("%s: %q, want %q", tc.name, got, tc.want)
		}
	}
}

func TestTellsWhatIsWorthProbingFor(t *testing.T) {
	for _, tc := range []struct {
		name                        string
		budget, total, next, wanted int // kbit/s
		asks                        []Ask[int]
	}{
		{"a step up", 420, 280, 432, 1950, []Ask[int]{camera(1, 720)}},
		{"a dark tile", 60, 50, 105, 260, []Ask[int]{camera(1, 200), camera(2, 200)}},
		{"the screen, at the cost of the camera", 1000, 850, 1188, 3900,
			[]Ask[int]{camera(1, 720), screen(2, 720)}},
		{"nothing more", 2000, 1500, 0, 1950, []Ask[int]{camera(1, 720)}},
		{"nothing at all", 2000, 0, 0, 0, nil},
	} {
		var a Allocator[int]
		r := a.Allocate(tc.budget*1000, tc.asks, start)
		if got, want := []int{r.Total, r.Next, r.Wanted}, []int{tc.total * 1000, tc.next * 1000, tc.wanted * 1000}; fmt.Sprint(got) != fmt.Sprint(want) {
			t.Errorf("%s: total, next, wanted %v, want %v", tc.name, got, want)
		}
	}
}

// drive runs an allocator through time, ten decisions a second.
type drive struct {
	Allocator[int]
	asks []Ask[int]
	now  time.Time
	last string
}

// give lets a budget stand and returns the changes of what is chosen, each with
// its time since start.
func (d *drive) give(kbits int, forTime time.Duration) (changes []string) {
	for range forTime / (100 * ms) {
		r := d.Allocate(kbits*1000, d.asks, d.now)
		if now := text(d.asks, r); now != d.last {
			changes = append(changes, fmt.Sprintf("%v %s", d.now.Sub(start).Round(ms), now))
			d.last = now
		}
		d.now = d.now.Add(100 * ms)
	}
	return changes
}

func TestOverTime(t *testing.T) {
	one := []Ask[int]{camera(1, 720)}
	type stretch struct {
		kbits   int
		seconds float64
	}
	for _, tc := range []struct {
		name      string
		asks      []Ask[int]
		stretches []stretch
		want      string
	}{
		{"down at once, up after it held", one, []stretch{{2000, 10}, {300, 20}, {2000, 5}},
			"0s f2, 10s h1, 31.8s f2"},
		{"down only as far as needed", []Ask[int]{camera(1, 720), camera(2, 720)}, []stretch{{4000, 5}, {2900, 5}},
			"0s f2 f2, 5s f2 f1"},
		{"what is held needs no room to spare", one, []stretch{{2000, 5}, {1510, 5}}, "0s f2"},
		{"what is not does", one, []stretch{{300, 5}, {1600, 5}}, "0s q2, 6.8s f1"},
		{"a short peak is nothing", one, []stretch{{300, 5}, {5000, 1}, {300, 5}}, "0s q2"},
		{"the last one stays through a short dip of any depth", one, []stretch{{300, 5}, {0, 0.4}, {300, 5}, {0, 5}, {300, 5}},
			"0s q2, 5s q0, 7s q2, 10.4s q0, 11s --, 17s q2"},
		{"a tile that is shown stays through a small dip", []Ask[int]{camera(1, 200), camera(2, 200)},
			[]stretch{{110, 5}, {92, 5}, {88, 5}, {103, 5}, {106, 5}}, "0s q0 q0, 10s q1 --, 21.8s q0 q0"},
	} {
		d := drive{asks: tc.asks, now: start}
		var got []string
		for _, s := range tc.stretches {
			got = append(got, d.give(s.kbits, time.Duration(s.seconds*float64(time.Second)))...)
		}
		if got := strings.Join(got, ", "); got != tc.want {
			t.Errorf("%s:\n %s, want\n %s", tc.name, got, tc.want)
		}
	}
}

func TestChangeOfTheViewIsNotDelayed(t *testing.T) {
	d := drive{asks: []Ask[int]{camera(1, 200), camera(2, 200), camera(3, 200)}, now: start}
	d.give(2500, 5*time.Second)
	d.asks[1].Height = 1080
	d.asks = []Ask[int]{d.asks[1], d.asks[0], d.asks[2]}
	if got := d.give(2500, time.Second); strings.Join(got, ", ") != "5s f2 q2 q2" {
		t.Errorf("a tile in full: %v", got)
	}
	d.asks[0].Height = 200
	if got := d.give(2500, time.Second); strings.Join(got, ", ") != "6s q2 q2 q2" {
		t.Errorf("and back: %v", got)
	}
}

func TestFailedStepsAreTriedLessAndLess(t *testing.T) {
	d := drive{asks: []Ask[int]{camera(1, 720)}, now: start}
	d.give(600, 20*time.Second)
	for i, want := range []string{
		"1.8s f2", "1.8s f1 3.3s f2", "1.8s f1 6.3s f2", "1.8s f1", "", "",
	} { // an estimate that always goes back before long
		began := d.now
		var rises []string // each with how long after the budget it rose
		for _, change := range d.give(2000, 8*time.Second) {
			at, what, _ := strings.Cut(change, " ")
			since, _ := time.ParseDuration(at)
			rises = append(rises, fmt.Sprint(since-began.Sub(start), " ", what))
		}
		if got := strings.Join(rises, " "); got != want {
			t.Errorf("try %d: %q, want %q", i+1, got, want)
		}
		d.give(600, 2*time.Second)
	}
	if got := d.give(3000, 3*time.Second); len(got) != 1 {
		t.Errorf("a link that is far better than what failed: %v", got)
	}
}

func TestRecoversSoonAfterACap(t *testing.T) {
	for seed := range uint64(20) {
		r := rand.New(rand.NewPCG(seed, 9))
		d := drive{now: start}
		for i := range 9 {
			d.asks = append(d.asks, camera(i, 360))
		}
		d.give(6000, 20*time.Second)
		for range 600 {
			d.give(200+r.IntN(200), 100*ms)
		}
		d.give(6000, 2*time.Second)
		if d.last != "h2 h2 h2 h2 h2 h2 h2 h2 h2" {
			t.Errorf("seed %d: 2 s after a minute of a cap: %s", seed, d.last)
		}
	}
}

func TestComfortableOnlyWithRoomForLong(t *testing.T) {
	d := drive{asks: []Ask[int]{camera(1, 720)}, now: start}
	comfortable := func(kbits int) bool { return d.Allocate(kbits*1000, d.asks, d.now).Comfortable }
	d.give(1800, 30*time.Second)
	if comfortable(1800) {
		t.Error("at 1.2 times what is wanted")
	}
	d.give(2000, 10*time.Second)
	if comfortable(2000) {
		t.Error("at once")
	}
	d.give(2000, 3*time.Second)
	if !comfortable(2000) || !comfortable(1800) {
		t.Error("not with room for long")
	}
	if comfortable(1600) {
		t.Error("when the room goes")
	}
	d.give(1200, 30*time.Second)
	if comfortable(1200) {
		t.Error("with less than wanted")
	}
}
