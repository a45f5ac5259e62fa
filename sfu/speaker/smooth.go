package speaker

import (
	"math"
	"time"
)

// toward moves a value toward a target that stands for d, by exponential
// smoothing with a time constant.
func toward(value, target float64, d, constant time.Duration) float64 {
	return target + (value-target)*math.Exp(-float64(d)/float64(constant))
}

const (
	// noiseWindow is the time in which a speaker pauses at least once.
	noiseWindow = 3 * time.Second
	// quietestNoise and loudestNoise bound what is taken for background, -65 and
	// -40 dBov: digital silence gives no head start, music is no noise.
	quietestNoise = 62
	loudestNoise  = 87
	// firstNoise stands until a member was heard for a window: -55 dBov.
	firstNoise = 72
)

// noise is a member's background: the least loudness of the last 3 to 6 s.
type noise struct {
	began         time.Time // of the current window
	current, past float64
}

func newNoise(now time.Time) noise {
	return noise{began: now, current: loudestNoise, past: firstNoise}
}

// heard takes one packet's loudness and returns the background's.
func (n *noise) heard(level float64, now time.Time) float64 {
	if now.Sub(n.began) >= noiseWindow {
		n.began, n.past, n.current = now, n.current, loudestNoise
	}
	n.current = min(n.current, max(level, quietestNoise))
	return min(n.current, n.past)
}
