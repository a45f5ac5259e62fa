package svc

import (
	"math/rand/v2"

	"madang/sfu/codec"
	"madang/sfu/descriptor"
)

// sent is one packet on its way: what the filter sees, and what the checker knows.
type sent struct {
	frame Frame
	seq   int
	key   bool    // of its picture
	needs []int64 // numbers of the frames that its frame needs
}

// stream makes the packets of a layered stream.
type stream struct {
	name     string
	temporal []int // layer of each picture of the pattern
	spatial  int   // layers
	keyOnly  bool  // spatial layers need the one below only in keyframes
	flags    codec.Codec
}

var streams = []stream{
	{name: "L1T1", temporal: []int{0}, spatial: 1},
	{name: "L1T3", temporal: []int{0, 2, 1, 2}, spatial: 1},
	{name: "L3T1", temporal: []int{0}, spatial: 3},
	{name: "L3T3", temporal: []int{0, 2, 1, 2}, spatial: 3},
	{name: "L3T3_KEY", temporal: []int{0, 2, 1, 2}, spatial: 3, keyOnly: true},
	{name: "VP8 L1T3", temporal: []int{0, 2, 1, 2, 0, 2, 1, 2}, spatial: 1, flags: codec.VP8},
	{name: "VP9 L3T3, non-flexible", temporal: []int{0, 2, 1, 2}, spatial: 3, flags: codec.VP9},
	{name: "VP9 L3T3_KEY, non-flexible", temporal: []int{0, 2, 1, 2}, spatial: 3, keyOnly: true, flags: codec.VP9},
}

// keyEvery is the distance of keyframes in pictures.
const keyEvery = 64

// packets makes n pictures, each frame of one to three packets.
func (s *stream) packets(rng *rand.Rand, n int) (all []sent) {
	var reader Reader
	structure := &descriptor.Structure{Targets: make([]descriptor.Target, 1)}
	newest := map[[2]int]int64{} // number of the newest frame by layer
	first := int64(rng.IntN(1 << 15))
	for picture := range n {
		at := picture % keyEvery
		t := s.temporal[at%len(s.temporal)]
		for spatial := range s.spatial {
			number := first + int64(picture*s.spatial+spatial)
			id := uint16(first) + uint16(picture)
			needs := s.needs(newest, at, t, spatial)
			count := 1 + rng.IntN(3)
			for i := range count {
				start, end := i == 0, i == count-1
				marker := end && spatial == s.spatial-1
				stamp := uint32(picture) * 3000
				var frame Frame
				if s.flags == codec.Unknown {
					d := describe(structure, number, needs)
					d.Start, d.End, d.Attached = start, end, start && at == 0 && spatial == 0
					d.SpatialID, d.TemporalID = uint8(spatial), uint8(t)
					frame = reader.Read(codec.AV1, &codec.Facts{}, d, stamp, marker)
				} else {
					f := s.facts(at, t, spatial, id)
					f.FrameStart, f.FrameEnd = start, end
					f.KeyframeStart = start && at == 0 && spatial == 0
					frame = reader.Read(s.flags, f, nil, stamp, marker)
				}
				all = append(all, sent{frame, len(all), at == 0, needs})
			}
			newest[[2]int{spatial, t}] = all[len(all)-1].frame.Number
			if at == 0 {
				for layer := range 3 {
					newest[[2]int{spatial, layer}] = all[len(all)-1].frame.Number
				}
			}
		}
	}
	return all
}

// needs are the numbers of the frames that a frame needs: of its spatial layer
// the newest one of a lower temporal layer, or of the lowest, its own; in the
// second half of VP8's pattern its own as well, as libvpx does; and the
// picture's spatial layer below.
func (s *stream) needs(newest map[[2]int]int64, at, t, spatial int) (needs []int64) {
	add := func(spatial, t int) {
		if n, ok := newest[[2]int{spatial, t}]; ok {
			needs = append(needs, n)
		}
	}
	if at > 0 {
		best := 0
		for lower := range t {
			if newest[[2]int{spatial, lower}] > newest[[2]int{spatial, best}] {
				best = lower
			}
		}
		add(spatial, best)
		if s.flags == codec.VP8 && t > 0 && at%8 >= 4 && newest[[2]int{spatial, t}] > newest[[2]int{spatial, best}]-4 {
			add(spatial, t)
		}
	}
	if spatial > 0 && (!s.keyOnly || at == 0) {
		add(spatial-1, t)
	}
	return needs
}

func describe(s *descriptor.Structure, number int64, needs []int64) *descriptor.Descriptor {
	d := &descriptor.Descriptor{Structure: s, Number: number}
	for _, n := range needs {
		d.References[d.ReferenceCount] = uint16(number - n)
		d.ReferenceCount++
	}
	return d
}

// facts are what a payload descriptor says in flags.
func (s *stream) facts(at, t, spatial int, id uint16) *codec.Facts {
	f := &codec.Facts{PictureID: id & 0x7fff, PictureIDBits: 15, TemporalID: uint8(t), SpatialID: uint8(spatial)}
	if s.flags == codec.VP8 {
		f.SwitchingUp = t == 0 || at%8 == 1 || at%8 == 2
		return f
	}
	f.SwitchingUp, f.Predicted = true, at > 0
	f.InterLayer = spatial > 0 && (!s.keyOnly || at == 0)
	return f
}
