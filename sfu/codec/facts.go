package codec

import "errors"

// Facts is what one payload says. Where a format has spatial layers, a frame is
// the picture of one spatial layer. The zero value is ready for [Read], and a
// Facts may be read into again and again.
type Facts struct {
	// KeyframeStart: the first packet of a frame at which a decoder can start
	// with nothing before it. See the readers for what that means per format.
	KeyframeStart bool
	// IDRStart (H264 only): an IDR picture begins here, but its parameter sets
	// are not in this packet. Whoever has seen no parameter sets at all from
	// this sender has them out of band, and takes this for KeyframeStart.
	IDRStart bool
	// FrameStart and FrameEnd: the first and the last packet of a frame. For
	// H264 and AV1 FrameStart may be true again within a frame, as those formats
	// do not number their packets: a new timestamp is what decides.
	FrameStart, FrameEnd bool

	// Width and Height in pixels, of the largest spatial layer; 0 if this packet
	// does not say.
	Width, Height uint16

	TemporalID uint8 // 0 to 7; 0 also where unknown
	SpatialID  uint8 // 0 to 7; 0 also where unknown
	// Discardable: no other frame needs this one (VP8 N, H264 nal_ref_idc 0).
	Discardable bool
	// SwitchingUp: from this frame on, a receiver of lower temporal layers may
	// take this one as well (VP8 Y, VP9 U).
	SwitchingUp bool
	// Predicted (VP9 P): the frame needs earlier pictures of its spatial layer;
	// in flexible mode those that PictureDiffs names. InterLayer (VP9 D): it
	// needs the picture's next lower spatial layer.
	Predicted, InterLayer bool
	// Flexible (VP9 F): PictureDiffs say how many pictures before this one those
	// lie that it needs, 1 to 127; 0 for none.
	Flexible     bool
	PictureDiffs [3]uint8

	PictureID     uint16
	PictureIDBits uint8 // 0 (there is none), 7 or 15
	TL0PICIDX     uint8
	HasTL0        bool
	KeyIdx        uint8 // VP8: 0 to 31
	HasKeyIdx     bool

	pictureIDAt int // where in the payload the running indices stand
	tl0At       int
}

// What makes a payload unreadable. Such a packet is not worth forwarding.
var (
	ErrTruncated   = errors.New("codec: payload ends within its own header")
	ErrMalformed   = errors.New("codec: payload breaks the rules of its format")
	ErrUnsupported = errors.New("codec: payload of a kind that is not negotiated")
)

// Read fills f with what a payload of codec c says. marker is the marker bit of
// its packet. A payload of no bytes (a packet of padding only) is ErrTruncated:
// leave those out. After an error f holds nothing that may be used.
func Read(c Codec, payload []byte, marker bool, f *Facts) error {
	*f = Facts{}
	if len(payload) == 0 {
		return ErrTruncated
	}
	switch c {
	case VP8:
		return readVP8(payload, marker, f)
	case VP9:
		return readVP9(payload, marker, f)
	case H264:
		return readH264(payload, marker, f)
	case AV1:
		return readAV1(payload, marker, f)
	case RED:
		if _, _, err := PrimaryOfRED(payload); err != nil {
			return err
		}
	case Opus:
	default:
		return ErrUnsupported
	}
	// Every packet of speech is a frame by itself.
	f.KeyframeStart, f.FrameStart, f.FrameEnd = true, true, true
	return nil
}

// Patch writes running indices into the payload that f was read from, or a copy
// of it, in the width that is there: the low 7 or 15 bits of pictureID, and tl0.
// What the payload does not carry is not written; formats other than VP8 and VP9
// carry neither. Patching with f.PictureID and f.TL0PICIDX restores the payload.
func (f *Facts) Patch(payload []byte, pictureID uint16, tl0 uint8) {
	switch f.PictureIDBits {
	case 7:
		payload[f.pictureIDAt] = uint8(pictureID & 0x7f)
	case 15:
		payload[f.pictureIDAt] = 0x80 | uint8(pictureID>>8)
		payload[f.pictureIDAt+1] = uint8(pictureID)
	}
	if f.HasTL0 {
		payload[f.tl0At] = tl0
	}
}

// readPictureID reads the picture id that VP8 and VP9 share, at payload[at:],
// and returns what is behind it.
func (f *Facts) readPictureID(payload []byte, at int) (int, error) {
	if at >= len(payload) {
		return 0, ErrTruncated
	}
	f.pictureIDAt = at
	if payload[at]&0x80 == 0 {
		f.PictureID, f.PictureIDBits = uint16(payload[at]), 7
		return at + 1, nil
	}
	if at+1 >= len(payload) {
		return 0, ErrTruncated
	}
	f.PictureID, f.PictureIDBits = uint16(payload[at]&0x7f)<<8|uint16(payload[at+1]), 15
	return at + 2, nil
}
