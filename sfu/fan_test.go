package sfu

import (
	"slices"
	"testing"

	"github.com/pion/rtcp"

	"madang/sfu/rtpout"
)

// longer makes a packet's payload longer.
func longer(raw []byte, by int) []byte { return append(slices.Clone(raw), make([]byte, by)...) }

func TestPacketsOfABurstGoOutSubscriberBySubscriber(t *testing.T) {
	w := newWorld()
	publisher, _ := w.peer()
	source := w.source(publisher, Camera, 10)
	cam := &camera{from: publisher, ssrc: 10, size: 5}
	var order []uint32
	for i := range 3 {
		e, _ := w.peer()
		e.path = listing{&order}
		w.slot(e, "1", Video, uint32(1000+2*i)).assign(Feed{Source: source}, w.now)
	}
	for _, key := range []bool{true, false} {
		order = order[:0]
		for _, raw := range cam.frame(key) {
			publisher.takeRTP(raw, w.now)
		}
		if len(order) != 0 {
			t.Fatal("packets left before the burst was over")
		}
		w.worker.fanOut(w.now)
		if len(order) != 15 || len(slices.Compact(order)) != 3 {
			t.Fatalf("sent to %v", order)
		}
	}
}

func TestPacketsOfAFrameAreMadeEquallyLong(t *testing.T) {
	for _, c := range []struct {
		name    string
		grow    []int // bytes, of the packets of a frame
		padding []byte
	}{
		{"the last are longer by one", []int{0, 0, 1, 1}, []byte{1, 1, 0, 0}},
		{"equal", []int{3, 3, 3}, []byte{0, 0, 0}},
		{"a shorter one ends the run", []int{8, 8, 2}, []byte{0, 0, 0}},
		{"one is shorter", []int{8, 2, 8}, []byte{0, 6, 0}},
		{"too different", []int{0, 9, 0}, []byte{0, 0, 0}},
	} {
		w := newWorld()
		publisher, _ := w.peer()
		source := w.source(publisher, Camera, 10)
		e, path := w.peer()
		slot := w.slot(e, "1", Video, 900)
		slot.assign(Feed{Source: source}, w.now)
		cam := &camera{from: publisher, ssrc: 10, size: len(c.grow)}
		for i, raw := range cam.frame(true) {
			publisher.takeRTP(longer(raw, c.grow[i]), w.now)
		}
		w.worker.fanOut(w.now)
		first := slot.next - int64(len(c.grow))
		for i, p := range path.media(900) {
			if p.Header.PaddingSize != c.padding[i] || p.Padding != (c.padding[i] > 0) {
				t.Errorf("%s: packet %d has %d bytes of padding, not %d", c.name, i, p.Header.PaddingSize, c.padding[i])
			}
			slot.transportID, path.rtp = 0, nil
			slot.rtxSSRC = 0
			if !slot.resend(uint16(first + int64(i))) {
				t.Fatalf("%s: packet %d is not sent again", c.name, i)
			}
			if again := path.rtp[0]; again.Header.PaddingSize != c.padding[i] || again.SequenceNumber != p.SequenceNumber {
				t.Errorf("%s: packet %d is sent again with %d bytes of padding", c.name, i, again.Header.PaddingSize)
			}
		}
	}
}

func TestASlotThatBeginsWithinABurstGetsEachPacketOnce(t *testing.T) {
	w := newWorld()
	publisher, _ := w.peer()
	source := w.source(publisher, Camera, 10)
	e, path := w.peer()
	w.slot(e, "1", Video, 900).assign(Feed{Source: source}, w.now)
	cam := &camera{from: publisher, ssrc: 10, size: 4}
	for _, raw := range slices.Concat(cam.frame(false), cam.frame(true), cam.frame(false)) {
		publisher.takeRTP(raw, w.now)
	}
	w.worker.fanOut(w.now)
	sent := path.media(900)
	for i, p := range sent {
		if p.SequenceNumber != sent[0].SequenceNumber+uint16(i) {
			t.Fatalf("packet %d has number %d after %d", i, p.SequenceNumber, sent[0].SequenceNumber)
		}
	}
	if len(sent) != 8 || !isKeyframe(sent[0]) {
		t.Fatalf("%d packets", len(sent))
	}
}

// listing lists the SSRCs of what leaves.
type listing struct{ order *[]uint32 }

func (l listing) WriteRTP(p *rtpout.Packet) { *l.order = append(*l.order, p.SSRC()) }
func (listing) WriteRTCP([]rtcp.Packet)     {}
