package sfu

import (
	"encoding/binary"
	"slices"
	"testing"
)

func TestLayersAreRankedByTheirPictures(t *testing.T) {
	for _, tt := range []struct {
		name    string
		rids    []string
		heights []uint16
		want    []string // from the smallest to the largest
	}{
		{"in the order of the offer", []string{"lo", "mid", "hi"}, []uint16{180, 360, 720}, []string{"lo", "mid", "hi"}},
		{"the largest first", []string{"hi", "mid", "lo"}, []uint16{720, 360, 180}, []string{"lo", "mid", "hi"}},
		{"numbers", []string{"2", "0", "1"}, []uint16{720, 180, 360}, []string{"0", "1", "2"}},
		{"letters that mean the opposite", []string{"q", "h", "f"}, []uint16{720, 360, 180}, []string{"f", "h", "q"}},
		{"one that is not known yet", []string{"hi", "mid", "lo"}, []uint16{720, 0, 180}, []string{"hi", "mid", "lo"}},
	} {
		t.Run(tt.name, func(t *testing.T) {
			w := newWorld()
			e, _ := w.peer()
			source := w.source(e, Camera, 10, 20, 30)
			source.wing, source.rids = w.wing, slices.Clone(tt.rids)
			viewer, _ := w.peer()
			slot := w.slot(viewer, "1", Video, 900)
			slot.assign(Feed{Source: source}, w.now)
			cams := []*camera{}
			for i, ssrc := range []uint32{10, 20, 30} {
				e.declared[ssrc] = declaration{source: source, rid: tt.rids[i]}
				cams = append(cams, &camera{from: e, ssrc: ssrc, size: 2})
			}
			for frame := range 60 {
				for i, c := range cams {
					for _, raw := range c.frame(frame%10 == 0) {
						if frame%10 == 0 {
							binary.LittleEndian.PutUint16(raw[12+14:], tt.heights[i])
						}
						e.receiveRTP(raw, w.now)
					}
				}
				w.tick(frameEvery)
			}
			if !slices.Equal(source.rids, tt.want) {
				t.Errorf("ranked %v", source.rids)
			}
			for i, l := range source.layers {
				if l.rank != i || l.rid != tt.want[i] || source.rank(l.rid) != i {
					t.Errorf("layer %d is %s of rank %d", i, l.rid, l.rank)
				}
			}
			if slot.current == nil || slot.current.rid != tt.want[2] {
				t.Errorf("fed by %+v", slot.fedRank())
			}
		})
	}
}
