package codec

import "encoding/binary"

// readVP8 reads the payload descriptor (RFC 7741 §4.2) and, at the start of a
// frame, the frame header (§4.3). KeyframeStart is the start of the first
// partition of a frame whose P bit, "inverse key frame", is 0.
func readVP8(payload []byte, marker bool, f *Facts) error {
	first := payload[0]
	f.FrameStart = first&0x17 == 0x10 // S, and partition 0
	f.FrameEnd = marker
	f.Discardable = first&0x20 != 0
	at := 1
	if first&0x80 != 0 {
		var err error
		if at, err = f.readVP8Extension(payload); err != nil {
			return err
		}
	}
	if at >= len(payload) {
		return ErrTruncated
	}
	if f.FrameStart && payload[at]&0x01 == 0 {
		f.KeyframeStart = true
		f.readVP8Size(payload[at:])
	}
	return nil
}

// readVP8Extension reads what the X bit announces and returns where the VP8
// payload itself starts.
func (f *Facts) readVP8Extension(payload []byte) (int, error) {
	if len(payload) < 2 {
		return 0, ErrTruncated
	}
	flags := payload[1]
	at := 2
	if flags&0x80 != 0 { // I
		var err error
		if at, err = f.readPictureID(payload, at); err != nil {
			return 0, err
		}
	}
	if flags&0x40 != 0 { // L
		if at >= len(payload) {
			return 0, ErrTruncated
		}
		f.TL0PICIDX, f.HasTL0, f.tl0At = payload[at], true, at
		at++
	}
	if flags&0x30 != 0 { // T or K: they share a byte
		if at >= len(payload) {
			return 0, ErrTruncated
		}
		if flags&0x20 != 0 {
			f.TemporalID, f.SwitchingUp = payload[at]>>6, payload[at]&0x20 != 0
		}
		if flags&0x10 != 0 {
			f.KeyIdx, f.HasKeyIdx = payload[at]&0x1f, true
		}
		at++
	}
	return at, nil
}

// readVP8Size reads the size from the uncompressed data chunk of a keyframe
// (RFC 6386 §9.1). The upper two bits of each side ask the viewer to scale.
func (f *Facts) readVP8Size(frame []byte) {
	if len(frame) < 10 || frame[3] != 0x9d || frame[4] != 0x01 || frame[5] != 0x2a {
		return
	}
	f.Width = binary.LittleEndian.Uint16(frame[6:]) & 0x3fff
	f.Height = binary.LittleEndian.Uint16(frame[8:]) & 0x3fff
}
