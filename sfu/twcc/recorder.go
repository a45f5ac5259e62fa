package twcc

import (
	"encoding/binary"
	"time"

	"github.com/pion/rtcp"

	"madang/sfu/rtpview"
)

const (
	// remembered is how long an arrival may be told again, where a packet comes
	// that was told to be missing before it.
	remembered = 500 * time.Millisecond
	// The ring grows from leastArrivals to mostArrivals numbers.
	leastArrivals, mostArrivals = 64, 1 << 13
	// mostStatuses is how many packets one feedback speaks of, so that it fits any
	// path.
	mostStatuses = 300
	// tick is the unit of a delta, and reference that of a feedback's time.
	tick, reference = 250 * time.Microsecond, 64 * time.Millisecond
)

// Recorder notes when packets came, and says it to their sender. What it says is
// what pion's twcc.Recorder would, from storage that is used again. The zero value
// is ready. One goroutine owns it.
type Recorder struct {
	numbers     rtpview.Unwrapper
	started     bool
	epoch       time.Time       // when the first packet came
	first, last int64           // numbers that are remembered, last not among them
	told        int64           // before this all was told
	held        int             // arrivals that were not told
	arrivals    []time.Duration // by number, a power of two; −1: has not come
	media       uint32          // SSRC of the newest packet
	count       uint8           // of feedback so far
	symbols     []uint16        // scratch
}

// never marks a packet that has not come.
const never time.Duration = -1

// Record notes a packet with that SSRC and transport-wide number that came now.
func (r *Recorder) Record(ssrc uint32, number uint16, now time.Time) {
	sequence := r.numbers.Unwrap(number)
	r.media = ssrc
	if !r.started {
		r.started, r.epoch, r.first, r.last, r.told = true, now, sequence, sequence, sequence
	}
	at := max(now.Sub(r.epoch), 0)
	if sequence >= r.told {
		r.forget(at - remembered)
	}
	if !r.cover(sequence) {
		return
	}
	r.told = min(r.told, sequence) // and all since again
	if arrival := r.arrival(sequence); *arrival == never {
		*arrival = at
		r.held++
	}
}

// Held is how many arrivals wait to be told.
func (r *Recorder) Held() int { return r.held }

func (r *Recorder) arrival(sequence int64) *time.Duration {
	return &r.arrivals[sequence&int64(len(r.arrivals)-1)]
}

// forget lets go of what was told and came before a time.
func (r *Recorder) forget(before time.Duration) {
	for r.first < min(r.told, r.last) && *r.arrival(r.first) < before {
		r.first++
	}
}

// cover makes room for a number; false: it is too old.
func (r *Recorder) cover(sequence int64) bool {
	if sequence <= r.last-mostArrivals {
		return false
	}
	if sequence-mostArrivals >= r.first { // the oldest make room
		r.first = sequence - mostArrivals + 1
		r.last = max(r.last, r.first)
		r.told = max(r.told, r.first)
	}
	first, last := min(r.first, sequence), max(r.last, sequence+1)
	if last-first > int64(len(r.arrivals)) {
		r.grow(last - first)
	}
	for ; r.first > first; r.first-- {
		*r.arrival(r.first - 1) = never
	}
	for ; r.last < last; r.last++ {
		*r.arrival(r.last) = never
	}
	return true
}

// grow makes the ring wide enough for so many numbers.
func (r *Recorder) grow(numbers int64) {
	size := max(leastArrivals, len(r.arrivals))
	for int64(size) < numbers {
		size *= 2
	}
	old := *r
	r.arrivals = make([]time.Duration, size)
	for sequence := r.first; sequence < r.last; sequence++ {
		*r.arrival(sequence) = *old.arrival(sequence)
	}
}

// Append appends one feedback packet from a sender with that SSRC, about what has
// not been told; nothing if all was. As long as Held is not 0 there is more.
func (r *Recorder) Append(dst []byte, sender uint32) []byte {
	next := r.next(r.told)
	if next == r.last {
		r.told, r.held = r.last, 0
		return dst
	}
	r.told = max(r.told, next-mostStatuses+1) // it goes with what is missing before it
	start, base, begun := len(dst), r.told, *r.arrival(next)/reference
	dst = append(dst, make([]byte, fixedLen)...)
	dst = r.appendStatuses(dst, begun*reference)
	header := dst[start:]
	binary.BigEndian.PutUint32(header[4:], sender)
	binary.BigEndian.PutUint32(header[8:], r.media)
	binary.BigEndian.PutUint16(header[12:], uint16(base))
	binary.BigEndian.PutUint16(header[14:], uint16(len(r.symbols)))
	binary.BigEndian.PutUint32(header[16:], uint32(begun)<<8|uint32(r.count))
	r.count++
	header[0] = 2<<6 | rtcp.FormatTCC
	if short := -len(header) & 3; short > 0 { // padded, as RFC 3550 section 6.4.1 says
		header[0] |= 0x20
		dst = append(dst, 0, 0, 0)[:len(dst)+short]
		dst[len(dst)-1] = byte(short)
	}
	dst[start+1] = byte(rtcp.TypeTransportSpecificFeedback)
	binary.BigEndian.PutUint16(dst[start+2:], uint16((len(dst)-start)/4-1))
	return dst
}

// next is the next number from one on that came, last if there is none.
func (r *Recorder) next(sequence int64) int64 {
	for sequence < r.last && *r.arrival(sequence) == never {
		sequence++
	}
	return sequence
}

// appendStatuses appends chunks and deltas of what one feedback can tell.
func (r *Recorder) appendStatuses(dst []byte, clock time.Duration) []byte {
	var room [2 * mostStatuses]byte
	deltas := room[:0]
	r.symbols = r.symbols[:0]
	for next := r.next(r.told); next < r.last; next = r.next(r.told) {
		delta := (*r.arrival(next) - clock) / tick
		if next-r.told+int64(len(r.symbols)) >= mostStatuses || delta != time.Duration(int16(delta)) {
			return append(appendChunks(dst, r.symbols), deltas...)
		}
		for ; r.told < next; r.told++ {
			r.symbols = append(r.symbols, rtcp.TypeTCCPacketNotReceived)
		}
		r.told++
		clock += delta * tick
		if delta >= 0 && delta <= 255 {
			r.symbols = append(r.symbols, rtcp.TypeTCCPacketReceivedSmallDelta)
			deltas = append(deltas, byte(delta))
		} else {
			r.symbols = append(r.symbols, rtcp.TypeTCCPacketReceivedLargeDelta)
			deltas = binary.BigEndian.AppendUint16(deltas, uint16(delta))
		}
	}
	r.told, r.held = r.last, 0
	return append(appendChunks(dst, r.symbols), deltas...)
}

// appendChunks appends what became of packets: a run of one kind, or seven of any.
func appendChunks(dst []byte, symbols []uint16) []byte {
	const vector, twoBits, each = 1 << 15, 1 << 14, 7
	for len(symbols) > 0 {
		n := 1
		for n < len(symbols) && symbols[n] == symbols[0] {
			n++
		}
		if n >= each || n == len(symbols) {
			dst = binary.BigEndian.AppendUint16(dst, symbols[0]<<13|uint16(n))
			symbols = symbols[n:]
			continue
		}
		chunk := uint16(vector | twoBits)
		for i, symbol := range symbols[:min(each, len(symbols))] {
			chunk |= symbol << (2 * (each - 1 - i))
		}
		dst = binary.BigEndian.AppendUint16(dst, chunk)
		symbols = symbols[min(each, len(symbols)):]
	}
	return dst
}
