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

	reported         bool
	now              report // that is believed: the earlier of the two that follow
	current, earlier report // the earliest of this window and of the one before
	began            time.Time
}

// report is what a sender report says: an RTP timestamp and the time of the same
// instant by the publisher's clock.
type report struct {
	rtp uint32
	ntp time.Time
}

// at is the publisher's time of an RTP timestamp by the report.
func (r report) at(timestamp, rate uint32) time.Time {
	return r.ntp.Add(duration(int64(int32(timestamp-r.rtp)), rate))
}

// reportWindow is how long a report counts. The clocks of a sound card and of
// its computer, 100 ppm apart, move 1 ms in it.
const reportWindow = 10 * time.Second

// reset is a difference of two reports from which on they are of clocks that
// were set anew.
const reset = 2 * time.Second

// NewStream is a layer's stream with its publisher's clock; rate is in ticks a second.
func NewStream(clock *Clock, rate uint32) *Stream { return &Stream{clock: clock, rate: rate} }

// On is the stream by a copy of its publisher's clock.
func (s Stream) On(clock *Clock) *Stream {
	s.clock = clock
	return &s
}

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
	if late >= 0 && late <= reset {
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
// same instant (RFC 3550 section 6.4.1), and when it arrived. Many senders count
// from when a packet left, not from when it was captured, and say too small a
// timestamp when it left late: the report with the earliest time is the best.
// A sender that has no clock says 0, which tells nothing.
func (s *Stream) Report(ntp uint64, rtp uint32, arrived time.Time) {
	if ntp == 0 {
		return
	}
	s.clock.Report(ntp, arrived)
	r := report{rtp, FromNTP(ntp)}
	switch {
	case !s.reported || r.ntp.Sub(s.now.at(rtp, s.rate)).Abs() > reset:
		s.reported, s.current, s.earlier, s.began = true, r, r, arrived
	case arrived.Sub(s.began) > reportWindow:
		s.earlier, s.current, s.began = s.current, r, arrived
	default:
		s.current = s.earliestOf(s.current, r)
	}
	s.now = s.earliestOf(s.earlier, s.current)
}

// earliestOf is the report by which timestamps have the earlier time; the newer
// one, b, if there is no difference.
func (s *Stream) earliestOf(a, b report) report {
	if a.at(b.rtp, s.rate).Before(b.ntp) {
		return a
	}
	return b
}

// Time is the server time of an RTP timestamp. It means nothing before the
// first Arrived or Report.
func (s *Stream) Time(timestamp uint32) time.Time {
	if s.reported {
		return s.clock.server(s.now.at(timestamp, s.rate))
	}
	return s.earliest.Add(duration(int64(int32(timestamp-s.first)), s.rate))
}
