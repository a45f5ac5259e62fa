package nack

import (
	"slices"
	"testing"

	"github.com/pion/rtcp"
)

func TestPairsNameWhatWasGiven(t *testing.T) {
	for _, seqs := range [][]uint16{
		nil,
		{5},
		{5, 6, 7},
		{5, 21, 22},
		{65530, 65535, 0, 10, 11, 12},
		{0, 100, 200, 300},
		{7, 7, 8},
	} {
		pairs := AppendPairs(nil, seqs)
		var named []uint16
		for _, p := range pairs {
			named = append(named, p.PacketList()...)
		}
		if !slices.Equal(slices.Compact(named), slices.Compact(slices.Clone(seqs))) {
			t.Errorf("%v became %v", seqs, named)
		}
	}
}

func TestPairsAreFew(t *testing.T) {
	for _, tc := range []struct {
		seqs  []uint16
		pairs int
	}{{[]uint16{1, 17}, 1}, {[]uint16{1, 18}, 2}, {[]uint16{65535, 15}, 1}} {
		if got := AppendPairs(nil, tc.seqs); len(got) != tc.pairs {
			t.Errorf("%v became %d pairs, want %d", tc.seqs, len(got), tc.pairs)
		}
	}
}

func TestPairsAreAppendedWithoutAllocation(t *testing.T) {
	seqs, pairs := []uint16{1, 2, 50, 51, 100}, make([]rtcp.NackPair, 0, 8)
	if allocs := testing.AllocsPerRun(100, func() { pairs = AppendPairs(pairs[:0], seqs) }); allocs != 0 {
		t.Errorf("%v allocations", allocs)
	}
	if kept := AppendPairs([]rtcp.NackPair{{PacketID: 1}}, []uint16{2}); len(kept) != 2 || kept[0].LostPackets != 0 {
		t.Errorf("what stood there was changed: %v", kept)
	}
}
