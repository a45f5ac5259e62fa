package codec

import (
	"bytes"
	"math/rand/v2"
	"testing"
)

// checkPatch holds Patch to its promises: what is read afterwards is what was
// written, in the width that was there, and nothing else; and it can be undone.
func checkPatch(t *testing.T, c Codec, data []byte, pictureID uint16, tl0 uint8) {
	t.Helper()
	var before, after Facts
	if Read(c, data, false, &before) != nil {
		return
	}
	patched := bytes.Clone(data)
	before.Patch(patched, pictureID, tl0)
	if err := Read(c, patched, false, &after); err != nil {
		t.Fatalf("%v: % x is unreadable after Patch: %v", c, data, err)
	}
	want := before
	want.PictureID = pictureID & (1<<before.PictureIDBits - 1)
	if before.HasTL0 {
		want.TL0PICIDX = tl0
	}
	if after != want {
		t.Fatalf("%v: % x\nread %+v\nwant %+v", c, data, after, want)
	}
	before.Patch(patched, before.PictureID, before.TL0PICIDX)
	if !bytes.Equal(patched, data) {
		t.Fatalf("%v: % x is not restored: % x", c, data, patched)
	}
}

func TestPatchWritesTheRunningIndicesAndIsUndone(t *testing.T) {
	for _, tt := range packets {
		for _, index := range []uint16{0, 1, 127, 128, 255, 0x7fff, 0x8000, 0xffff} {
			checkPatch(t, tt.codec, payload(t, tt.hex), index, uint8(index))
		}
	}
}

func TestPatchOfAnyPayloadIsUndone(t *testing.T) {
	random := rand.New(rand.NewPCG(3, 4))
	data := make([]byte, 40)
	for range 20_000 {
		for i := range data {
			data[i] = uint8(random.Uint32())
		}
		for c := Opus; c <= AV1; c++ {
			checkPatch(t, c, data, uint16(random.Uint32()), uint8(random.Uint32()))
		}
	}
}

func TestPatchKeepsOffPayloadsWithoutIndices(t *testing.T) {
	for _, text := range []string{"10 303e00", "b0 00 30", "9010df0100"} {
		data := payload(t, text)
		var f Facts
		if err := Read(VP8, data, true, &f); err != nil {
			t.Fatal(err)
		}
		f.Patch(data, 0x1234, 0x56)
		if !bytes.Equal(data, payload(t, text)) {
			t.Errorf("%s became % x", text, data)
		}
	}
}
