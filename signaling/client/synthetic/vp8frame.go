package synthetic

// A picture is made once and sent for ever: a keyframe that says "this colour"
// in its first macroblock and "as beside it" in all others, and a frame that
// says "as before". Decoders read no further than they must, so that what
// follows is room for any number of bytes.

// colour is what a keyframe shows, in steps of the coarsest quantizer: each from
// -4 to 4 around grey.
type colour struct{ y, u, v int }

// Planes of coefficients (RFC 6386 §13.3).
const (
	planeY      = 0 // luma without its first coefficients
	planeY2     = 1 // the first coefficients of luma
	planeChroma = 2
)

const (
	evenOdds = 128
	// Almost every macroblock is skipped, taken from the last frame, and so on:
	// to say so shall cost next to nothing.
	rarely = 1
	mostly = 255
)

// keyframe is the VP8 keyframe of width × height pixels that shows one colour.
func keyframe(width, height int, c colour) []byte {
	first := newBoolCoder()
	first.literal(0, 2) // colour space, clamping
	putCommonHeader(first)
	first.literal(1, 1) // keep the probabilities for frames to come
	putProbabilities(first)
	first.literal(1, 1) // macroblocks may be skipped
	first.literal(rarely, 8)
	for i := range macroblocks(width) * macroblocks(height) {
		first.put(i > 0, rarely) // skipped
		first.put(true, 145)     // luma: not by subblocks,
		first.put(false, 156)    // nor from one side only,
		first.put(false, 163)    // but the mean of the neighbours (§11.2)
		first.put(false, 142)    // chroma: likewise
	}
	second := newBoolCoder()
	putColour(second, c)
	size := []byte{0x9d, 0x01, 0x2a, byte(width), byte(width >> 8 & 0x3f), byte(height), byte(height >> 8 & 0x3f)}
	return assemble(true, size, first.flush(), second.flush())
}

// sameFrame is the VP8 frame of width × height pixels that shows what the last
// one showed.
func sameFrame(width, height int) []byte {
	first := newBoolCoder()
	putCommonHeader(first)
	first.literal(0, 2+4+2) // golden and altref frames stay as they are
	first.literal(0b11, 2)  // keep the probabilities; this is the last frame
	for i := range coefficientUpdate {
		for j := range coefficientUpdate[i] {
			for k := range coefficientUpdate[i][j] {
				for at := range coefficientProbabilities {
					first.put(false, updateProbability(i, j, k, at))
				}
			}
		}
	}
	first.literal(1, 1) // macroblocks may be skipped
	first.literal(rarely, 8)
	first.literal(rarely, 8)   // intra
	first.literal(mostly, 8)   // from the last frame
	first.literal(evenOdds, 8) // from the golden frame
	first.literal(0, 2)        // modes' probabilities stay
	for _, vector := range vectorUpdate {
		for _, p := range vector {
			first.put(false, p)
		}
	}
	for row := range macroblocks(height) {
		for column := range macroblocks(width) {
			first.put(true, rarely)  // skipped
			first.put(true, rarely)  // inter
			first.put(false, mostly) // from the last frame
			first.put(false, zeroMotion[still(row, column)])
		}
	}
	return assemble(false, nil, first.flush(), nil)
}

// macroblocks is how many there are along so many pixels.
func macroblocks(pixels int) int { return (pixels + 15) / 16 }

// still weighs the neighbours of a macroblock that exist: in these frames none
// of them moves (RFC 6386 §16.3).
func still(row, column int) (weight int) {
	if row > 0 {
		weight += 2
	}
	if column > 0 {
		weight += 2
	}
	if row > 0 && column > 0 {
		weight++
	}
	return weight
}

// putCommonHeader writes what every frame says alike (RFC 6386 §9.3 to §9.6): no
// segments, no loop filter, one partition of coefficients, coarsest quantizer.
func putCommonHeader(c *boolCoder) {
	c.literal(0, 1)     // segmentation
	c.literal(0, 1+6+3) // loop filter: type, level, sharpness
	c.literal(0, 1)     // loop filter adjustment
	c.literal(0, 2)     // partitions
	c.literal(127, 7)   // quantizer
	c.literal(0, 5)     // its deltas
}

// coefficientProbabilities is how many there are in each context.
const coefficientProbabilities = 11

func updateProbability(plane, band, context, at int) uint8 {
	if row := coefficientUpdate[plane][band][context]; at < len(row) {
		return row[at]
	}
	return 255
}

// putProbabilities sets even odds wherever putColour will need any, and leaves
// the others.
func putProbabilities(c *boolCoder) {
	for i := range coefficientUpdate {
		for j := range coefficientUpdate[i] {
			for k := range coefficientUpdate[i][j] {
				for at := range coefficientProbabilities {
					set := i <= planeChroma && j <= 1
					c.put(set, updateProbability(i, j, k, at))
					if set {
						c.literal(evenOdds, 8)
					}
				}
			}
		}
	}
}

// putColour writes the coefficients of the first macroblock: only the first of
// luma and of each block of chroma. All at even odds, so that contexts do not
// matter.
func putColour(c *boolCoder, is colour) {
	putLevel(c, is.y)
	for range 16 {
		putLevel(c, 0) // luma has nothing besides
	}
	for range 4 {
		putLevel(c, is.u)
	}
	for range 4 {
		putLevel(c, is.v)
	}
}

// putLevel writes a block that has a first coefficient of -4 to 4 or nothing
// (RFC 6386 §13.2), at even odds.
func putLevel(c *boolCoder, level int) {
	if level == 0 {
		c.put(false, evenOdds) // end of block
		return
	}
	size := max(level, -level)
	c.literal(0b11, 2) // not the end, not zero
	c.put(size > 1, evenOdds)
	if size > 1 {
		c.put(false, evenOdds) // at most 4
		c.put(size > 2, evenOdds)
		if size > 2 {
			c.put(size > 3, evenOdds)
		}
	}
	c.put(level < 0, evenOdds)
	c.put(false, evenOdds) // end of block
}

// assemble puts the frame tag (RFC 6386 §9.1) before the partitions.
func assemble(key bool, size, first, second []byte) []byte {
	tag := uint32(len(first))<<5 | 1<<4 // shown
	if !key {
		tag |= 1
	}
	frame := []byte{byte(tag), byte(tag >> 8), byte(tag >> 16)}
	frame = append(frame, size...)
	frame = append(frame, first...)
	return append(frame, second...)
}
