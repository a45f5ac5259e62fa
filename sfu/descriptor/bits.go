package descriptor

import "math/bits"

// bitReader reads bits, the most significant first. Reading past the end gives
// zeros and leaves overrun set, so that a descriptor is read in one go and
// checked once.
type bitReader struct {
	data    []byte
	at      int // in bits
	overrun bool
}

// bits reads n bits, 0 to 32.
func (r *bitReader) bits(n int) uint32 {
	if n > len(r.data)*8-r.at {
		r.overrun = true
		r.at = len(r.data) * 8
		return 0
	}
	var v uint32
	for ; n > 0; n-- {
		v = v<<1 | uint32(r.data[r.at>>3]>>(7-r.at&7)&1)
		r.at++
	}
	return v
}

// flag reads one bit.
func (r *bitReader) flag() bool { return r.bits(1) == 1 }

// nonSymmetric reads a number below n, which is 1 to 33: ns(n) of the AV1
// bitstream specification §4.10.7.
func (r *bitReader) nonSymmetric(n int) int {
	width := bits.Len(uint(n))
	short := 1<<width - n // so many values take a bit less
	v := int(r.bits(width - 1))
	if v < short {
		return v
	}
	return v<<1 - short + int(r.bits(1))
}

// bitWriter appends bits, the most significant first.
type bitWriter struct {
	data []byte
	free int // bits of the last byte that are not written yet
}

// bits appends the low n bits of v, 0 to 32.
func (w *bitWriter) bits(v uint32, n int) {
	for n--; n >= 0; n-- {
		if w.free == 0 {
			w.data, w.free = append(w.data, 0), 8
		}
		w.free--
		w.data[len(w.data)-1] |= byte(v>>n&1) << w.free
	}
}

// copy appends the bits of r from where it is until end.
func (w *bitWriter) copy(r *bitReader, end int) {
	for r.at < end {
		n := min(32, end-r.at)
		w.bits(r.bits(n), n)
	}
}
