package timeline

import "time"

// unnoticed is how far a mapping may move, or be ahead of time, before slots
// that follow it need to hear of it.
const unnoticed = 250 * time.Millisecond

// Stream maps one layer's RTP timestamps to server time.
type Stream struct {
	clock *Clock
	rate  uint32

	started  bool
	first    uint32        // RTP timestamp that arrival is counted from
	earliest time.Time     // server time of first, by the packet that was delayed least
	moved    time.Duration // by arrival, since it was last told

	reported bool
	rtp      uint32    // of the newest sender report
	ntp      time.Time // likewise, by the publisher's clock
}

// NewStream is a layer's stream with its publisher's clock; rate is in ticks a second.
func NewStream(clock *Clock, rate uint32) *Stream { return &Stream{clock: clock, rate: rate} }

// Arrived takes the timestamp of a packet and when it came, which counts until
// there is a sender report. It tells whether what was mapped before is void:
// the timestamps jumped, or run ahead of time.
func (s *Stream) Arrived(timestamp uint32, now time.Time) (void bool) {
	if s.reported {
		return s.Time(timestamp).Sub(now) > unnoticed
	}
	if !s.started {
		s.started, s.first, s.earliest = true, timestamp, now
		return false
	}
	elapsed := duration(int64(int32(timestamp-s.first)), s.rate)
	late := now.Sub(s.earliest) - elapsed
	if late >= 0 && late <= 2*time.Second {
		return false
	}
	// Either it was delayed less than any before, or the publisher's timestamps
	// jumped and what was known is void.
	s.first, s.earliest = timestamp, now
	if s.moved += late.Abs(); s.moved <= unnoticed {
		return false
	}
	s.moved = 0
	return true
}

// Report takes a sender report of the layer: RTP timestamp and NTP time of the
// same instant (RFC 3550 section 6.4.1), and when it arrived. A sender that has
// no clock says 0, which tells nothing.
func (s *Stream) Report(ntp uint64, rtp uint32, arrived time.Time) {
	if ntp == 0 {
		return
	}
	s.clock.Report(ntp, arrived)
	s.reported, s.rtp, s.ntp = true, rtp, FromNTP(ntp)
}

// Time is the server time of an RTP timestamp. It means nothing before the
// first Arrived or Report.
func (s *Stream) Time(timestamp uint32) time.Time {
	if s.reported {
		return s.clock.server(s.ntp.Add(duration(int64(int32(timestamp-s.rtp)), s.rate)))
	}
	return s.earliest.Add(duration(int64(int32(timestamp-s.first)), s.rate))
}
