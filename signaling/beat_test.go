package signaling

import (
	"slices"
	"testing"
	"time"
)

func TestBeatLetsFewGoAtOnceAndManyTogether(t *testing.T) {
	const every = 100 * time.Millisecond
	cases := map[string]struct {
		each   time.Duration // between two lines
		lines  int
		sent   int           // messages
		latest time.Duration // that a line waits
	}{
		"a lone line":            {each: time.Hour, lines: 3, sent: 3},
		"slower than the beat":   {each: 120 * time.Millisecond, lines: 50, sent: 50},
		"a few at once":          {each: 0, lines: chatAtOnce, sent: chatAtOnce},
		"a steady flow":          {each: 50 * time.Millisecond, lines: 200, sent: 104, latest: every},
		"a flood":                {each: time.Millisecond, lines: 1000, sent: 15, latest: every},
		"all at the same moment": {each: 0, lines: 1000, sent: chatAtOnce + 1, latest: every},
	}
	for name, c := range cases {
		t.Run(name, func(t *testing.T) {
			b := beat{every: every}
			start := time.Unix(1e9, 0)
			now, sent, waits := start, 0, []time.Duration{0}
			var since time.Time // when the oldest that waits came; zero: none does
			for i := range c.lines {
				for came := start.Add(time.Duration(i) * c.each); ; {
					if due := now.Add(b.wait(now)); !since.IsZero() && !due.After(came) {
						now = due
						waits, sent, since = append(waits, now.Sub(since)), sent+1, time.Time{}
						b.sent(now)
						continue
					}
					now = came
					if since.IsZero() {
						since = came
					}
					if b.wait(now) == 0 {
						sent, since = sent+1, time.Time{}
						b.sent(now)
					}
					break
				}
			}
			if !since.IsZero() {
				waits, sent = append(waits, b.wait(now)), sent+1
			}
			if sent < c.sent-1 || sent > c.sent+1 {
				t.Errorf("%d messages, want some %d", sent, c.sent)
			}
			if most := slices.Max(waits); most > c.latest {
				t.Errorf("a line waited %v, want at most %v", most, c.latest)
			}
		})
	}
}
