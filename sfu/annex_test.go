package sfu

import (
	"bytes"
	"testing"
	"time"

	"github.com/pion/rtp"
)

// annex is a room on two workers, turned by hand: three who publish a microphone
// and a camera are at home, a viewer with one pair and one voice is there, and
// another one away.
type annex struct {
	*hall
	away      *world
	awayPath  *fakePath
	awayPair  Pair
	awayVoice *Slot
	publisher []*fakePath // of the cameras
	spare     [2]*batch
}

func newAnnex() *annex {
	a := &annex{hall: newHall(), away: newWorld(), spare: [2]*batch{{}, {}}}
	a.away.wing.end()
	a.away.worker.epoch = a.worker.epoch
	a.away.router, a.away.told = a.router, a.told
	a.away.wing = a.router.on(a.away.worker)
	e, path := a.away.peer()
	a.awayPath = path
	a.awayPair = Pair{Video: a.away.slot(e, "v", Video, 700), Audio: a.away.slot(e, "a", Audio, 710)}
	a.awayVoice = a.away.slot(e, "x", Audio, 720)
	for _, s := range []*Slot{a.awayPair.Video, a.awayPair.Audio, a.awayVoice} {
		s.wing = nil
	}
	for _, c := range a.cams {
		a.publisher = append(a.publisher, c.from.path.(*fakePath))
	}
	return a
}

// turn has both workers do what has gathered, and what the other sends for that.
func (a *annex) turn(ticked bool) {
	for i := range 4 {
		for n, w := range []*world{a.world, a.away} {
			b, _ := w.worker.inbox.take(a.spare[n])
			a.spare[n] = b
			w.worker.turn(b, ticked && i == 0, a.now)
		}
	}
}

// tick lets time pass at both.
func (a *annex) tick(d time.Duration) {
	for end := a.now.Add(d); a.now.Before(end); {
		a.now = a.now.Add(tickEvery)
		a.away.now = a.now
		a.turn(true)
	}
}

// route hands a routing to both workers.
func (a *annex) route(r *Routing) {
	a.router.Route(r)
	a.turn(false)
}

// step lets everybody send a frame.
func (a *annex) step(key bool) {
	for _, c := range a.cams {
		for _, raw := range c.frame(key) {
			c.from.receiveRTP(raw, a.now)
		}
	}
	a.tick(frameEvery)
}

// showing is a routing that shows the n-th to both viewers, who hear all.
func (a *annex) showing(n int) *Routing {
	r := a.hall.showing(n)
	p := a.awayPair
	p.VideoFrom, p.AudioFrom = Feed{Source: a.cameras[n]}, Feed{Source: a.mics[n]}
	r.Views = append(r.Views, View{Key: "away", Pairs: []Pair{p}, Voices: []*Slot{a.awayVoice}})
	return r
}

// checkSame fails unless two slots were sent the same payloads, but for their
// running indices.
func checkSame(t *testing.T, here, away []rtp.Packet) {
	t.Helper()
	if len(here) == 0 || len(here) != len(away) {
		t.Fatalf("%d packets here, %d away", len(here), len(away))
	}
	for i := range here {
		if !bytes.Equal(here[i].Payload[6:], away[i].Payload[6:]) || here[i].Marker != away[i].Marker {
			t.Fatalf("packet %d is another one away", i)
		}
	}
}

// checkNothingCrosses fails unless all that led from worker to worker is gone.
func (a *annex) checkNothingCrosses(t *testing.T) {
	t.Helper()
	for name, w := range map[string]*Worker{"here": a.worker, "away": a.away.worker} {
		if len(w.mirrors) != 0 || len(w.stands) != 0 {
			t.Errorf("%s: %d mirrors of %d peers", name, len(w.mirrors), len(w.stands))
		}
	}
	for _, s := range append(a.cameras, a.mics...) {
		if len(s.exports) != 0 {
			t.Errorf("%s is exported still", s.ID)
		}
		for _, l := range s.layers {
			for _, sink := range l.sinks {
				if _, is := sink.(*export); is {
					t.Errorf("%s feeds another worker still", s.ID)
				}
			}
		}
	}
}
