package red

import (
	"bytes"
	"testing"

	"madang/sfu/codec"
)

func TestUnpackedPacketsAreThoseBefore(t *testing.T) {
	const stamp = 960 * 9
	block := func(age uint32, n int, mark byte) Packet { return Packet{stamp - 960*age, opus(n, mark)} }
	primary := block(0, 80, 'p')
	for _, tt := range []struct {
		name    string
		payload []byte
		want    string // first bytes, the oldest first
	}{
		{"none", Build(nil, 111, primary), ""},
		{"one", Build(nil, 111, primary, block(1, 70, 'a')), "a"},
		{"two", Build(nil, 111, primary, block(1, 70, 'b'), block(2, 60, 'a')), "ab"},
		{"over a silence", Build(nil, 111, primary, block(8, 70, 'a')), "a"},
		{"out of order", Build(nil, 111, primary, block(3, 70, 'b'), block(2, 60, 'a')), "b"},
		{"an empty one between", []byte{
			0x80 | 111, 3840 >> 6, 0, 1, 0x80 | 111, 1920 >> 6, 0, 0, 0x80 | 111, 960 >> 6, 0, 1, 111, 'x', 'b', 'p',
		}, "b"},
		{"nothing", nil, ""},
		{"cut short", []byte{0xff, 0, 0}, ""},
	} {
		t.Run(tt.name, func(t *testing.T) {
			got := ""
			for i, c := range Unpack(nil, 1, stamp, tt.payload) {
				got += string(c.Payload[:1])
				if want := uint16(1 - (len(tt.want) - i)); c.Sequence != want || c.PayloadType != 111 {
					t.Errorf("%q: number %d, want %d, type %d", got, c.Sequence, want, c.PayloadType)
				}
			}
			if got != tt.want {
				t.Errorf("got %q, want %q", got, tt.want)
			}
		})
	}
}

// FuzzUnpack takes any payload and holds what comes of it to what RED can say.
func FuzzUnpack(f *testing.F) {
	f.Add(uint16(1), uint32(960), Build(nil, 111, Packet{1920, opus(80, 1)}, Packet{960, opus(70, 2)}, Packet{0, opus(60, 3)}))
	f.Add(uint16(0), uint32(0), []byte{0xef, 0x0f, 0, 1, 111, 'a', 'p'})
	f.Add(uint16(9), uint32(9), []byte{})
	f.Fuzz(func(t *testing.T, sequence uint16, timestamp uint32, payload []byte) {
		got := Unpack(nil, sequence, timestamp, payload)
		if len(got) >= codec.MaxREDBlocks {
			t.Fatalf("%d packets", len(got))
		}
		for i, c := range got {
			if c.Sequence != sequence-uint16(len(got)-i) {
				t.Fatalf("packet %d of %d before %d has number %d", i, len(got), sequence, c.Sequence)
			}
			if age := timestamp - c.Timestamp; age == 0 || age > maxOffset {
				t.Fatalf("%d ticks before", age)
			}
			if len(c.Payload) == 0 || !bytes.Contains(payload, c.Payload) {
				t.Fatalf("%x is not in %x", c.Payload, payload)
			}
		}
	})
}

func TestUnpackingDoesNotAllocate(t *testing.T) {
	payload := Build(nil, 111, Packet{1920, opus(80, 1)}, Packet{960, opus(70, 2)}, Packet{0, opus(60, 3)})
	dst := make([]Carried, 0, MaxDistance)
	if allocs := testing.AllocsPerRun(100, func() { dst = Unpack(dst[:0], 1, 1920, payload) }); allocs != 0 {
		t.Errorf("%v allocations", allocs)
	}
}
