package codec

// bitReader reads bits, the most significant first. Reading past the end gives
// zeros and leaves overrun set, so that a header is read in one go and checked
// once.
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

// skip passes over n bits.
func (r *bitReader) skip(n int) {
	if n > len(r.data)*8-r.at {
		r.overrun = true
		r.at = len(r.data) * 8
		return
	}
	r.at += n
}

// golomb reads an unsigned Exp-Golomb number: ue(v) of H.264, uvlc of AV1.
func (r *bitReader) golomb() uint32 {
	zeros := 0
	for !r.flag() {
		if zeros++; zeros > 31 || r.overrun {
			r.overrun = true
			return 0
		}
	}
	return 1<<zeros - 1 + r.bits(zeros)
}

// signedGolomb reads se(v) of H.264.
func (r *bitReader) signedGolomb() int32 {
	v := r.golomb()
	if v&1 == 1 {
		return int32(v>>1) + 1
	}
	return -int32(v >> 1)
}
