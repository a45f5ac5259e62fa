package descriptor

import (
	"encoding/binary"

	"madang/sfu/bitstream"
)

// afterFlags is the bit behind the mandatory and the extended flags.
const afterFlags = 24 + 5

// Place says where in a descriptor its mask of active decode targets stands, or
// would stand. Together with the bytes it is all that [Rewrite] needs.
type Place struct {
	mask    uint16 // in bits from the start
	targets uint8  // its width
}

// Rewrite appends a descriptor to dst under another frame number and returns
// it. If mask is not nil it says in addition which decode targets are active
// from this frame on; then everything behind the flags moves, and the result is
// up to 5 bytes longer than src. A mask for which there is no room (255 bytes)
// is left out. src must have been read without error, at the place d.Place.
//
// Frame numbers are only ever shifted, by the same number for a whole run of
// frames. What a frame needs is said by distances, so frames that were left out
// leave gaps in the numbers: those are what the format expects of a forwarder,
// and libwebrtc waits for the frames that a frame needs, not for the number
// before it. It does require numbers to rise: a keyframe whose number is below
// that of the one before is dropped.
func Rewrite(dst, src []byte, place Place, number uint16, mask *uint32) []byte {
	start := len(dst)
	if mask == nil || len(src)+5 > maxLength {
		dst = append(dst, src...)
		binary.BigEndian.PutUint16(dst[start+1:], number)
		return dst
	}
	const activeFlag = 1 << 3
	r := bitstream.Reader{Data: src}
	w := bitWriter{data: dst}
	w.bits(r.Bits(8), 8)
	r.Bits(16)
	w.bits(uint32(number), 16)
	flags := uint32(0)
	if len(src) > 3 {
		flags = r.Bits(5)
	}
	w.bits(flags|activeFlag, 5)
	w.copy(&r, min(int(place.mask), len(src)*8))
	if flags&activeFlag != 0 {
		r.Bits(int(place.targets))
	}
	w.bits(*mask, int(place.targets))
	w.copy(&r, len(src)*8)
	return w.data
}
