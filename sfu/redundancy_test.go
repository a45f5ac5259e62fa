package sfu

import (
	"bytes"
	"encoding/binary"
	"testing"
	"time"

	"madang/sfu/codec"
)

func TestSubscriberThatLosesSoundGetsItTwice(t *testing.T) {
	w := newWorld()
	a, _ := extended(w)
	source := w.source(a, Mic, 10)
	c, path := w.peer()
	slot := w.slot(c, "1", Audio, 900)
	slot.formats[codec.RED] = format{media: 63}
	slot.assign(Feed{Source: source}, w.now)
	send := func(from, to uint16) {
		for i := from; i < to; i++ {
			raw := labelled(10, 111, i, []byte{0xfc, byte(i)}, nil)
			binary.BigEndian.PutUint32(raw[4:], uint32(i)*960)
			a.receiveRTP(raw, w.now)
			w.tick(20 * time.Millisecond)
		}
	}
	send(0, 100)
	for _, p := range path.media(900) {
		if p.PayloadType != 111 {
			t.Fatalf("payload type %d on a good link", p.PayloadType)
		}
	}
	slot.missed = 26 // 10 %
	send(100, 400)
	packets := path.media(900)
	last := packets[len(packets)-1]
	blocks, err := codec.AppendREDBlocks(nil, last.Payload)
	if last.PayloadType != 63 || err != nil || len(blocks) < 2 {
		t.Fatalf("payload type %d, %d blocks, %v", last.PayloadType, len(blocks), err)
	}
	if !bytes.Equal(blocks[len(blocks)-2].Data, []byte{0xfc, 398 & 0xff}) {
		t.Errorf("the block before is %v", blocks[len(blocks)-2])
	}
	if slot.resend(last.SequenceNumber) {
		t.Error("sound was sent again: the same number must not be sealed with other bytes")
	}
}
