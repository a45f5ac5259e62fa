// Package timeline maps every publisher's clock onto the server's, and the
// server's onto the RTP clock of each slot, so that lips stay in sync whatever
// feeds a slot. It does no I/O and reads no clock.
//
//	layer's RTP timestamp --Stream--> server time --Line--> slot's RTP timestamp
//
// A [Stream] follows its layer's sender reports once there is one, and arrival
// until then. All streams of one publisher share one [Clock], so that an error
// in guessing its offset moves microphone and camera together. A [Line] never
// changes. None of the types is safe for concurrent use.
package timeline

import "time"

// ntpEpoch is 1 January 1900, where NTP timestamps begin (RFC 5905 section 6).
var ntpEpoch = time.Date(1900, 1, 1, 0, 0, 0, 0, time.UTC)

// ToNTP is t as a 64-bit NTP timestamp: seconds, then 2^-32 fractions.
func ToNTP(t time.Time) uint64 {
	since := t.Sub(ntpEpoch)
	// A Duration spans 292 years: enough until 2192.
	seconds := uint64(since / time.Second)
	rest := uint64(since % time.Second)
	return seconds<<32 | rest<<32/uint64(time.Second)
}

// FromNTP is the inverse of [ToNTP], to the nearest nanosecond below. The
// seconds wrap around in 2036; those without their highest bit are taken to be
// after that (RFC 4330 section 3).
func FromNTP(ntp uint64) time.Time {
	seconds := time.Duration(ntp>>32) * time.Second
	if ntp>>63 == 0 {
		seconds += 1 << 32 * time.Second
	}
	rest := time.Duration((ntp & 0xffffffff) * uint64(time.Second) >> 32)
	return ntpEpoch.Add(seconds + rest)
}

// Line is a slot's RTP clock: one straight line against the server's clock.
type Line struct {
	origin time.Time
	base   uint32
	rate   uint32 // ticks a second
}

// NewLine starts a line at a time with a timestamp, which RFC 3550 section 5.1
// wants random. rate is in ticks a second.
func NewLine(origin time.Time, base, rate uint32) Line {
	return Line{origin: origin, base: base, rate: rate}
}

// At is the slot's RTP timestamp at a server time.
func (l Line) At(t time.Time) uint32 { return l.base + ticks(t.Sub(l.origin), l.rate) }

// Rate is the line's ticks a second.
func (l Line) Rate() uint32 { return l.rate }

// ticks counts the ticks in d, modulo 2^32, for negative d too.
func ticks(d time.Duration, rate uint32) uint32 {
	seconds, rest := d/time.Second, d%time.Second
	return uint32(int64(seconds)*int64(rate) + int64(rest)*int64(rate)/int64(time.Second))
}

// duration is how long n ticks last.
func duration(n int64, rate uint32) time.Duration {
	r := int64(rate)
	return time.Duration(n/r)*time.Second + time.Duration(n%r*int64(time.Second)/r)
}
