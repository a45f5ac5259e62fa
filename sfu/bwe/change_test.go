//go:build !race

package bwe

import (
	"testing"
	"time"
)

// TestVariableCapacity is RFC 8867 section 5.1, with an elastic source and with
// a camera of three layers.
func TestVariableCapacity(t *testing.T) {
	for _, c := range []struct {
		name   string
		source func(seed uint64) source
		used   float64
	}{
		{"elastic", func(uint64) source { return &elastic{most: usual.Max} }, 0.75},
		{"layers", func(seed uint64) source { return newLayered(fixed(seed)) }, 0.4},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			low, high, used, wait := 9.0, 0.0, 9.0, 0.0
			for seed := range uint64(3 * *seeds) {
				w := newWorld(seed, clean)
				w.vary()
				f := w.flow(New(usual, w.start), c.source(seed))
				w.run(100 * sec)
				if *traced {
					f.trace(t, sec)
				}
				var arrived, could float64
				for _, s := range steps {
					median := at(f.targets(s.from+8*sec, s.to), 0.5) / s.rate
					low, high = min(low, median), max(high, median)
					arrived += f.received(s.from, s.to) * (s.to - s.from).Seconds()
					could += s.rate * (s.to - s.from).Seconds()
				}
				used, wait = min(used, arrived/could), max(wait, f.waited(0, 100*sec, 0.95))
			}
			t.Logf("worst of %d: median estimate %.2f to %.2f of the capacity, used %.2f, waits %.0f ms", 3**seeds, low, high, used, wait)
			if low < 0.75 || high > 1.05 || used < c.used || wait > 200 {
				t.Errorf("want 0.75 to 1.05, %.2f used, 200 ms", c.used)
			}
		})
	}
}

// TestCapIsFollowedAndForgotten: a link falls to 300 kbit/s and comes back.
func TestCapIsFollowedAndForgotten(t *testing.T) {
	for _, c := range []struct {
		name string
		link func(*link)
		cap  time.Duration // how long
	}{
		{"10 s", func(*link) {}, 10 * sec},
		{"37 s", func(*link) {}, 37 * sec},
		{"300 s", func(*link) {}, 300 * sec},
		{"10 ms way", func(l *link) { l.delay = 5 * ms }, 20 * sec},
		{"300 ms way, 2 % loss", func(l *link) { l.delay = 150 * ms; l.loss = 0.02 }, 20 * sec},
		{"5 % loss", func(l *link) { l.loss = 0.05 }, 20 * sec},
		{"1 s queue", func(l *link) { l.queue = sec }, 20 * sec},
		{"20 ms jitter", func(l *link) { l.jitter = 20 * ms }, 20 * sec},
		{"a shaper that lets 4 KB pass at once", func(l *link) { l.bucket = 4096; l.queue = 200 * ms }, 13 * sec},
		{"a shaper that lets 10 KB pass at once", func(l *link) { l.bucket = 10_000 }, 60 * sec},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			const begin = 20 * sec
			var down, back time.Duration
			for seed := range uint64(*seeds) {
				l := clean
				c.link(&l)
				w := newWorld(seed, l)
				f := w.flow(New(usual, w.start), newLayered(fixed(seed)))
				end := begin + c.cap + time.Duration(seed)*370*ms
				w.at(begin, func() { w.link.set(300_000, w.now) })
				w.at(end, func() { w.link.set(l.rate, w.now) })
				w.run(end + 40*sec)
				down = max(down, f.reaches(0, begin)-begin)
				back = max(back, f.reaches(2, end)-end)
			}
			t.Logf("worst of %d: down in %v, back in %v", *seeds, down, back)
			if down > 2*sec || back > 10*sec {
				t.Error("want 2 s and 10 s")
			}
		})
	}
}

