// Package bitstream reads the bits of codec headers and header extensions. No
// allocation; it never reads outside its bytes.
package bitstream

import "math/bits"

// Reader reads bits, the most significant first. Reading past the end gives
// zeros and leaves Overrun set, so that a header is read in one go and checked
// once.
type Reader struct {
	Data    []byte
	At      int  // in bits
	Overrun bool // it was read past the end
}

// Bits reads n bits, 0 to 32.
func (r *Reader) Bits(n int) uint32 {
	if n > len(r.Data)*8-r.At {
		r.Overrun = true
		r.At = len(r.Data) * 8
		return 0
	}
	var v uint32
	for ; n > 0; n-- {
		v = v<<1 | uint32(r.Data[r.At>>3]>>(7-r.At&7)&1)
		r.At++
	}
	return v
}

// Flag reads one bit.
func (r *Reader) Flag() bool { return r.Bits(1) == 1 }

// Skip passes over n bits.
func (r *Reader) Skip(n int) {
	if n > len(r.Data)*8-r.At {
		r.Overrun = true
		r.At = len(r.Data) * 8
		return
	}
	r.At += n
}

// Golomb reads an unsigned Exp-Golomb number: ue(v) of H.264, uvlc of AV1.
func (r *Reader) Golomb() uint32 {
	zeros := 0
	for !r.Flag() {
		if zeros++; zeros > 31 || r.Overrun {
			r.Overrun = true
			return 0
		}
	}
	return 1<<zeros - 1 + r.Bits(zeros)
}

// SignedGolomb reads se(v) of H.264.
func (r *Reader) SignedGolomb() int32 {
	v := r.Golomb()
	if v&1 == 1 {
		return int32(v>>1) + 1
	}
	return -int32(v >> 1)
}

// NonSymmetric reads a number below n, which is 1 to 33: ns(n) of the AV1
// bitstream specification §4.10.7.
func (r *Reader) NonSymmetric(n int) int {
	width := bits.Len(uint(n))
	short := 1<<width - n // so many values take a bit less
	v := int(r.Bits(width - 1))
	if v < short {
		return v
	}
	return v<<1 - short + int(r.Bits(1))
}
