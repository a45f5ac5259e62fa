package srtp

// windowSize is how far behind the highest index a packet may come, in packets:
// reordering of a burst at 50 Mbit/s fits. RFC 3711 section 3.3.2 asks for 64.
const windowSize = 1024

// window remembers which of the latest indices came.
type window [windowSize / 64]uint64

// has tells whether an index came, or is too old to tell.
func (w *window) has(highest, index uint64) bool {
	if index > highest {
		return false
	}
	return highest-index >= windowSize || w[index/64%uint64(len(w))]>>(index%64)&1 == 1
}

// add notes an index that has not come before. Those that fall out of the
// window make room.
func (w *window) add(highest, index uint64) {
	if index > highest+windowSize {
		clear(w[:])
	} else {
		for i := highest + 1; i < index; i++ {
			w[i/64%uint64(len(w))] &^= 1 << (i % 64)
		}
	}
	w[index/64%uint64(len(w))] |= 1 << (index % 64)
}

// guess is the index of a sequence number: the one closest to the highest so
// far (RFC 3711 section 3.3.1, appendix A).
func guess(highest uint64, sequence uint16) uint64 {
	index := highest + uint64(int64(int16(sequence-uint16(highest))))
	if int64(index) < 0 { // before the first: there is no rollover to go back to
		return highest&^0xffff | uint64(sequence)
	}
	return index
}
