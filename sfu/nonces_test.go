//go:build !race

package sfu

import (
	"encoding/binary"
	"fmt"
	"testing"
	"time"
)

func TestNoNumberIsSealedTwiceWithOtherBytes(t *testing.T) {
	for seed := range uint64(2) {
		t.Run(fmt.Sprint("seed ", seed), func(t *testing.T) {
			t.Parallel()
			f := newFair(t, seed)
			for n := range 6000 { // a minute
				f.turn(n)
			}
			f.check()
		})
	}
}

// check tells whether so much happened that it shows something.
func (f *fair) check() {
	furthest := uint64(0)
	for _, c := range []*counters{&f.worker.counts, &f.away.worker.counts} {
		f.t.Logf("%d packets, %d resent, %d asked, %d crossed", c.packetsOut.Load(), c.resent.Load(), c.nackIn.Load(), c.crossed.Load())
		if c.panics.Load() > 0 || c.dropPath.Load() > 0 || c.resent.Load() < 1000 {
			f.t.Errorf("%d panics, %d dropped by the path, %d resent", c.panics.Load(), c.dropPath.Load(), c.resent.Load())
		}
	}
	for i, v := range f.visitors {
		f.t.Logf("  %+v: %d packets, %d of them again, up to index %d, %d slots", v.kind, v.packets, v.again, v.furthest(), len(v.video)+len(v.audio))
		furthest = max(furthest, v.furthest())
		asItWas := !v.kind.rtx && !v.kind.transport
		switch {
		case v.packets < 5000 || len(v.video) < 3 || v.furthest() < 1<<16:
			f.t.Errorf("visitor %d: too little happened", i)
		case asItWas != (v.again > 0):
			f.t.Errorf("visitor %d got %d packets again, byte for byte", i, v.again)
		}
	}
	if furthest < 3<<15 { // where the first number of a stream is none to go by any more
		f.t.Errorf("no stream came further than %d", furthest)
	}
}

// A screen that was paused comes back just when its size changes: the keyframe
// that says so has it served from what is kept, where that keyframe is already.
func TestKeyframeThatResumesAScreenIsSentOnce(t *testing.T) {
	w := newWorld()
	from, _ := w.peer()
	screen := w.source(from, Screen, 50)
	viewer, path := w.peer()
	slot := w.slot(viewer, "1", Video, 900)
	slot.transportID, viewer.down.transport = saidTransport, saidTransport
	cam := &camera{from: from, ssrc: 50, size: 1}
	from.receiveRTP(cam.frame(true)[0], w.now)
	slot.assign(Feed{Source: screen}, w.now)
	w.tick(6 * time.Second)
	slot.cut(screen, WhyBandwidth)
	path.rtp = nil
	larger := cam.frame(true)[0]
	binary.LittleEndian.PutUint16(larger[12+6+8:], 720)
	from.receiveRTP(larger, w.now)
	w.tick(tickEvery)
	sent := map[uint16]int{}
	for _, p := range path.media(900) {
		if sent[p.SequenceNumber]++; sent[p.SequenceNumber] > 1 {
			t.Errorf("number %d was sent %d times", p.SequenceNumber, sent[p.SequenceNumber])
		}
	}
	if len(sent) == 0 {
		t.Error("nothing was sent")
	}
}
