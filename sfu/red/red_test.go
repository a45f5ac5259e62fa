package red

import (
	"bytes"
	"testing"

	"madang/sfu/codec"
)

// opus is a payload of n bytes that can be told from others.
func opus(n int, mark byte) []byte { return bytes.Repeat([]byte{mark}, n) }

func TestBuiltPayloadIsReadBack(t *testing.T) {
	const now = 960 * 5
	primary := Packet{now, opus(80, 'c')}
	near, far := Packet{now - 960, opus(70, 'b')}, Packet{now - 1920, opus(60, 'a')}
	for _, tt := range []struct {
		name     string
		primary  Packet
		previous []Packet
		want     string // first bytes of the blocks, the oldest first
		offsets  []uint16
	}{
		{"nothing before it", primary, nil, "c", []uint16{0}},
		{"one", primary, []Packet{near}, "bc", []uint16{960, 0}},
		{"two", primary, []Packet{near, far}, "abc", []uint16{1920, 960, 0}},
		{"a third is left out", primary, []Packet{near, far, {0, opus(9, 'z')}}, "abc", []uint16{1920, 960, 0}},
		{"an empty one is left out", primary, []Packet{{now - 960, nil}, far}, "ac", []uint16{1920, 0}},
		{"the longest that fits", primary, []Packet{{now - 960, opus(1023, 'b')}}, "bc", []uint16{960, 0}},
		{"too long a block", primary, []Packet{{now - 960, opus(1024, 'b')}, far}, "ac", []uint16{1920, 0}},
		{"too long in all, the older goes", primary, []Packet{{now - 960, opus(600, 'b')}, {now - 1920, opus(600, 'a')}}, "bc", []uint16{960, 0}},
		{"a primary as long as a packet", Packet{now, opus(1400, 'c')}, []Packet{near}, "c", []uint16{0}},
		{"the oldest that can be said", Packet{16383, opus(80, 'c')}, []Packet{{0, opus(70, 'b')}}, "bc", []uint16{16383, 0}},
		{"older than can be said", Packet{16384, opus(80, 'c')}, []Packet{{0, opus(70, 'b')}}, "c", []uint16{0}},
		{"not older", primary, []Packet{{now, opus(70, 'b')}, {now + 960, opus(70, 'b')}}, "c", []uint16{0}},
		{"across the wrap of timestamps", Packet{480, opus(80, 'c')}, []Packet{{1<<32 - 480, opus(70, 'b')}}, "bc", []uint16{960, 0}},
		{"silence", Packet{now, nil}, []Packet{near}, "b", []uint16{960, 0}},
	} {
		t.Run(tt.name, func(t *testing.T) {
			dst := []byte("before")
			built := Build(dst, 111, tt.primary, tt.previous...)
			if !bytes.HasPrefix(built, dst) {
				t.Error("what was there is gone")
			}
			blocks, err := codec.AppendREDBlocks(nil, built[len(dst):])
			if err != nil {
				t.Fatal(err)
			}
			got := ""
			for i, b := range blocks {
				if len(b.Data) > 0 {
					got += string(b.Data[:1])
				}
				if b.PayloadType != 111 || i < len(tt.offsets) && b.TimestampOffset != tt.offsets[i] {
					t.Errorf("block %d: type %d, offset %d", i, b.PayloadType, b.TimestampOffset)
				}
			}
			if got != tt.want || len(blocks) != len(tt.offsets) {
				t.Errorf("%d blocks, %q", len(blocks), got)
			}
		})
	}
}

// FuzzBuild holds whatever is built to what an independent reader says of it.
func FuzzBuild(f *testing.F) {
	f.Add(uint8(111), opus(80, 1), opus(70, 2), opus(60, 3), uint32(4800), uint32(960), uint32(1920))
	f.Add(uint8(255), opus(1200, 1), opus(1023, 2), []byte{}, uint32(0), uint32(16383), uint32(16384))
	f.Fuzz(func(t *testing.T, pt uint8, primary, near, far []byte, timestamp, nearOffset, farOffset uint32) {
		previous := []Packet{{timestamp - nearOffset, near}, {timestamp - farOffset, far}}
		built := Build(nil, pt, Packet{timestamp, primary}, previous...)
		if len(built) > max(MaxBytes, 1+len(primary)) {
			t.Fatalf("%d bytes", len(built))
		}
		blocks, err := codec.AppendREDBlocks(nil, built)
		if err != nil {
			t.Fatal(err)
		}
		if last := blocks[len(blocks)-1]; !bytes.Equal(last.Data, primary) || last.PayloadType != pt&127 {
			t.Fatalf("primary %x of type %d", last.Data, last.PayloadType)
		}
		// Each block but the last is one of the previous; the oldest was given last.
		i := len(previous)
		for _, b := range blocks[:len(blocks)-1] {
			for i--; i >= 0; i-- {
				if uint32(b.TimestampOffset) == timestamp-previous[i].Timestamp && bytes.Equal(b.Data, previous[i].Payload) {
					break
				}
			}
			if i < 0 {
				t.Fatalf("a block that was not given: %x", b.Data)
			}
		}
	})
}

func TestBuildingDoesNotAllocate(t *testing.T) {
	buf := make([]byte, 0, MaxBytes)
	primary, near, far := Packet{1920, opus(80, 1)}, Packet{960, opus(80, 2)}, Packet{0, opus(80, 3)}
	if allocs := testing.AllocsPerRun(100, func() { buf = Build(buf[:0], 111, primary, near, far) }); allocs != 0 {
		t.Errorf("%v allocations", allocs)
	}
}

func BenchmarkBuild(b *testing.B) {
	buf := make([]byte, 0, MaxBytes)
	primary, near, far := Packet{1920, opus(80, 1)}, Packet{960, opus(80, 2)}, Packet{0, opus(80, 3)}
	for b.Loop() {
		buf = Build(buf[:0], 111, primary, near, far)
	}
}
