// Package rate measures the bitrate of a stream. It reads no clock: time is an
// argument.
package rate

import "time"

const (
	// bucket is the grain of the measurement: what came in it counts when it is over.
	bucket = 50 * time.Millisecond
	// second is how many buckets make the window that one figure is about.
	second = int64(time.Second / bucket)
	// seconds is how many such windows are looked at.
	seconds = 4
	// buckets is how many are kept: those of the windows and the current one.
	buckets = seconds*second + 1
	// atLeast is the least number of buckets that a young stream's bytes are
	// spread over: the first frame alone says nothing.
	atLeast = second / 2
	// layers is how many temporal layers are told apart.
	layers = 8
)

// Meter measures one stream, in all and up to each of its temporal layers.
//
// Its figure is the median of the last four whole seconds, each a sliding sum.
// So a keyframe, which makes one second heavy, does not move it; keyframes that
// come every second or two do, by their share; and a lasting change shows by
// half after two seconds and fully after three. A stream that is younger is
// measured by the seconds it has, and within its first by the time since its
// first packet (half a second at least): too high rather than too low, since it
// begins with a keyframe.
//
// After four seconds without a packet, or a Restart, a stream is young again.
//
// The zero value is ready. No method allocates. One goroutine owns it.
type Meter struct {
	began, last time.Time
	head        int64 // index of the current bucket, counted from began
	bytes       [buckets][layers]uint32
	sums        [seconds][layers]int // of whole buckets, the newest second first
	bits        [layers]int          // the figures, up to each temporal layer
	stale       bool                 // bits are not those of sums
}

// Add counts a media packet of a number of bytes in a temporal layer (0 to 7).
func (m *Meter) Add(bytes int, temporal uint8, now time.Time) {
	if m.began.IsZero() || now.Sub(m.last) >= seconds*time.Second {
		m.Restart(now)
	}
	m.advance(now)
	m.last = now
	m.bytes[m.head%buckets][min(temporal, layers-1)] += uint32(max(bytes, 0))
}

// Restart forgets everything: the stream begins now. For a layer that its
// publisher switched on again, whose silence says nothing about its rate.
func (m *Meter) Restart(now time.Time) { *m = Meter{began: now, last: now} }

// Bits is the bitrate in all, in bits per second; 0 before the first packet.
func (m *Meter) Bits(now time.Time) int { return m.BitsUpTo(layers-1, now) }

// BitsUpTo is the bitrate of a temporal layer (0 to 7) and of all below it, in
// bits per second.
func (m *Meter) BitsUpTo(temporal uint8, now time.Time) int {
	if m.began.IsZero() {
		return 0
	}
	m.advance(now)
	if m.stale {
		m.settle()
	}
	return m.bits[min(temporal, layers-1)]
}

// Since is the time since the last packet, 0 before the first.
func (m *Meter) Since(now time.Time) time.Duration {
	if m.began.IsZero() {
		return 0
	}
	return max(now.Sub(m.last), 0)
}

// advance makes the bucket of a time the current one. A time before that
// counts as the current.
func (m *Meter) advance(now time.Time) {
	to := int64(now.Sub(m.began) / bucket)
	if to-m.head > buckets {
		m.bytes, m.sums = [buckets][layers]uint32{}, [seconds][layers]int{}
		m.head, m.stale = to, true
	}
	for m.head < to {
		m.turn()
	}
}

// turn ends the current bucket: it enters the newest second, and what leaves
// one second enters the next.
func (m *Meter) turn() {
	for t := range layers {
		for s := range int64(seconds) {
			m.sums[s][t] += int(m.at(m.head - s*second)[t])
			m.sums[s][t] -= int(m.at(m.head - (s+1)*second)[t])
		}
	}
	m.head++
	m.bytes[m.head%buckets] = [layers]uint32{}
	m.stale = true
}

// at is one of the buckets that are kept, an empty one from before the stream.
func (m *Meter) at(i int64) *[layers]uint32 { return &m.bytes[(i+buckets)%buckets] }

// settle works out the figures. They stand until the current bucket is over.
func (m *Meter) settle() {
	m.stale = false
	var up [seconds]int // bytes in each second, up to the layer
	for t := range layers {
		for s := range seconds {
			up[s] += m.sums[s][t]
		}
		if whole := m.head / second; whole > 0 {
			m.bits[t] = 8 * median(up, int(min(whole, seconds)))
		} else {
			m.bits[t] = 8 * up[0] * int(second) / int(max(m.head, atLeast))
		}
	}
}

// median is that of the first n values.
func median(v [seconds]int, n int) int {
	for i := 1; i < n; i++ {
		for j := i; j > 0 && v[j] < v[j-1]; j-- {
			v[j], v[j-1] = v[j-1], v[j]
		}
	}
	return (v[(n-1)/2] + v[n/2]) / 2
}
