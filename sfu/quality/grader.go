package quality

import "time"

// Verdict is how well a member is connected, and what is to blame.
type Verdict struct {
	Up, Down Grade
	Why      Why
}

// Grader keeps one member's verdict. The zero value is ready. One goroutine owns it.
type Grader struct {
	up, down, server steady
	verdict          Verdict
}

// Update takes the latest facts, about once a second, and tells whether the
// verdict is another than before. The first always is.
func (g *Grader) Update(f Facts, now time.Time) (v Verdict, changed bool) {
	distance := f.distance()
	up := g.up.update(min(f.Up.grade(), distance), now)
	down := g.down.update(min(f.Down.grade(), distance), now)
	server := g.server.update(f.Server.grade(), now)
	v = Verdict{Up: min(up, server), Down: min(down, server), Why: blame(up, down, server)}
	changed = v != g.verdict
	g.verdict = v
	return v, changed
}

// blame names the worst. A server that drops packets makes both links look bad
// and goes first; what a member sends costs everybody and goes before what it
// gets, also where both are as bad because the way is long.
func blame(up, down, server Grade) Why {
	switch worst := min(up, down, server); worst {
	case Best, Good:
		return None
	case server:
		return Server
	case up:
		return Uplink
	default:
		return Downlink
	}
}

const (
	// patience is how long something must have been better before it is said, and
	// mostPatience the same for what got worse again soon after that.
	patience, mostPatience = 5 * time.Second, 20 * time.Second
	// soon is how long a grade must last after it got better, to count as kept.
	soon = 30 * time.Second
)

// steady is a grade that does not flap. It falls at once by two or more, and by
// one if two facts in a row say so. It rises to the worst that there was in the
// last five seconds; if it keeps falling back, in the last ten, then twenty.
type steady struct {
	shown, latest Grade
	better        time.Time     // since when everything was better than shown
	worst         Grade         // since then
	rose          time.Time     // when it was last raised
	wait          time.Duration // for the next time
}

func (s *steady) update(g Grade, now time.Time) Grade {
	before := s.latest
	s.latest = g
	switch {
	case s.shown == 0:
		s.shown, s.wait = g, patience
	case g < s.shown:
		s.better = time.Time{}
		if g+1 < s.shown || before < s.shown {
			s.fall(g, now)
		}
	case g == s.shown:
		s.better = time.Time{}
	case s.better.IsZero():
		s.better, s.worst = now, g
	default:
		s.worst = min(s.worst, g)
		if now.Sub(s.better) >= s.wait {
			s.shown, s.rose, s.better = s.worst, now, time.Time{}
		}
	}
	return s.shown
}

// fall makes the grade worse. Only the first fall after a rise says whether the
// rise was too early.
func (s *steady) fall(g Grade, now time.Time) {
	s.shown = g
	switch {
	case s.rose.IsZero():
	case now.Sub(s.rose) < soon:
		s.wait = min(2*s.wait, mostPatience)
	default:
		s.wait = patience
	}
	s.rose = time.Time{}
}
