package sfu

import (
	"testing"
	"time"
)

// sight is how a watcher fared at a moment.
type sight struct {
	at       time.Duration
	estimate int
	rank     int // of the layer that it gets, −1 for none
	temporal uint8
	paused   bool
	queued   int    // bytes in the pacer
	left     [3]int // bytes so far: picture, repairs and probes, sound
	wait     time.Duration
	costs    [3]int // of each layer, on the way and with the sound, in bits per second
}

// look notes how the watcher fares.
func (w *watcher) look() {
	s := sight{
		at: w.show.passed(), estimate: w.endpoint.down.estimate.Target(), rank: w.video.fedRank(),
		temporal: w.video.wished[1], paused: w.video.state.Why == WhyBandwidth, left: w.left,
	}
	_, s.queued = w.endpoint.down.pacer.Queued()
	if n := len(w.down.waits); n > 0 {
		s.wait = w.down.waits[n-1]
	}
	sound := w.endpoint.voices(w.show.now)
	for i, l := range w.show.stage.camera.layers {
		s.costs[i] = l.cost(w.show.now) + sound
	}
	w.sights = append(w.sights, s)
}

// between are the sights from one time to another.
func (w *watcher) between(from, to time.Duration) []sight {
	var out []sight
	for _, s := range w.sights {
		if s.at >= from && s.at < to {
			out = append(out, s)
		}
	}
	return out
}

// reaches is when the watcher first has a layer from a time on.
func (w *watcher) reaches(rank int, from time.Duration) time.Duration {
	for _, s := range w.sights {
		if s.at >= from && s.rank == rank {
			return s.at
		}
	}
	return time.Hour
}

// lowest is the lowest layer that it had.
func (w *watcher) lowest(from, to time.Duration) int {
	rank := 9
	for _, s := range w.between(from, to) {
		rank = min(rank, s.rank)
	}
	return rank
}

// silence is the share of the packets of sound that did not come, whatever was
// repeated of them.
func (w *watcher) silence(from, to time.Duration) float64 {
	return w.share(from, to, func(s saying) bool { return !s.came })
}

// concealed is the share of sound that was to be made up, as it did not come in
// time, by itself or in a later packet.
func (w *watcher) concealed(from, to time.Duration) float64 {
	return w.share(from, to, func(s saying) bool { return !w.heard[s.stamp] })
}

func (w *watcher) share(from, to time.Duration, of func(saying) bool) float64 {
	all, some := 0, 0
	for _, s := range w.said {
		if s.at >= from && s.at < to {
			all++
			if of(s) {
				some++
			}
		}
	}
	return float64(some) / float64(max(all, 1))
}

// whole is the share of a layer's packets that came, between two numbers.
func (w *watcher) whole(e *encoder, from, to uint16) float64 {
	came := 0
	for n := from; n != to; n++ {
		if w.got[piece{e.height, n}] {
			came++
		}
	}
	return float64(came) / float64(max(to-from, 1))
}

// trace prints how a watcher fared.
func (w *watcher) trace(t *testing.T, from, to, every time.Duration) {
	var left [3]int
	for _, s := range w.between(from, to) {
		if s.at%every == 0 {
			t.Logf("%5.1fs estimate %5d layer %d t%d paused %-5v wait %3d queued %5d left %6d %6d %5d", s.at.Seconds(), s.estimate/1000,
				s.rank, s.temporal, s.paused, s.wait.Milliseconds(), s.queued, s.left[0]-left[0], s.left[1]-left[1], s.left[2]-left[2])
			left = s.left
		}
	}
	all, share, longest := w.decoder.freezes(from, to)
	t.Logf("freezes %v, %.1f %%, up to %v; %d keyframes; lost %d, dropped %d", all, 100*share, longest, len(w.decoder.keys), w.down.lost, w.down.dropped)
}
