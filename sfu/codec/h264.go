package codec

import "encoding/binary"

// Types of NAL units and of aggregates (H.264 table 7-1, RFC 6184 table 1).
const (
	nalSlice  = 1
	nalIDR    = 5
	nalSEI    = 6
	nalSPS    = 7
	nalPPS    = 8
	nalAUD    = 9
	nalPrefix = 14
	nalSTAPA  = 24
	nalFUA    = 28
)

// readH264 reads a single NAL unit, a STAP-A or an FU-A (RFC 6184 §5.6 to 5.8);
// the other kinds belong to packetization mode 2, which is never negotiated.
//
// KeyframeStart is the packet that holds a sequence parameter set, alone or
// aggregated: every WebRTC sender puts one in front of each IDR picture, and a
// decoder that starts later in the access unit lacks it. An IDR picture whose
// first slice begins in a packet without an SPS is IDRStart only: it may be the
// rest of an access unit whose start was KeyframeStart already, or was lost.
// Further slices of one picture are neither.
func readH264(payload []byte, marker bool, f *Facts) error {
	f.FrameEnd = marker
	f.Discardable = true // until a NAL unit is seen that others refer to
	switch kind := payload[0] & 0x1f; {
	case kind >= 1 && kind <= 23:
		f.readNAL(payload)
	case kind == nalSTAPA:
		if err := f.readSTAPA(payload[1:]); err != nil {
			return err
		}
	case kind == nalFUA:
		if err := f.readFUA(payload); err != nil {
			return err
		}
	case kind == 0 || kind > 29:
		return ErrMalformed
	default:
		return ErrUnsupported
	}
	if f.KeyframeStart {
		f.IDRStart = false
	}
	return nil
}

func (f *Facts) readSTAPA(rest []byte) error {
	if len(rest) == 0 {
		return ErrTruncated
	}
	for first := true; len(rest) > 0; first = false {
		if len(rest) < 2 {
			return ErrTruncated
		}
		size := int(binary.BigEndian.Uint16(rest))
		if rest = rest[2:]; size > len(rest) {
			return ErrTruncated
		}
		if size == 0 {
			return ErrMalformed
		}
		start := f.FrameStart
		f.readNAL(rest[:size])
		if !first {
			f.FrameStart = start // what opens the packet decides
		}
		rest = rest[size:]
	}
	return nil
}

func (f *Facts) readFUA(payload []byte) error {
	if len(payload) < 3 {
		return ErrTruncated
	}
	header := payload[1]
	if header&0xc0 == 0xc0 { // both start and end: forbidden
		return ErrMalformed
	}
	if payload[0]&0x60 != 0 {
		f.Discardable = false
	}
	if header&0x80 != 0 {
		f.readNALStart(header&0x1f, payload[2:])
	}
	return nil
}

// readNAL takes in a whole NAL unit of at least one byte.
func (f *Facts) readNAL(nal []byte) {
	if nal[0]&0x60 != 0 {
		f.Discardable = false
	}
	f.readNALStart(nal[0]&0x1f, nal[1:])
}

// readNALStart takes in the start of a NAL unit; body is behind its header. A
// picture's first slice is the one with first_mb_in_slice 0: a single 1 bit.
func (f *Facts) readNALStart(kind uint8, body []byte) {
	firstSlice := len(body) > 0 && body[0]&0x80 != 0
	switch kind {
	case nalSPS:
		f.KeyframeStart, f.FrameStart = true, true
		f.readSPS(body)
	case nalIDR:
		if firstSlice {
			f.IDRStart, f.FrameStart = true, true
		}
	case nalSlice:
		if firstSlice {
			f.FrameStart = true
		}
	case nalAUD, nalSEI, nalPPS, nalPrefix: // they stand before the first slice (§7.4.1.2.3)
		f.FrameStart = true
	}
}
