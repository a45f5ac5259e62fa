package bwe

import (
	"math"
	"time"
)

const (
	// points is over how many groups the trend is taken: 0.4 s of dense packets.
	points = 20
	// fewPoints are too few for a trend.
	fewPoints = 5
	// leastGrowth is how much a queue must grow over the points to be said to.
	leastGrowth = 10 * time.Millisecond
	// noiseFactor is how often the noise it must be.
	noiseFactor = 3
	// leastNoise is what the noise starts from and never goes below.
	leastNoise = time.Millisecond
)

// trend fits a line to the newest queue delays: by how much the queue grew, and
// how noisy the delays are. In spirit it is libwebrtc's trendline; its threshold
// follows the noise itself rather than the trend.
type trend struct {
	at, queue [points]float64 // seconds, the newest at n-1
	n         int

	growth float64 // over the points, in seconds; negative: the queue drains
	noise  float64 // standard deviation from the line in the long run, in seconds
	fits   int
}

func (t *trend) add(at, queue time.Duration) {
	if t.n == points {
		copy(t.at[:], t.at[1:])
		copy(t.queue[:], t.queue[1:])
		t.n--
	}
	t.at[t.n], t.queue[t.n] = at.Seconds(), queue.Seconds()
	t.n++
	t.growth = 0
	if t.n >= fewPoints {
		t.fit()
	}
}

// fit is linear regression by least squares.
func (t *trend) fit() {
	n := float64(t.n)
	var x, y float64
	for i := range t.n {
		x += t.at[i]
		y += t.queue[i]
	}
	x, y = x/n, y/n
	var xx, xy, yy float64
	for i := range t.n {
		dx, dy := t.at[i]-x, t.queue[i]-y
		xx += dx * dx
		xy += dx * dy
		yy += dy * dy
	}
	if xx <= 0 {
		return
	}
	t.growth = xy / xx * (t.at[t.n-1] - t.at[0])
	t.learn(math.Sqrt(max(yy-xy*xy/xx, 0) / (n - 2)))
}

// learn follows the noise: fast at first, then over some five seconds. A single
// bad fit (the edge of a queue is not a line) moves it little.
func (t *trend) learn(deviation float64) {
	t.fits = min(t.fits+1, 200)
	least := leastNoise.Seconds()
	deviation = min(deviation, 2*t.noise+least)
	t.noise = max(least, t.noise+(deviation-t.noise)/float64(min(t.fits+4, 200)))
}

// threshold is the growth that is not noise.
func (t *trend) threshold() float64 { return max(leastGrowth.Seconds(), noiseFactor*t.noise) }

// least is the smallest of the delays at hand.
func (t *trend) least() time.Duration {
	if t.n == 0 {
		return 0
	}
	least := t.queue[0]
	for _, q := range t.queue[1:t.n] {
		least = min(least, q)
	}
	return time.Duration(least * float64(time.Second))
}

// lower takes the same from every delay.
func (t *trend) lower(by time.Duration) {
	for i := range t.n {
		t.queue[i] -= by.Seconds()
	}
}
