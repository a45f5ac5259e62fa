package sfu

import (
	"time"

	"madang/sfu/quality"
)

// gradeEvery is how often members are graded.
const gradeEvery = time.Second

// What says nothing of a link before some time has passed.
const (
	// steadyAfter is how long a peer is connected before it is graded, and an
	// estimate falls short of what is wanted before that says something.
	steadyAfter = 6 * time.Second
	// rampedUp is how long a browser that is asked for a layer may take to send it
	// for good: its own estimate grows from a few hundred kbit/s.
	rampedUp = 12 * time.Second
)

// grade grades everybody in the room.
func (g *wing) grade(now time.Time) {
	if now.Sub(g.gradedAt) < gradeEvery || g.applied == nil {
		return
	}
	g.gradedAt = now
	for i := range g.applied.Views {
		v := &g.applied.Views[i]
		e := v.endpoint()
		if e == nil || e.path == nil || now.Sub(e.connectedAt) < steadyAfter {
			continue
		}
		verdict, changed := e.grader.Update(e.facts(now), now)
		if changed {
			g.report()
			g.graded = append(g.graded, Quality{
				Key: v.Key, Up: uint8(verdict.Up), Down: uint8(verdict.Down), Cause: Cause(verdict.Why),
			})
		}
	}
}

// endpoint is whose view it is, nil if nothing of it was negotiated.
func (v *View) endpoint() *endpoint {
	for _, s := range v.Self {
		return s.from
	}
	for _, p := range v.Pairs {
		return p.Video.to
	}
	for _, s := range v.Voices {
		return s.to
	}
	return nil
}

// facts is what is known of a peer's links now.
func (e *endpoint) facts(now time.Time) quality.Facts {
	f := quality.Facts{RTT: e.rtt, Server: e.worker.load}
	for _, s := range e.sources {
		for _, l := range s.layers {
			f.Up.Loss = max(f.Up.Loss, float64(l.lost)/256)
			f.Up.Jitter = max(f.Up.Jitter, l.jitter)
			if s.wants.on&(1<<l.rank) != 0 && now.Sub(s.wants.since) > rampedUp {
				f.Up.Wanted++
				if l.live {
					f.Up.Sent++
				}
			}
		}
	}
	d := &e.down
	for _, s := range e.slots {
		if s.Media == Audio && s.current != nil {
			f.Down.Loss = max(f.Down.Loss, float64(s.missed)/256)
		}
	}
	f.Down.Queue = d.estimate.QueueDelay() + d.pacer.Delay(now)
	f.Down.Tiles = len(d.asks)
	if now.Sub(d.sated) < steadyAfter {
		return f // it was just asked for more than before, and the estimate may still grow
	}
	for _, c := range d.result.Choices {
		if c.Paused {
			f.Down.Paused++
		}
	}
	if d.transport != 0 {
		f.Down.Estimate, f.Down.Wanted = d.estimate.Target(), d.result.Wanted
	}
	return f
}

// weigh measures how the worker copes, once a second.
func (w *Worker) weigh(now time.Time) {
	if now.Sub(w.weighedAt) < gradeEvery {
		return
	}
	in, dropped := w.counts.packetsIn.Load(), w.counts.dropInbox.Load()
	came, lost := in-w.weighedIn, dropped-w.weighedDropped
	w.weighedAt, w.weighedIn, w.weighedDropped = now, in, dropped
	w.load = quality.Load{Dropped: float64(lost) / float64(max(came+lost, 1))}
}
