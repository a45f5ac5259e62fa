package bwe

import "time"

const (
	// slice is the resolution of a meter.
	slice = 20 * time.Millisecond
	// kept is how many slices a meter keeps, a power of two: 1.28 s.
	kept = 64
	// rateWindow is over what a rate is measured: some fifteen frames.
	rateWindow = 500 * time.Millisecond
	// sentWindow is over what what is sent is told: a keyframe matters little.
	sentWindow = 1200 * time.Millisecond
	// leastWindow is the shortest time that a rate is told from.
	leastWindow = 100 * time.Millisecond
)

// meter measures a rate by a clock that may be anyone's: bytes in slices of
// time. Only full slices count, so the newest one does not yet.
type meter struct {
	bytes   [kept]uint32
	head    int64 // number of the newest slice
	first   int64 // number of the slice the measuring began in
	started bool
}

// add counts bytes at a time. A time far ahead of or behind all before begins
// anew: the clock jumped.
func (m *meter) add(at time.Duration, bytes int) {
	n := int64(at / slice)
	switch ahead := n - m.head; {
	case !m.started || ahead < -kept:
		*m = meter{started: true, head: n, first: n}
	case ahead >= kept: // a long pause: there was nothing, and that counts
		clear(m.bytes[:])
		m.head = n
		m.first = max(m.first, n-kept)
	case ahead > 0:
		for i := m.head + 1; i <= n; i++ {
			m.bytes[i&(kept-1)] = 0
		}
		m.head = n
	}
	m.bytes[n&(kept-1)] += uint32(max(bytes, 0))
}

// rate is the rate over the newest window, in bits per second; false as long as
// there is too little to tell.
func (m *meter) rate(window time.Duration) (float64, bool) {
	newest := time.Duration(m.head) * slice
	return m.between(newest-window, newest)
}

// between is the rate from one time to another, as far back as the meter reaches.
func (m *meter) between(from, to time.Duration) (float64, bool) {
	begin, end := max(int64((from+slice-1)/slice), m.first+1, m.head-kept+1), min(int64(to/slice), m.head)
	if !m.started || time.Duration(end-begin)*slice < leastWindow {
		return 0, false
	}
	sum := 0
	for i := begin; i < end; i++ {
		sum += int(m.bytes[i&(kept-1)])
	}
	return float64(sum*8) / (time.Duration(end-begin) * slice).Seconds(), true
}
