package timeline

import "time"

// Stream maps one layer's RTP timestamps to server time.
type Stream struct {
	clock *Clock
	rate  uint32

	started  bool
	first    uint32    // RTP timestamp that arrival is counted from
	earliest time.Time // server time of first, by the packet that was delayed least

	reported bool
	rtp      uint32    // of the newest sender report
	ntp      time.Time // likewise, by the publisher's clock
}

// NewStream is a layer's stream with its publisher's clock; rate is in ticks a second.
func NewStream(clock *Clock, rate uint32) *Stream { return &Stream{clock: clock, rate: rate} }

// Arrived takes the timestamp of a packet and when it came. It counts until
// there is a sender report.
func (s *Stream) Arrived(timestamp uint32, now time.Time) {
	if s.reported {
		return
	}
	if !s.started {
		s.started, s.first, s.earliest = true, timestamp, now
		return
	}
	elapsed := duration(int64(int32(timestamp-s.first)), s.rate)
	if origin := now.Add(-elapsed); origin.Before(s.earliest) || now.Sub(s.earliest)-elapsed > 2*time.Second {
		// Either it was delayed less than any before, or the publisher's
		// timestamps jumped and what was known is void.
		s.first, s.earliest = timestamp, now
	}
}

// Report takes a sender report of the layer: RTP timestamp and NTP time of the
// same instant (RFC 3550 section 6.4.1), and when it arrived.
func (s *Stream) Report(ntp uint64, rtp uint32, arrived time.Time) {
	s.clock.Report(ntp, arrived)
	s.reported, s.rtp, s.ntp = true, rtp, FromNTP(ntp)
}

// Reported tells whether the stream follows sender reports.
func (s *Stream) Reported() bool { return s.reported }

// Time is the server time of an RTP timestamp. It means nothing before the
// first Arrived or Report.
func (s *Stream) Time(timestamp uint32) time.Time {
	if s.reported {
		return s.clock.server(s.ntp.Add(duration(int64(int32(timestamp-s.rtp)), s.rate)))
	}
	return s.earliest.Add(duration(int64(int32(timestamp-s.first)), s.rate))
}
