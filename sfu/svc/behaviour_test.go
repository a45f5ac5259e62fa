package svc

import (
	"math/rand/v2"
	"testing"

	"madang/sfu/codec"
	"madang/sfu/descriptor"
)

// frames makes the frames of a stream by hand.
type frames struct{ structure descriptor.Structure }

func (s *frames) frame(number int64, picture uint32, spatial, temporal uint8, needs ...int64) *Frame {
	s.structure.Targets = make([]descriptor.Target, 1)
	d := describe(&s.structure, number, needs)
	d.Start, d.End, d.SpatialID, d.TemporalID = true, true, spatial, temporal
	d.Attached = len(needs) == 0 && spatial == 0
	var r Reader
	f := r.Read(codec.AV1, &codec.Facts{}, d, picture, false)
	return &f
}

func expect(t *testing.T, x *Filter, f *Frame, want Decision) {
	t.Helper()
	got := x.Pass(f)
	want.Temporal = got.Temporal // see TestTheTemporalLayerThatIsSentIsSaid
	if got != want {
		t.Errorf("frame %d, S%dT%d: %+v, want %+v", f.Number, f.SpatialID, f.TemporalID, got, want)
	}
}

var (
	goes    = Decision{Forward: true}
	ends    = Decision{Forward: true, MarkEnd: true}
	out     = Decision{}
	outWant = Decision{NeedsKeyframe: true}
)

func (d Decision) under(top uint8) Decision {
	d.Spatial = top
	return d
}

func TestTheTemporalLayerThatIsSentIsSaid(t *testing.T) {
	var s frames
	x := NewFilter(0, 2)
	for i, step := range []struct {
		wish  uint8
		frame *Frame
		want  uint8
	}{
		{2, s.frame(1, 1, 0, 0), 2},
		{0, s.frame(2, 2, 0, 0, 1), 0},
		{2, s.frame(3, 3, 0, 0, 2), 0}, // nothing of the higher ones yet
		{2, s.frame(4, 4, 0, 1, 3), 1},
		{2, s.frame(5, 5, 0, 2, 4), 2},
	} {
		x.Wish(0, step.wish)
		if got := x.Pass(step.frame); !got.Forward || got.Temporal != step.want {
			t.Errorf("step %d: %+v, want temporal layer %d", i, got, step.want)
		}
	}
}

func TestNothingGoesBeforeAKeyframe(t *testing.T) {
	var s frames
	x := NewFilter(0, 0)
	expect(t, x, s.frame(4, 1, 0, 0, 3), outWant)
	expect(t, x, s.frame(5, 2, 0, 0), ends)
	expect(t, x, s.frame(6, 3, 0, 0, 5), ends)
	x.Restart()
	expect(t, x, s.frame(7, 4, 0, 0, 6), outWant)
	expect(t, x, s.frame(8, 5, 0, 0), ends)
	expect(t, x, s.frame(7, 4, 0, 0, 6), out)
}

// Between two keyframes a spatial layer can come back only while what it needs
// is not too old: here it was left out of one picture that it does not need.
func TestASpatialLayerReturnsWithoutAKeyframeIfNothingIsMissing(t *testing.T) {
	var s frames
	x := NewFilter(1, 1)
	expect(t, x, s.frame(1, 1, 0, 0), goes.under(1))
	expect(t, x, s.frame(2, 1, 1, 0, 1), ends.under(1))
	x.Wish(0, 1)
	expect(t, x, s.frame(3, 2, 0, 1, 1), ends)
	expect(t, x, s.frame(4, 2, 1, 1, 2, 3), out)
	x.Wish(1, 1)
	expect(t, x, s.frame(5, 3, 0, 0, 1), ends)
	expect(t, x, s.frame(6, 3, 1, 0, 2, 5), ends.under(1))
	expect(t, x, s.frame(7, 4, 0, 1, 5), goes.under(1))
	expect(t, x, s.frame(8, 4, 1, 1, 6, 7), ends.under(1))
}

