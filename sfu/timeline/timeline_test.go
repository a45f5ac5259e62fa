package timeline

import (
	"math/rand/v2"
	"testing"
	"time"
)

var start = time.Date(2026, 3, 1, 12, 0, 0, 0, time.UTC)

func TestNTPRoundTrip(t *testing.T) {
	for _, at := range []time.Time{start.AddDate(-50, 0, 0), start, start.Add(123456789 * time.Nanosecond), start.AddDate(70, 0, 0)} {
		if got := FromNTP(ToNTP(at)); at.Sub(got) < 0 || at.Sub(got) > time.Nanosecond {
			t.Errorf("%v came back as %v", at, got)
		}
	}
}

func TestLineIsStraightThroughWrapAround(t *testing.T) {
	line := NewLine(start, 0xffffff00, 90_000)
	if got := line.At(start); got != 0xffffff00 {
		t.Errorf("at its origin: %#x", got)
	}
	if got := line.At(start.Add(10 * time.Millisecond)); got != 900-256 {
		t.Errorf("10 ms later: %d", got)
	}
	if got := line.At(start.Add(-10 * time.Millisecond)); got != 0xffffff00-900 {
		t.Errorf("10 ms before: %#x", got)
	}
	day := line.At(start.Add(24 * time.Hour))
	if want := uint32((uint64(0xffffff00) + 24*3600*90_000) & 0xffffffff); day != want {
		t.Errorf("a day later: %d, want %d", day, want)
	}
}

// A publisher simulated: its wall clock is off by skew, its packets and
// reports are delayed at random.
type publisher struct {
	skew  time.Duration
	clock Clock
	rng   *rand.Rand
}

func (p *publisher) delay() time.Duration {
	return 20*time.Millisecond + time.Duration(p.rng.ExpFloat64()*float64(8*time.Millisecond))
}

type track struct {
	*Stream
	rate, base uint32
	behind     time.Duration // from capture to sending: an encoder's time
}

func (p *publisher) track(rate, base uint32, behind time.Duration) *track {
	return &track{Stream: NewStream(&p.clock, rate), rate: rate, base: base, behind: behind}
}

func (s *track) timestamp(captured time.Time) uint32 {
	return s.base + ticks(captured.Sub(start), s.rate)
}

func (s *track) packet(p *publisher, captured time.Time) {
	s.Arrived(s.timestamp(captured), captured.Add(s.behind+p.delay()))
}

func (s *track) report(p *publisher, at time.Time) {
	s.Report(ToNTP(at.Add(p.skew)), s.timestamp(at), at.Add(p.delay()))
}

func TestLipsAreInSyncWhateverThePublishersClock(t *testing.T) {
	for _, skew := range []time.Duration{0, time.Hour, -time.Hour, 10 * 365 * 24 * time.Hour} {
		p := &publisher{skew: skew, rng: rand.New(rand.NewPCG(1, uint64(skew)))}
		mic, camera := p.track(48_000, 77, 0), p.track(90_000, 0xfffffff0, 60*time.Millisecond)
		var worstBefore, worstAfter time.Duration
		for ms := 0; ms < 60_000; ms += 20 {
			now := start.Add(time.Duration(ms) * time.Millisecond)
			mic.packet(p, now)
			camera.packet(p, now)
			if ms%1000 == 980 {
				camera.report(p, now)
			}
			if ms%5000 == 2500 {
				mic.report(p, now)
			}
			skewed := camera.Time(camera.timestamp(now)).Sub(mic.Time(mic.timestamp(now))).Abs()
			if ms < 3000 {
				worstBefore = max(worstBefore, skewed)
			} else {
				worstAfter = max(worstAfter, skewed)
			}
		}
		if worstBefore > 120*time.Millisecond {
			t.Errorf("skew %v: %v apart before the reports", skew, worstBefore)
		}
		if worstAfter > time.Millisecond {
			t.Errorf("skew %v: %v apart after the reports", skew, worstAfter)
		}
	}
}

func TestArrivalFollowsThePacketThatWasDelayedLeast(t *testing.T) {
	s := NewStream(&Clock{}, 90_000)
	s.Arrived(0, start.Add(80*time.Millisecond))
	s.Arrived(900, start.Add(30*time.Millisecond))
	s.Arrived(1800, start.Add(90*time.Millisecond))
	if got := s.Time(900).Sub(start); got != 30*time.Millisecond {
		t.Errorf("the mapping puts the quickest packet %v after the start", got)
	}
}

func TestArrivalSurvivesAJumpOfTimestamps(t *testing.T) {
	s := NewStream(&Clock{}, 90_000)
	s.Arrived(1_000_000, start)
	s.Arrived(5, start.Add(time.Second))
	for i := range uint32(500) { // 10 s
		now := start.Add(time.Second + time.Duration(i)*20*time.Millisecond)
		s.Arrived(5+i*1800, now)
		if i > 150 {
			if off := s.Time(5 + i*1800).Sub(now).Abs(); off > 2*time.Second {
				t.Fatalf("%v off after the jump", off)
			}
		}
	}
}

func TestClockBeginsAnewWhenThePublisherSetsItsClock(t *testing.T) {
	var c Clock
	c.Report(ToNTP(start), start.Add(10*time.Millisecond))
	c.Report(ToNTP(start.Add(-time.Hour)), start.Add(time.Second))
	if got := c.server(start.Add(-time.Hour)); got.Sub(start) != time.Second {
		t.Errorf("%v after the clock was set back", got.Sub(start))
	}
}

func TestStreamTellsWhenItsMappingIsVoid(t *testing.T) {
	begin := time.Date(2026, 3, 1, 12, 0, 0, 0, time.UTC)
	type packet struct {
		at    time.Duration // of arrival
		stamp time.Duration // by the publisher
		void  bool
	}
	for _, c := range []struct {
		name     string
		reported bool
		packets  []packet
	}{
		{"jitter is none", false, []packet{{0, 0, false}, {time.Second, time.Second, false}, {1900 * time.Millisecond, 2 * time.Second, false}}},
		{"a jump forward is", false, []packet{{0, 0, false}, {time.Second, time.Hour, true}, {2 * time.Second, time.Hour + time.Second, false}}},
		{"a jump back is", false, []packet{{0, time.Hour, false}, {time.Second, 0, true}}},
		{"running ahead is, in the end", false, []packet{{0, 0, false}, {100 * time.Millisecond, 300 * time.Millisecond, false}, {200 * time.Millisecond, 600 * time.Millisecond, true}}},
		{"late is none", true, []packet{{time.Second, 0, false}, {time.Minute, time.Second, false}}},
		{"ahead of time is", true, []packet{{time.Second, time.Second, false}, {time.Second, 2 * time.Second, true}}},
	} {
		t.Run(c.name, func(t *testing.T) {
			s := NewStream(&Clock{}, 90_000)
			s.Report(0, 12345, begin) // of a sender without a clock
			if c.reported {
				s.Report(ToNTP(begin), 0, begin)
			}
			for i, p := range c.packets {
				if got := s.Arrived(uint32(p.stamp*9/100_000), begin.Add(p.at)); got != p.void {
					t.Errorf("packet %d: void is %v", i, got)
				}
			}
		})
	}
}
