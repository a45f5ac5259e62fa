// Package red makes RED (RFC 2198) from plain Opus: each packet carries the ones
// before it again, so that a receiver that lost those hears them all the same.
// It also finds those in the RED that a sender made. No goroutines, no clock, no
// allocation.
package red

import "encoding/binary"

const (
	// MaxDistance is how many earlier packets one packet can carry again.
	MaxDistance = 2
	// MaxBytes is the largest payload that Build makes by adding redundancy: with
	// headers and SRTP it fits the 1,200 bytes that every path carries.
	MaxBytes = 1120

	// Limits of a redundant block (RFC 2198 section 3).
	maxBlock  = 1<<10 - 1
	maxOffset = 1<<14 - 1

	headerLen    = 4 // of a redundant block
	primaryLen   = 1 // of the primary's header
	moreFollow   = 1 << 31
	typeShift    = 24
	offsetShift  = 10
	typeMask     = 1<<7 - 1
	offsetOfNone = 0
)

// Packet is one Opus packet.
type Packet struct {
	Timestamp uint32 // RTP, 48 kHz
	Payload   []byte
}

// Build appends to dst the RED payload of primary, which is Opus of payload type
// pt, and of the packets sent before it: the newest first, at most [MaxDistance]
// of them. What does not fit is left out: a payload that is empty or longer than
// 1,023 bytes, one that is not 1 to 16,383 ticks older than the primary, one
// that would make the whole longer than [MaxBytes]. It allocates only if dst
// lacks the capacity, and keeps nothing.
func Build(dst []byte, pt uint8, primary Packet, previous ...Packet) []byte {
	var carried [MaxDistance]Packet
	n, size := 0, primaryLen+len(primary.Payload)
	for _, p := range previous[:min(len(previous), MaxDistance)] {
		grown := size + headerLen + len(p.Payload)
		if offset(primary, p) == offsetOfNone || len(p.Payload) == 0 || len(p.Payload) > maxBlock || grown > MaxBytes {
			continue
		}
		carried[n] = p
		n++
		size = grown
	}
	for i := n - 1; i >= 0; i-- {
		p := carried[i]
		dst = binary.BigEndian.AppendUint32(dst, moreFollow|uint32(pt&typeMask)<<typeShift|
			offset(primary, p)<<offsetShift|uint32(len(p.Payload)))
	}
	dst = append(dst, pt&typeMask)
	for i := n - 1; i >= 0; i-- {
		dst = append(dst, carried[i].Payload...)
	}
	return append(dst, primary.Payload...)
}

// offset is how far p lies before the primary, 0 if RED cannot say it.
func offset(primary, p Packet) uint32 {
	if d := primary.Timestamp - p.Timestamp; d <= maxOffset {
		return d
	}
	return offsetOfNone
}