// A wish that falls into the middle of a picture leaves it as it began.
func TestAPictureEndsAsItBegan(t *testing.T) {
	var s frames
	x := NewFilter(1, 0)
	expect(t, x, s.frame(1, 1, 0, 0), goes.under(1))
	x.Wish(0, 0)
	expect(t, x, s.frame(2, 1, 1, 0, 1), ends.under(1))
	expect(t, x, s.frame(4, 2, 1, 0, 2, 3), ends.under(1)) // its lowest layer is late
	expect(t, x, s.frame(3, 2, 0, 0, 1), goes.under(1))
	expect(t, x, s.frame(5, 3, 0, 0, 3), ends)
	expect(t, x, s.frame(6, 3, 1, 0, 4, 5), out)
	x.Wish(1, 0)
	expect(t, x, s.frame(7, 4, 0, 0, 5), ends)
	expect(t, x, s.frame(8, 4, 1, 0, 6, 7), outWant)
}

// What was lost and comes late goes the way of its time.
func TestLateFramesGoTheWayOfTheirTime(t *testing.T) {
	var s frames
	x := NewFilter(0, 1)
	expect(t, x, s.frame(1, 1, 0, 0), ends)
	expect(t, x, s.frame(3, 3, 0, 0, 1), ends)
	x.Wish(0, 0)
	expect(t, x, s.frame(5, 5, 0, 0, 3), ends)
	expect(t, x, s.frame(7, 7, 0, 0, 5), ends)
	expect(t, x, s.frame(2, 2, 0, 1, 1), ends)
	expect(t, x, s.frame(4, 4, 0, 1, 3), ends)
	expect(t, x, s.frame(6, 6, 0, 1, 5), out)
	expect(t, x, s.frame(7+window, 8, 0, 0, 7), ends)
	expect(t, x, s.frame(7, 7, 0, 0, 5), out)
}

// A spatial layer that its sender spoilt is given up until the next keyframe,
// and the pictures end below it.
func TestABrokenSpatialLayerIsGivenUp(t *testing.T) {
	var s frames
	x := NewFilter(1, 0)
	expect(t, x, s.frame(1, 1, 0, 0), goes.under(1))
	expect(t, x, s.frame(2, 1, 1, 0, 1, 0), outWant) // 0 never went
	expect(t, x, s.frame(3, 2, 0, 0, 1), ends)
	expect(t, x, s.frame(4, 2, 1, 0, 2, 3), outWant)
	expect(t, x, s.frame(5, 3, 0, 0), goes.under(1))
	expect(t, x, s.frame(6, 3, 1, 0, 5), ends.under(1))
}

func TestNumbersThatBeginAnew(t *testing.T) {
	var s frames
	x := NewFilter(0, 0)
	expect(t, x, s.frame(1000, 1, 0, 0), ends)
	expect(t, x, s.frame(1001, 2, 0, 0, 1000), ends)
	expect(t, x, s.frame(5, 3, 0, 0, 4), outWant)
	expect(t, x, s.frame(6, 4, 0, 0), ends)
	expect(t, x, s.frame(7, 5, 0, 0, 6), ends)
}

func TestStreamsThatTellNothingGoWhole(t *testing.T) {
	x := NewFilter(0, 0)
	for _, tt := range []struct {
		codec codec.Codec
		facts codec.Facts
	}{
		{codec.H264, codec.Facts{FrameEnd: true}},
		{codec.AV1, codec.Facts{TemporalID: 2, SpatialID: 1}},
		{codec.VP8, codec.Facts{TemporalID: 2}},
		{codec.VP9, codec.Facts{SpatialID: 2}},
	} {
		var r Reader
		for _, marker := range []bool{false, true} {
			f := r.Read(tt.codec, &tt.facts, nil, 1, marker)
			expect(t, x, &f, Decision{Forward: true, MarkEnd: marker})
		}
	}
}

