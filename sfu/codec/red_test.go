package codec

import (
	"bytes"
	"errors"
	"testing"
)

// twoBlocks is a payload as Chromium sends it: the frame before, 960 ticks old,
// and the new one.
const twoBlocks = "ef 0f0003 6f aaaaaa bbbb"

func TestPrimaryOfREDIsItsLastBlock(t *testing.T) {
	tests := []struct {
		name, hex string
		pt        uint8
		primary   string
		err       error
	}{
		{"two blocks", twoBlocks, 111, "bbbb", nil},
		{"only a primary", "6f bbbb", 111, "bbbb", nil},
		{"three blocks, one empty", "ef1e0000 ef0f0001 6f aa bb", 111, "bb", nil},
		{"primary of no bytes", "ef0f0001 6f aa", 111, "", nil},
		{"nothing", "", 0, "", ErrTruncated},
		{"half a header", "ef0f00", 0, "", ErrTruncated},
		{"no primary header", "ef0f0001", 0, "", ErrTruncated},
		{"data that is not there", "ef0f0003 6f aaaa", 0, "", ErrTruncated},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			pt, primary, err := PrimaryOfRED(payload(t, tt.hex))
			if !errors.Is(err, tt.err) || pt != tt.pt || !bytes.Equal(primary, payload(t, tt.primary)) {
				t.Errorf("%d % x %v", pt, primary, err)
			}
		})
	}
}

func TestREDBlocksAreReadInOrder(t *testing.T) {
	var room [MaxREDBlocks]REDBlock
	blocks, err := AppendREDBlocks(room[:0], payload(t, "ef1e0001 ef0f0002 6f a1 b1b2 c1"))
	if err != nil || len(blocks) != 3 {
		t.Fatal(blocks, err)
	}
	for i, want := range []REDBlock{
		{111, 1920, []byte{0xa1}}, {111, 960, []byte{0xb1, 0xb2}}, {111, 0, []byte{0xc1}},
	} {
		if b := blocks[i]; b.PayloadType != want.PayloadType || b.TimestampOffset != want.TimestampOffset || !bytes.Equal(b.Data, want.Data) {
			t.Errorf("block %d: %+v, want %+v", i, b, want)
		}
	}
	if _, err := AppendREDBlocks(nil, payload(t, "ef")); !errors.Is(err, ErrTruncated) {
		t.Error(err)
	}
}

func TestREDOfTooManyBlocksIsRefused(t *testing.T) {
	most := append(bytes.Repeat([]byte{0xef, 0, 0, 0}, MaxREDBlocks-1), 0x6f)
	if _, _, err := PrimaryOfRED(most); err != nil {
		t.Error(err)
	}
	if _, _, err := PrimaryOfRED(append([]byte{0xef, 0, 0, 0}, most...)); !errors.Is(err, ErrMalformed) {
		t.Error(err)
	}
}

func TestReadingREDDoesNotAllocate(t *testing.T) {
	data := payload(t, twoBlocks)
	var room [MaxREDBlocks]REDBlock
	if allocs := testing.AllocsPerRun(100, func() {
		if blocks, err := AppendREDBlocks(room[:0], data); err != nil || len(blocks) != 2 {
			t.Fatal(err)
		}
	}); allocs != 0 {
		t.Errorf("%v allocations", allocs)
	}
}
