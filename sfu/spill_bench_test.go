package sfu

import "testing"

// BenchmarkSpilled is the workers' own share of forwarding to 200 subscribers, all
// on the publisher's worker or half of them on another. ns/op is per forwarded packet.
func BenchmarkSpilled(b *testing.B) {
	const subscribers, perFrame = 200, 4
	for name, away := range map[string]int{"one worker": 0, "two workers": subscribers / 2} {
		b.Run(name, func(b *testing.B) {
			s := newWorld()
			publisher, _ := s.peer()
			source := s.source(publisher, Camera, 50)
			other := newWorld()
			other.now, other.worker.now, other.worker.epoch = s.now, s.now, s.worker.epoch
			for i := range subscribers {
				on, shown := s, source
				if i < away {
					m := other.worker.mirror(source)
					m.use(other.wing, true)
					on, shown = other, m.source
				}
				e, _ := on.peer()
				e.path = nowhere{}
				on.slot(e, "1", Video, uint32(1000+2*i)).assign(Feed{Source: shown}, s.now)
			}
			spare := [2]*batch{{}, {}}
			turn := func() {
				for n, w := range []*Worker{s.worker, other.worker} {
					full, _ := w.inbox.take(spare[n])
					w.turn(full, false, s.now)
					spare[n] = full
				}
			}
			turn() // away tells home
			turn()
			cam := &camera{from: publisher, ssrc: 50, size: perFrame}
			frame := func(key bool) {
				s.now = s.now.Add(frameEvery)
				for _, raw := range cam.frame(key) {
					publisher.takeRTP(raw, s.now)
				}
				turn() // home, and away what came over
			}
			frame(true)
			turn()
			b.ReportAllocs()
			b.ResetTimer()
			for i := 0; i < b.N; i += subscribers * perFrame {
				frame(false)
			}
			b.StopTimer()
			if away > 0 && s.worker.counts.crossed.Load() == 0 {
				b.Error("nothing crossed")
			}
		})
	}
}
