package pacer

import "time"

// Config says how a pacer balances the wait of video here against the queue
// that it would build in the network, where audio stands in it too. See
// [DefaultConfig] for what is good.
type Config struct {
	// Pace is the rate of sending when something waits, as a multiple of the
	// estimate. Above 1, or a queue would stay.
	Pace float64
	// Burst is how much may leave at once, as time on the link at the pace, and
	// BurstBytes how much at least.
	Burst      time.Duration
	BurstBytes int
	// Wait is the longest that a packet waits. The pace rises to keep it, up to
	// TopPace; what would not be sent in time even so is refused.
	Wait    time.Duration
	TopPace float64
	// MinBytes are always accepted: a keyframe of the smallest layers.
	MinBytes int
	// Bytes and Packets bound the queue at any rate.
	Bytes, Packets int
}

// DefaultConfig suits links from 100 kbit/s up.
func DefaultConfig() Config {
	return Config{
		Pace: 1.1, Burst: 50 * time.Millisecond, BurstBytes: 4800,
		Wait: 800 * time.Millisecond, TopPace: 2,
		MinBytes: 64 << 10, Bytes: 512 << 10, Packets: 1000,
	}
}
