package codec

import "madang/sfu/bitstream"

// Types of OBUs (AV1 specification §6.2.2).
const (
	obuSequenceHeader    = 1
	obuTemporalDelimiter = 2
	obuFrameHeader       = 3
	obuMetadata          = 5
	obuFrame             = 6
)

// readAV1 reads the aggregation header and the OBU elements behind it (RTP
// Payload Format for AV1 §4.4). KeyframeStart is the packet whose N bit says
// that a coded video sequence starts with it, or that holds a sequence header
// and the start of a key frame, as some senders never set N. Others repeat the
// sequence header, and N with it, in front of a frame that is no key frame:
// where a packet shows its frame, that decides. Temporal and spatial id are
// known where an OBU starts that carries them.
func readAV1(payload []byte, marker bool, f *Facts) error {
	if len(payload) < 2 {
		return ErrTruncated
	}
	head := payload[0]
	continues, count := head&0x80 != 0, int(head>>4&0x03)
	starts := head&0x08 != 0
	if starts && continues {
		return ErrMalformed
	}
	f.FrameEnd = marker
	s := av1Scan{f: f, rest: payload[1:], count: count}
	for i := 0; len(s.rest) > 0; i++ {
		element, err := s.next(i)
		if err != nil {
			return err
		}
		if i == 0 && continues {
			continue
		}
		if err := s.read(element, i == 0); err != nil {
			return err
		}
	}
	if s.frame {
		f.KeyframeStart = s.key && (starts || s.sequence)
	} else {
		f.KeyframeStart = starts
	}
	f.FrameStart = f.FrameStart || f.KeyframeStart
	return nil
}

// av1Scan goes through the OBU elements of one packet.
type av1Scan struct {
	f        *Facts
	rest     []byte
	count    int  // W: number of elements, the last without a length; 0: all have one
	sequence bool // a sequence header was among them
	frame    bool // so was the start of a frame
	key      bool // which is a key frame
}

// next takes the element number i off the rest.
func (s *av1Scan) next(i int) ([]byte, error) {
	if s.count != 0 && i == s.count-1 {
		element := s.rest
		s.rest = nil
		return element, nil
	}
	size, n, err := leb128(s.rest)
	if err != nil {
		return nil, err
	}
	s.rest = s.rest[n:]
	if size > uint64(len(s.rest)) {
		return nil, ErrTruncated
	}
	element := s.rest[:size]
	s.rest = s.rest[size:]
	if s.count != 0 && len(s.rest) == 0 { // the last one, W says, is still to come
		return nil, ErrTruncated
	}
	return element, nil
}

// read takes in the start of an OBU; opens: it is the first of its packet.
func (s *av1Scan) read(obu []byte, opens bool) error {
	if len(obu) == 0 {
		return nil // allowed, and says nothing
	}
	head, body := obu[0], obu[1:]
	if head&0x80 != 0 {
		return ErrMalformed
	}
	if head&0x04 != 0 {
		if len(body) == 0 {
			return ErrTruncated
		}
		s.f.TemporalID, s.f.SpatialID = body[0]>>5, body[0]>>3&0x03
		body = body[1:]
	}
	if head&0x02 != 0 { // a size of its own: allowed, if wasteful
		_, n, err := leb128(body)
		if err != nil {
			return err
		}
		body = body[n:]
	}
	switch head >> 3 & 0x0f {
	case obuSequenceHeader:
		s.sequence = true
		s.f.FrameStart = s.f.FrameStart || opens
		s.f.readAV1Size(body)
	case obuTemporalDelimiter, obuMetadata:
		s.f.FrameStart = s.f.FrameStart || opens
	case obuFrameHeader, obuFrame:
		s.f.FrameStart = s.f.FrameStart || opens
		if !s.frame && len(body) > 0 { // show_existing_frame 0, frame_type KEY_FRAME (§5.9.2)
			s.frame, s.key = true, body[0]&0xe0 == 0
		}
	}
	return nil
}

// leb128 reads a length of at most eight bytes (AV1 specification §4.10.5).
func leb128(data []byte) (value uint64, n int, err error) {
	for n < 8 {
		if n >= len(data) {
			return 0, 0, ErrTruncated
		}
		value |= uint64(data[n]&0x7f) << (7 * n)
		n++
		if data[n-1]&0x80 == 0 {
			return value, n, nil
		}
	}
	return 0, 0, ErrMalformed
}

// readAV1Size reads the largest size from a sequence header OBU (§5.5.1). It
// may be cut off; then nothing is said.
func (f *Facts) readAV1Size(body []byte) {
	r := bitstream.Reader{Data: body}
	r.Skip(4)     // seq_profile, still_picture
	if r.Flag() { // reduced_still_picture_header
		r.Skip(5)
	} else {
		skipAV1OperatingPoints(&r)
	}
	widthBits, heightBits := int(r.Bits(4))+1, int(r.Bits(4))+1
	width, height := r.Bits(widthBits)+1, r.Bits(heightBits)+1
	if !r.Overrun && width <= 0xffff && height <= 0xffff {
		f.Width, f.Height = uint16(width), uint16(height)
	}
}

// skipAV1OperatingPoints passes over timing, decoder model and operating points.
func skipAV1OperatingPoints(r *bitstream.Reader) {
	model, delayBits := false, 0
	if r.Flag() { // timing_info_present_flag
		r.Skip(64)
		if r.Flag() {
			r.Golomb()
		}
		if model = r.Flag(); model {
			delayBits = int(r.Bits(5)) + 1
			r.Skip(42)
		}
	}
	display := r.Flag() // initial_display_delay_present_flag
	for n := r.Bits(5) + 1; n > 0; n-- {
		r.Skip(12)
		if r.Bits(5) > 7 {
			r.Skip(1) // seq_tier
		}
		if model && r.Flag() {
			r.Skip(2*delayBits + 1)
		}
		if display && r.Flag() {
			r.Skip(4)
		}
	}
}
