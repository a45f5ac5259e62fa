package alloc

import "math"

// smooth is the least pictures per second at which a camera's larger layer
// looks better than the full rate of a smaller one.
const smooth = 12

// step is one point of a ladder.
type step struct {
	option int // index in the ask's options
	bits   int // per second
}

// climb appends the ladder of an ask: the options that are worth taking on the
// way from the lowest to the one that is enough for the tile, each better and
// costing more than the one before it.
//
// A camera keeps its motion: larger layers are taken from a smooth rate on, and
// only the smallest goes down to a few pictures a second. A screen keeps its
// sharpness: pictures are dropped before the resolution is, so that of the
// smaller layers the lowest rate is enough.
func climb(dst []step, options []Option, screen bool, height int) []step {
	from, to := enough(options, height)
	lowest := last(options, 0)
	least := math.MaxInt
	for i := to; i >= 0; i-- {
		o := options[i]
		full, first := i == len(options)-1 || !same(o, options[i+1]), i == 0 || !same(o, options[i-1])
		worth := full || i <= lowest || o.FPS >= smooth
		if screen {
			worth = i >= from || first
		}
		if worth && o.Bits < least {
			least = o.Bits
			dst = append(dst, step{option: i, bits: max(o.Bits, 0)})
		}
	}
	for i, j := 0, len(dst)-1; i < j; i, j = i+1, j-1 {
		dst[i], dst[j] = dst[j], dst[i]
	}
	return dst
}

// enough finds the options of the smallest picture that fills a tile to three
// quarters, or the largest there is: their first and last index. Without options
// the last is -1.
func enough(options []Option, height int) (from, to int) {
	for from = 0; from < len(options); from = to + 1 {
		to = last(options, from)
		if fills(options[from].Height, height) || to == len(options)-1 {
			return from, to
		}
	}
	return 0, -1
}

// Enough is the index of the layer that is enough for a tile, of layers whose
// heights are given from the smallest to the largest, in pixels: the smallest
// that fills it to three quarters, or the largest there is. -1 if there is none.
func Enough(heights []int, tile int) int {
	for i, h := range heights {
		if fills(h, tile) {
			return i
		}
	}
	return len(heights) - 1
}

// fills tells whether a picture is large enough for a tile. One that may be of
// any size is never filled.
func fills(height, tile int) bool { return tile > 0 && 4*height >= 3*tile }

// last is the last index of the options with the same picture size as one.
func last(options []Option, i int) int {
	for i+1 < len(options) && same(options[i], options[i+1]) {
		i++
	}
	return i
}

// same tells whether two options differ only in time.
func same(a, b Option) bool { return a.Layer == b.Layer && a.Spatial == b.Spatial }

// place finds a point that was held on a ladder. If it is not there any more it
// is the best that costs no more than it did, or else the lowest. -1 if the
// ladder is empty.
func place(ladder []step, options []Option, point Point, bits int) int {
	for i, s := range ladder {
		if options[s.option].Point == point {
			return i
		}
	}
	for i := len(ladder) - 1; i > 0; i-- {
		if ladder[i].bits <= bits {
			return i
		}
	}
	return min(0, len(ladder)-1)
}
