package nack

import (
	"time"

	"github.com/pion/rtcp"
)

const (
	// maxDropout is how far ahead a packet may be and still count as a gap
	// (RFC 3550 A.1).
	maxDropout = 3000
	// maxSwing is the difference of two transit times, in seconds, from which on
	// the timestamps were set anew, which is no jitter.
	maxSwing = 5
	// maxTotalLost and minTotalLost bound the 24 bit signed count of a report.
	maxTotalLost = 1<<23 - 1
	minTotalLost = -1 << 23
)

// Reception keeps the figures of a receiver report on one stream (RFC 3550
// section 6.4.1). Show it every packet of the stream itself and none that came
// by RTX: a report tells what the network lost, repaired or not (RFC 4588
// section 6). One goroutine owns it.
type Reception struct {
	clockRate int64
	started   bool
	epoch     time.Time

	base, highest int64 // extended sequence numbers
	suspect       bool
	behind        int64
	received      int64

	expectedBefore, receivedBefore int64 // at the last report

	transit int64 // of the latest packet, in ticks of the RTP clock
	jitter  int64 // in 1/16 ticks

	senderReport   uint32 // the middle 32 bits of its NTP time
	senderReportAt time.Time
}

// NewReception makes the figures of a stream whose RTP clock runs at clockRate Hz.
func NewReception(clockRate uint32) *Reception { return &Reception{clockRate: int64(clockRate)} }

// Received takes one packet, duplicates included.
func (r *Reception) Received(seq uint16, timestamp uint32, now time.Time) {
	if !r.started {
		r.started, r.epoch = true, now
		r.restart(int64(seq))
		r.transit = r.elapsed(now) - int64(timestamp)
		r.received = 1
		return
	}
	if !r.count(seq) {
		return
	}
	r.received++
	transit := r.elapsed(now) - int64(timestamp)
	// The difference of two transit times is right across the timestamp's wrap.
	d := int64(int32(transit - r.transit))
	r.transit = transit
	if d = max(d, -d); d < maxSwing*r.clockRate {
		r.jitter += d - (r.jitter+8)>>4 // RFC 3550 A.8
	}
}

// count updates the run of sequence numbers by the rules of RFC 3550 A.1 and
// tells whether the packet counts.
func (r *Reception) count(seq uint16) bool {
	ext := r.highest + int64(int16(seq-uint16(r.highest)))
	switch ahead := ext - r.highest; {
	case ahead > maxDropout || ahead < -maxMisorder:
		again := r.suspect && ext == r.behind
		r.suspect, r.behind = true, ext+1
		if !again {
			return false
		}
		r.restart(ext)
	case ahead > 0:
		r.suspect = false
		r.highest = ext
	}
	return true
}

func (r *Reception) restart(ext int64) {
	r.base, r.highest = ext, ext
	r.received, r.expectedBefore, r.receivedBefore = 0, 0, 0
	r.suspect = false
}

// elapsed is the time of arrival in ticks of the RTP clock, from any start.
func (r *Reception) elapsed(now time.Time) int64 {
	d := now.Sub(r.epoch)
	return int64(d/time.Second)*r.clockRate + int64(d%time.Second)*r.clockRate/int64(time.Second)
}

// SenderReport takes the NTP time of a sender report on the stream, for the
// sender to measure its round trip.
func (r *Reception) SenderReport(ntp uint64, now time.Time) {
	r.senderReport, r.senderReportAt = uint32(ntp>>16), now
}

// Report is the report block to send now, for the stream of this SSRC; false
// before the first packet. Its fraction lost is since the previous Report.
func (r *Reception) Report(ssrc uint32, now time.Time) (rtcp.ReceptionReport, bool) {
	if !r.started {
		return rtcp.ReceptionReport{}, false
	}
	expected := r.highest - r.base + 1
	lost := min(max(expected-r.received, minTotalLost), maxTotalLost)
	report := rtcp.ReceptionReport{
		SSRC:               ssrc,
		FractionLost:       fraction(expected-r.expectedBefore, r.received-r.receivedBefore),
		TotalLost:          uint32(lost) & 0xFFFFFF,
		LastSequenceNumber: uint32(r.highest),
		Jitter:             uint32(r.jitter >> 4),
	}
	r.expectedBefore, r.receivedBefore = expected, r.received
	if !r.senderReportAt.IsZero() {
		report.LastSenderReport = r.senderReport
		report.Delay = uint32(now.Sub(r.senderReportAt) * 65536 / time.Second)
	}
	return report, true
}

// fraction is the share of packets lost, in 1/256; duplicates can hide losses
// but not make the share negative.
func fraction(expected, received int64) uint8 {
	if lost := expected - received; expected > 0 && lost > 0 {
		return uint8(min(lost*256/expected, 255))
	}
	return 0
}