// Of a stream with descriptors a packet without one cannot be placed.
func TestPacketsThatCannotBePlaced(t *testing.T) {
	var r Reader
	x := NewFilter(0, 0)
	d := &descriptor.Descriptor{Start: true, End: true, Number: 1, Attached: true, Structure: &descriptor.Structure{Targets: make([]descriptor.Target, 1)}}
	first := r.Read(codec.AV1, &codec.Facts{KeyframeStart: true}, d, 1, true)
	expect(t, x, &first, ends)
	lost := r.Read(codec.AV1, &codec.Facts{}, nil, 2, true)
	if lost.Known() {
		t.Error("known without a descriptor")
	}
	expect(t, x, &lost, outWant)
	plain := r.Read(codec.AV1, &codec.Facts{KeyframeStart: true}, nil, 3, true)
	expect(t, x, &plain, ends)
}

func TestPictureIDsAreUnwrapped(t *testing.T) {
	var r Reader
	last := int64(-1)
	for i := range 300 {
		f := r.Read(codec.VP8, &codec.Facts{PictureID: uint16(i+100) & 0x7f, PictureIDBits: 7}, nil, uint32(i), true)
		if last >= 0 && f.Number != last+1 {
			t.Fatalf("picture %d has number %d after %d", i, f.Number, last)
		}
		last = f.Number
	}
}

func TestFilteringDoesNotAllocate(t *testing.T) {
	rng := rand.New(rand.NewPCG(1, 1))
	packets := streams[3].packets(rng, 100)
	x := NewFilter(1, 1)
	if allocs := testing.AllocsPerRun(10, func() {
		for i := range packets {
			x.Pass(&packets[i].frame)
		}
	}); allocs != 0 {
		t.Errorf("%v allocations", allocs)
	}
}

func BenchmarkPass(b *testing.B) {
	packets := streams[3].packets(rand.New(rand.NewPCG(1, 1)), 20_000)
	x := NewFilter(1, 1)
	for i := 0; b.Loop(); i++ {
		if i == len(packets) {
			i = 0
			x.Restart()
		}
		x.Pass(&packets[i].frame)
	}
}

// The middle layer is lost when the upper one comes back in; both are sent.
func TestALayerComesBackWithThoseBelowIt(t *testing.T) {
	var s frames
	x := NewFilter(0, 0)
	expect(t, x, s.frame(1, 1, 0, 0), ends)
	expect(t, x, s.frame(2, 2, 0, 2, 1), out)
	x.Wish(0, 2)
	expect(t, x, s.frame(3, 3, 0, 0, 1), ends)
	expect(t, x, s.frame(4, 4, 0, 2, 3), ends)
	expect(t, x, s.frame(6, 6, 0, 2, 5), ends)
	expect(t, x, s.frame(5, 5, 0, 1, 3), ends)
}

// VP9 in non-flexible mode: its sender begins a spatial layer again with a
// picture that is predicted from below only.
func TestASpatialLayerThatBeginsAgainIsTaken(t *testing.T) {
	var r Reader
	frame := func(picture uint16, spatial, temporal uint8, predicted, above bool) *Frame {
		f := r.Read(codec.VP9, &codec.Facts{
			PictureID: picture, PictureIDBits: 15, SpatialID: spatial, TemporalID: temporal,
			FrameEnd: true, SwitchingUp: true, Predicted: predicted, InterLayer: above,
		}, nil, uint32(picture), false)
		return &f
	}
	x := NewFilter(0, 1)
	expect(t, x, frame(1, 0, 0, false, false), ends)
	x.Wish(1, 1)
	expect(t, x, frame(2, 0, 1, true, false), ends)
	expect(t, x, frame(2, 1, 1, false, true), out) // the next ones may need one before it
	expect(t, x, frame(3, 0, 0, true, false), ends)
	expect(t, x, frame(3, 1, 0, true, true), outWant)
	expect(t, x, frame(5, 1, 0, false, true), outWant) // what is below was lost
	expect(t, x, frame(6, 0, 0, true, false), ends)
	expect(t, x, frame(6, 1, 0, false, true), ends.under(1))
	expect(t, x, frame(7, 0, 0, true, false), goes.under(1))
	expect(t, x, frame(7, 1, 0, true, true), ends.under(1))
}
