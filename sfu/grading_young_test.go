//go:build !race

package sfu

import (
	"testing"
	"time"

	"madang/sfu/quality"
)

// TestNobodyOnAGoodLinkIsCalledWeak: neither right after joining, nor while a
// browser's own estimate grows until it sends its largest layer, nor when somebody
// begins to publish long after.
func TestNobodyOnAGoodLinkIsCalledWeak(t *testing.T) {
	t.Parallel()
	for seed := range uint64(4) {
		s := newShow(seed)
		w := s.watch(720)
		w.down.rate, w.down.queue = 10_000_000, 300*time.Millisecond
		w.video.assign(Feed{Why: WhyEmpty}, s.now)
		top := s.stage.encoders[2]
		var watching, publishing quality.Grader
		for at := time.Duration(0); at < 60*time.Second; at += time.Second {
			switch at {
			case time.Second: // it was only tried
				top.on = false
			case 9 * time.Second:
				top.on, top.key = true, true
			case 19 * time.Second:
				w.video.assign(Feed{Source: s.stage.camera}, s.now)
			}
			s.run(at + time.Second)
			if down, _ := watching.Update(w.endpoint.facts(s.now), s.now); down.Down < quality.Good {
				t.Errorf("seed %d: who watches is called weak after %v: %+v", seed, at, w.endpoint.facts(s.now))
			}
			if up, _ := publishing.Update(s.stage.endpoint.facts(s.now), s.now); up.Up < quality.Good {
				t.Errorf("seed %d: who publishes is called weak after %v: %+v", seed, at, s.stage.endpoint.facts(s.now))
			}
		}
	}
}
