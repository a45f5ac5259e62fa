package codec

import "madang/sfu/bitstream"

// maxSPS is how much of a parameter set is looked at: far more than lies in
// front of the picture's size, but for absurd scaling lists.
const maxSPS = 256

// readSPS reads the size of the picture from a sequence parameter set (H.264
// §7.3.2.1.1), cropping included. It may be cut off; then nothing is said.
func (f *Facts) readSPS(body []byte) {
	var buf [maxSPS]byte
	r := bitstream.Reader{Data: unescape(buf[:0], body)}
	profile := r.Bits(8)
	r.Skip(16)  // constraints, level
	r.Golomb()  // seq_parameter_set_id
	chroma := 1 // 4:2:0
	separate := false
	if hasChromaFormat(profile) {
		chroma, separate = readChromaFormat(&r)
	}
	r.Golomb() // log2_max_frame_num_minus4
	skipPictureOrder(&r)
	r.Golomb() // max_num_ref_frames
	r.Skip(1)  // gaps_in_frame_num_value_allowed_flag
	width, height := uint64(r.Golomb())+1, uint64(r.Golomb())+1
	fields := uint64(1)
	if !r.Flag() { // frame_mbs_only_flag: without it the height is of one field
		fields = 2
		r.Skip(1)
	}
	r.Skip(1) // direct_8x8_inference_flag
	width, height = width*16, height*16*fields
	if r.Flag() {
		unitX, unitY := cropUnits(chroma, separate)
		cropX := uint64(r.Golomb()) + uint64(r.Golomb())
		cropY := uint64(r.Golomb()) + uint64(r.Golomb())
		cropX, cropY = cropX*unitX, cropY*unitY*fields
		if cropX >= width || cropY >= height {
			return
		}
		width, height = width-cropX, height-cropY
	}
	if !r.Overrun && width <= 0xffff && height <= 0xffff {
		f.Width, f.Height = uint16(width), uint16(height)
	}
}

// unescape appends data to dst without emulation prevention bytes (§7.4.1), as
// far as dst has room.
func unescape(dst, data []byte) []byte {
	zeros := 0
	for _, b := range data {
		if len(dst) == cap(dst) {
			break
		}
		if zeros >= 2 && b == 3 {
			zeros = 0
			continue
		}
		if b == 0 {
			zeros++
		} else {
			zeros = 0
		}
		dst = append(dst, b)
	}
	return dst
}

// hasChromaFormat names the profiles whose parameter sets tell of chroma.
func hasChromaFormat(profile uint32) bool {
	switch profile {
	case 100, 110, 122, 244, 44, 83, 86, 118, 128, 138, 139, 134, 135:
		return true
	}
	return false
}

func readChromaFormat(r *bitstream.Reader) (chroma int, separate bool) {
	chroma = int(r.Golomb())
	if chroma == 3 {
		separate = r.Flag()
	}
	r.Golomb() // bit_depth_luma_minus8
	r.Golomb() // bit_depth_chroma_minus8
	r.Skip(1)  // qpprime_y_zero_transform_bypass_flag
	if !r.Flag() {
		return chroma, separate
	}
	lists := 8
	if chroma == 3 {
		lists = 12
	}
	for i := range lists {
		if !r.Flag() {
			continue
		}
		size := 16
		if i >= 6 {
			size = 64
		}
		skipScalingList(r, size)
	}
	return chroma, separate
}

func skipScalingList(r *bitstream.Reader, size int) {
	last, next := int32(8), int32(8)
	for range size {
		if next != 0 {
			next = (last + r.SignedGolomb()) & 0xff
		}
		if next != 0 {
			last = next
		}
	}
}

func skipPictureOrder(r *bitstream.Reader) {
	switch r.Golomb() { // pic_order_cnt_type
	case 0:
		r.Golomb()
	case 1:
		r.Skip(1)
		r.SignedGolomb()
		r.SignedGolomb()
		for n := r.Golomb(); n > 0 && !r.Overrun; n-- {
			r.SignedGolomb()
		}
	}
}

// cropUnits is what one step of cropping takes off, in pixels of a frame
// (§7.4.2.1.1; fields double the vertical one).
func cropUnits(chroma int, separate bool) (x, y uint64) {
	if separate {
		return 1, 1
	}
	switch chroma {
	case 1:
		return 2, 2
	case 2:
		return 2, 1
	}
	return 1, 1
}
