package sfu

import (
	"testing"
	"time"
)

func TestSmallerLayerIsShownWhileTheRightOneRestarts(t *testing.T) {
	w := newWorld()
	a, _ := w.peer()
	c, _ := w.peer()
	source := w.source(a, Camera, 10, 11)
	var cams []*camera
	for i, rid := range []string{"q", "h"} {
		ssrc := uint32(10 + i)
		a.streams[ssrc] = stream{layer: source.layer(rid, ssrc, testFormats[96], w.now)}
		cams = append(cams, &camera{from: a, ssrc: ssrc, size: 1})
	}
	both := func(frames int, second bool) {
		for i := range frames {
			a.receiveRTP(cams[0].frame(i%10 == 0)[0], w.now)
			if second {
				a.receiveRTP(cams[1].frame(i%10 == 0)[0], w.now)
			}
			w.tick(40 * time.Millisecond)
		}
	}
	both(20, true)
	both(20, false) // nobody wanted it, and it stopped
	slot := w.slot(c, "1", Video, 900)
	source.layers[1].live = true // its publisher is asked again
	slot.assign(Feed{Source: source}, w.now)
	both(12, false)
	if slot.current == nil || slot.current.rid != "q" {
		t.Fatal("nothing is shown while the larger layer is awaited")
	}
	both(80, true)
	if slot.current.rid != "h" {
		t.Errorf("layer %s after the larger one came", slot.current.rid)
	}
}

func TestProbesGoOnWhereEveryPictureIsPaused(t *testing.T) {
	w := newWorld()
	c, path := w.peer()
	slot := w.slot(c, "1", Video, 900)
	slot.transportID, c.down.transport = 3, 3
	for range 3 {
		if n := c.Pad(1000, 7); n < zeroBytes {
			t.Fatalf("%d bytes of padding", n)
		}
	}
	packets := path.media(901)
	if len(packets) != 3 || packets[2].SequenceNumber != packets[0].SequenceNumber+2 || len(packets[0].Payload) != 0 {
		t.Errorf("sent %v", packets)
	}
	if len(packets[0].GetExtension(3)) != 2 {
		t.Error("a probe's packet has no transport-wide number")
	}
}
