package red

import (
	"math"
	"time"
)

// smoothing is the time constant of the loss: a few reports, so that one burst
// is no reason to double the audio of a link that may be thin.
const smoothing = 2 * time.Second

// steps are the losses, smoothed, above which the distance is reached after
// rise, and below which it is left after fall. Of random losses of 5, 10 and 20 %
// distance 1 leaves 0.3, 1 and 4 % unheard, distance 2 0.01, 0.1 and 0.8 %; losses
// in bursts want it all the more, and speech costs little beside a picture.
var steps = [MaxDistance]struct{ above, below float64 }{
	{above: 0.02, below: 0.01},
	{above: 0.035, below: 0.02},
}

const (
	rise = time.Second
	fall = 10 * time.Second
)

// Policy decides how many earlier packets the audio for one subscriber carries
// again, from what it loses. Redundancy takes bandwidth: off while loss is rare,
// soon on, slowly off. The zero value is ready and off. One goroutine owns it.
type Policy struct {
	distance int
	loss     float64
	at       time.Time // of the newest report
	since    time.Time // when the loss began to call for another distance
	toward   int       // that distance
}

// Lost says that a fraction (0 to 1) of what the subscriber was sent since the
// last call was lost. Calls every 50 ms to 5 s are fine.
func (p *Policy) Lost(fraction float64, now time.Time) {
	if !(fraction > 0) { // nor a number at all, of none in none
		fraction = 0
	}
	fraction = min(fraction, 1)
	if p.at.IsZero() {
		p.at, p.since = now, now
	}
	p.loss = fraction + (p.loss-fraction)*math.Exp(-now.Sub(p.at).Seconds()/smoothing.Seconds())
	p.at = now
	p.decide(now)
}

// decide changes the distance when the loss has called for it long enough.
func (p *Policy) decide(now time.Time) {
	toward, after := p.distance, rise
	switch {
	case p.distance < MaxDistance && p.loss > steps[p.distance].above:
		toward++
	case p.distance > 0 && p.loss < steps[p.distance-1].below:
		toward--
		after = fall
	}
	if toward != p.toward {
		p.toward, p.since = toward, now
	}
	if toward != p.distance && now.Sub(p.since) >= after {
		p.distance, p.since = toward, now
	}
}

// Distance is how many earlier packets each packet should carry again, 0 to
// [MaxDistance].
func (p *Policy) Distance() int { return p.distance }
