package codec

import "testing"

// FuzzRead reads any bytes as any format, and holds Patch to its promises on
// what is readable.
func FuzzRead(f *testing.F) {
	for _, p := range packets {
		f.Add(uint8(p.codec), payload(f, p.hex), uint16(0x8181), uint8(0x42))
	}
	f.Fuzz(func(t *testing.T, c uint8, data []byte, pictureID uint16, tl0 uint8) {
		checkPatch(t, Codec(c%uint8(len(names))), data, pictureID, tl0)
	})
}

// FuzzRED checks that the blocks of a payload lie in it, back to back.
func FuzzRED(f *testing.F) {
	f.Add(payload(f, twoBlocks))
	f.Add(payload(f, "ef1e0001 ef0f0002 6f a1 b1b2 c1"))
	f.Fuzz(func(t *testing.T, data []byte) {
		blocks, err := AppendREDBlocks(nil, data)
		if err != nil {
			return
		}
		size := 4*len(blocks) - 3
		for _, b := range blocks {
			size += len(b.Data)
		}
		if size != len(data) || len(blocks) > MaxREDBlocks {
			t.Fatalf("%d blocks of %d bytes in all, of %d", len(blocks), size, len(data))
		}
	})
}
