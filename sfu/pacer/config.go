package pacer

import "time"

// Config says how a pacer balances the wait of video here against the queue
// that it would build in the network, where audio stands in it too. See
// [DefaultConfig] for what is good.
type Config struct {
	// Pace is the rate of sending when something waits, as a multiple of the
	// estimate. What is allocated must stay below it, or a queue stays.
	Pace float64
	// Burst is how much may leave at once, as time on the link at the pace, and
	// BurstBytes how much at least.
	Burst      time.Duration
	BurstBytes int
	// Wait is the longest that a packet waits. The pace rises to keep it, up to
	// TopPace times the estimate; what that would not send in time is refused.
	Wait    time.Duration
	TopPace float64
	// MinBytes may wait at any rate: a keyframe of the smallest layers.
	MinBytes int
	// Bytes and Packets bound the queue.
	Bytes, Packets int
	// Overhead is the bytes that every packet grows by on its way to the link.
	Overhead int
}

// DefaultConfig sends at the estimate and not, as is usual, at 2.5 times it. The
// bottleneck carries a keyframe no faster for being given it sooner: at 600
// kbit/s one of 60 KB takes 0.82 s instead of 0.86, but audio then waits 0.72 s
// behind it instead of 0.06. Where the estimate is far too low, a keyframe takes
// up to Wait longer than it had to, until probes mend the estimate.
func DefaultConfig() Config {
	return Config{
		Pace: 1, Burst: 50 * time.Millisecond, BurstBytes: 2400,
		Wait: 800 * time.Millisecond, TopPace: 2,
		MinBytes: 64 << 10, Bytes: 512 << 10, Packets: 1000,
	}
}
