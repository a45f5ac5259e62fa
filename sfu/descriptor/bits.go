package descriptor

import "madang/sfu/bitstream"

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
func (w *bitWriter) copy(r *bitstream.Reader, end int) {
	for r.At < end {
		n := min(32, end-r.At)
		w.bits(r.Bits(n), n)
	}
}
