package codec

import (
	"encoding/binary"

	"madang/sfu/bitstream"
)

// readVP9 reads the payload descriptor (RFC 9628 §4.2), in flexible and
// non-flexible mode. KeyframeStart is the start of a frame of the lowest
// spatial layer that no earlier picture predicts: a key picture's upper spatial
// layers are predicted from below, and nobody can start there. Running indices
// are the picture id, and TL0PICIDX in non-flexible mode.
func readVP9(payload []byte, _ bool, f *Facts) error {
	first := payload[0]
	hasPictureID, predicted := first&0x80 != 0, first&0x40 != 0
	hasLayers, flexible := first&0x20 != 0, first&0x10 != 0
	f.FrameStart, f.FrameEnd = first&0x08 != 0, first&0x04 != 0
	f.Predicted, f.Flexible = predicted, flexible
	at := 1
	var err error
	if hasPictureID {
		if at, err = f.readPictureID(payload, at); err != nil {
			return err
		}
	}
	if hasLayers {
		if at, err = f.readVP9Layers(payload, at, flexible); err != nil {
			return err
		}
	}
	if flexible && predicted {
		if at, err = f.readVP9References(payload, at); err != nil {
			return err
		}
	}
	if first&0x02 != 0 { // V
		if at, err = f.readVP9Structure(payload, at); err != nil {
			return err
		}
	}
	if at >= len(payload) {
		return ErrTruncated
	}
	f.KeyframeStart = f.FrameStart && !predicted && f.SpatialID == 0
	if f.KeyframeStart && f.Width == 0 {
		f.readVP9Size(payload[at:])
	}
	return nil
}

// readVP9Layers reads the layer indices, and TL0PICIDX behind them.
func (f *Facts) readVP9Layers(payload []byte, at int, flexible bool) (int, error) {
	if at >= len(payload) {
		return 0, ErrTruncated
	}
	layers := payload[at]
	f.TemporalID, f.SwitchingUp, f.SpatialID = layers>>5, layers&0x10 != 0, layers>>1&0x07
	f.InterLayer = layers&0x01 != 0
	at++
	if flexible {
		return at, nil
	}
	if at >= len(payload) {
		return 0, ErrTruncated
	}
	f.TL0PICIDX, f.HasTL0, f.tl0At = payload[at], true, at
	return at + 1, nil
}

// readVP9References reads the P_DIFFs of flexible mode: at most three, each but
// the last with its N bit set.
func (f *Facts) readVP9References(payload []byte, at int) (int, error) {
	for n := 0; ; n++ {
		if n == len(f.PictureDiffs) {
			return 0, ErrMalformed
		}
		if at >= len(payload) {
			return 0, ErrTruncated
		}
		more := payload[at]&0x01 != 0
		f.PictureDiffs[n] = payload[at] >> 1
		at++
		if !more {
			return at, nil
		}
	}
}

// readVP9Structure reads the scalability structure: the size of the highest
// spatial layer, and how long the description of the picture group is.
func (f *Facts) readVP9Structure(payload []byte, at int) (int, error) {
	if at >= len(payload) {
		return 0, ErrTruncated
	}
	head := payload[at]
	at++
	if head&0x10 != 0 { // Y: sizes, the lowest layer first
		at += 4 * (int(head>>5) + 1)
		if at > len(payload) {
			return 0, ErrTruncated
		}
		f.Width = binary.BigEndian.Uint16(payload[at-4:])
		f.Height = binary.BigEndian.Uint16(payload[at-2:])
	}
	if head&0x08 == 0 { // G
		return at, nil
	}
	if at >= len(payload) {
		return 0, ErrTruncated
	}
	pictures := int(payload[at])
	at++
	for ; pictures > 0; pictures-- {
		if at >= len(payload) {
			return 0, ErrTruncated
		}
		at += 1 + int(payload[at]>>2&0x03) // R references of a byte each
	}
	if at > len(payload) {
		return 0, ErrTruncated
	}
	return at, nil
}

// readVP9Size reads the size from the uncompressed header of a keyframe (VP9
// bitstream specification §6.2), for senders that send no structure.
func (f *Facts) readVP9Size(frame []byte) {
	r := bitstream.Reader{Data: frame}
	if r.Bits(2) != 2 { // frame_marker
		return
	}
	profile := r.Bits(1) | r.Bits(1)<<1
	if profile == 3 {
		r.Skip(1)
	}
	if r.Bits(2) != 0 { // show_existing_frame, and frame_type: 0 for a keyframe
		return
	}
	r.Skip(2)                   // show_frame, error_resilient_mode
	if r.Bits(24) != 0x498342 { // frame_sync_code
		return
	}
	skipVP9Color(&r, profile)
	width, height := r.Bits(16), r.Bits(16)
	if !r.Overrun && width < 0xffff && height < 0xffff {
		f.Width, f.Height = uint16(width+1), uint16(height+1)
	}
}

// skipVP9Color passes over color_config.
func skipVP9Color(r *bitstream.Reader, profile uint32) {
	if profile >= 2 {
		r.Skip(1) // ten_or_twelve_bit
	}
	const sRGB = 7
	if r.Bits(3) != sRGB {
		r.Skip(1) // color_range
		if profile&1 == 1 {
			r.Skip(3) // subsampling
		}
	} else if profile&1 == 1 {
		r.Skip(1)
	}
}