// TestTrainsQueueLittle: what probes ask of a thin link that a shaper makes look
// wider now and then does not stand in the way of what it carries.
func TestTrainsQueueLittle(t *testing.T) {
	for _, bucket := range []int{0, 4096, 10_000} {
		var longest float64
		for seed := range uint64(*seeds) {
			l := clean
			l.rate, l.bucket, l.delay, l.queue = 300_000, bucket, 10*ms, sec
			w := newWorld(seed, l)
			source := newLayered(fixed(seed))
			source.fixed = true
			f := w.flow(New(usual, w.start), source)
			w.run(60 * sec)
			longest = max(longest, f.waited(10*sec, 60*sec, 0.999))
		}
		t.Logf("bucket of %d bytes: waits up to %.0f ms", bucket, longest)
		if longest > 300 {
			t.Error("want 300 ms")
		}
	}
}

// TestACollapseIsNoLie: a link that falls to a tenth just after a probe found it
// wide is another link now, and is asked as lightly as before.
func TestACollapseIsNoLie(t *testing.T) {
	w := newWorld(1, clean)
	e := New(usual, w.start)
	w.flow(e, newLayered(fixed(1)))
	w.run(20 * sec)
	e.rate.raised, e.rate.before, e.rate.since = e.rate.target, e.rate.target/2, e.now
	w.link.set(clean.rate/10, w.now)
	w.run(22 * sec)
	if e.Target() > int(clean.rate)/5 || e.probe.bytes != probeBytes {
		t.Errorf("estimate %d, trains of %d bytes", e.Target(), e.probe.bytes)
	}
}

// reaches is when the flow first has the layer after a time.
func (f *flow) reaches(layer int, after time.Duration) time.Duration {
	for _, s := range f.seen {
		if s.at >= after && s.layer == layer {
			return s.at
		}
	}
	return time.Hour
}

// TestInterruptions: what goes away for a moment does not take the estimate
// with it for long.
func TestInterruptions(t *testing.T) {
	for _, c := range []struct {
		name  string
		begin func(*world)
		end   func(*world)
		last  time.Duration
		back  time.Duration // within that the estimate is back at 80 %
	}{
		{"no feedback", func(w *world) { w.back.dead = true }, func(w *world) { w.back.dead = false }, 2 * sec, 2 * sec},
		{"no link", func(w *world) { w.link.cut = true }, func(w *world) { w.link.cut = false }, 2 * sec, 5 * sec},
		{"no link for long", func(w *world) { w.link.cut = true }, func(w *world) { w.link.cut = false }, 20 * sec, 10 * sec},
		{"receiver's clock leaps an hour ahead", func(w *world) { w.skew = time.Hour }, func(w *world) {}, sec, sec},
		{"receiver's clock leaps a minute back", func(w *world) { w.skew = -time.Minute }, func(w *world) {}, sec, sec},
		{"our clock leaps a day ahead", func(w *world) { w.start = w.start.Add(24 * time.Hour) }, func(w *world) {}, sec, 2 * sec},
		{"our clock leaps an hour back", func(w *world) { w.start = w.start.Add(-time.Hour) }, func(w *world) {}, sec, 2 * sec},
		{"the way gets 60 ms longer", func(w *world) { w.link.delay += 60 * ms }, func(w *world) {}, sec, 10 * sec},
		{"the way gets 40 ms shorter", func(w *world) { w.link.delay -= 40 * ms }, func(w *world) {}, sec, 3 * sec},
		{"the radio stalls for 300 ms", func(w *world) { w.link.free = w.now + 300*ms }, func(w *world) {}, sec, 3 * sec},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			var back time.Duration
			least := 9.0
			for seed := range uint64(*seeds) {
				w := newWorld(seed, clean)
				f := w.flow(New(usual, w.start), &elastic{most: usual.Max})
				w.at(20*sec, func() { c.begin(w) })
				w.at(20*sec+c.last, func() { c.end(w) })
				w.run(20*sec + c.last + 30*sec)
				end := 20*sec + c.last
				last := end
				for _, s := range f.seen {
					if s.at >= end && s.at < end+15*sec && s.target < 0.8*w.link.rate {
						last = s.at
					}
				}
				back = max(back, last-end)
				least = min(least, at(f.targets(end, end+10*sec), 0)/w.link.rate)
			}
			t.Logf("worst of %d: down to %.2f of the capacity, back in %v", *seeds, least, back)
			if back > c.back {
				t.Errorf("want it back in %v", c.back)
			}
		})
	}
}
