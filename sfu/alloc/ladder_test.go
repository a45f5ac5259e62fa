package alloc

import (
	"slices"
	"testing"
)

// simulcast makes three layers of 180, 360 and 720 lines with three temporal
// layers each, of 7, 15 and 30 pictures a second, from the bitrates of the layers.
func simulcast(bits ...int) []Option {
	var options []Option
	for layer, b := range bits {
		for temporal, part := range []int{50, 70, 100} {
			options = append(options, Option{
				Point: Point{Layer: uint8(layer), Temporal: uint8(temporal)},
				Bits:  b * part / 100, Height: 180 << layer, FPS: []int{7, 15, 30}[temporal],
			})
		}
	}
	return options
}

// usual are the points of a camera: 50 70 100, 200 280 400 and 750 1050 1500 kbit/s.
func usual() []Option { return simulcast(100_000, 400_000, 1_500_000) }

// flat makes an option per bitrate, of layers without temporal layers.
func flat(bits ...int) []Option {
	var options []Option
	for layer, b := range bits {
		options = append(options, Option{Point: Point{Layer: uint8(layer)}, Bits: b, Height: 180 << layer, FPS: 30})
	}
	return options
}

func TestLadder(t *testing.T) {
	for _, tc := range []struct {
		name    string
		options []Option
		screen  bool
		height  int
		want    []int // indices of options
	}{
		{"a camera keeps its motion", usual(), false, 720, []int{0, 1, 2, 4, 5, 7, 8}},
		{"a screen keeps its sharpness", usual(), true, 720, []int{0, 3, 6, 7, 8}},
		{"never above need", usual(), false, 200, []int{0, 1, 2}},
		{"three quarters are enough", usual(), false, 480, []int{0, 1, 2, 4, 5}},
		{"a little more is not", usual(), false, 481, []int{0, 1, 2, 4, 5, 7, 8}},
		{"a screen in a small tile", usual(), true, 180, []int{0, 1, 2}},
		{"as large as it gets for a tile of unknown size", usual(), false, 0, []int{0, 1, 2, 4, 5, 7, 8}},
		{"as large as there is", flat(100, 200), false, 2160, []int{0, 1}},
		{"unknown heights are never enough", []Option{{Bits: 1}, {Point: Point{Layer: 1}, Bits: 2}}, false, 90, []int{0, 1}},
		{"what costs no less than something better is not worth it", flat(300, 200, 400), false, 0, []int{1, 2}},
		{"one that costs nothing now", flat(100, 100, 0), false, 0, []int{2}},
		{"unknown rates: only the full one of a larger layer",
			[]Option{{Bits: 1}, {Point: Point{Spatial: 1}, Bits: 2}, {Point: Point{Spatial: 1, Temporal: 1}, Bits: 3}},
			false, 0, []int{0, 2}},
		{"nothing", nil, false, 720, nil},
	} {
		var got []int
		bits := -1
		for _, s := range climb(nil, tc.options, tc.screen, tc.height) {
			got = append(got, s.option)
			if s.bits <= bits {
				t.Errorf("%s: a step up costs nothing", tc.name)
			}
			bits = s.bits
		}
		if !slices.Equal(got, tc.want) {
			t.Errorf("%s: %v, want %v", tc.name, got, tc.want)
		}
	}
}

func TestPlaceOnLadder(t *testing.T) {
	options := usual()
	for _, tc := range []struct {
		held   int // option
		height int
		want   int // option
	}{
		{5, 720, 5},
		{8, 300, 5}, // the tile became smaller
		{8, 200, 2},
		{3, 720, 2}, // of a screen before; a camera's ladder does not have it
		{0, 720, 0},
	} {
		ladder := climb(nil, options, false, tc.height)
		o := options[tc.held]
		if got := ladder[place(ladder, options, o.Point, o.Bits)].option; got != tc.want {
			t.Errorf("option %d in a tile of %d: at %d, want %d", tc.held, tc.height, got, tc.want)
		}
	}
	if got := place(nil, nil, Point{}, 1); got != -1 {
		t.Errorf("nothing on an empty ladder is at %d", got)
	}
	dear := climb(nil, flat(500, 600), false, 0)
	if got := place(dear, flat(500, 600), Point{Layer: 7}, 100); got != 0 {
		t.Errorf("what is gone and was cheaper than anything left is at %d", got)
	}
}

func TestEnough(t *testing.T) {
	heights := []int{180, 360, 720}
	for tile, want := range map[int]int{0: 2, 90: 0, 240: 0, 241: 1, 480: 1, 481: 2, 4000: 2} {
		if got := Enough(heights, tile); got != want {
			t.Errorf("a tile of %d: layer %d, want %d", tile, got, want)
		}
	}
	if got := Enough(nil, 100); got != -1 {
		t.Errorf("without layers: %d", got)
	}
}
