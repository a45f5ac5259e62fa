package sfu

import (
	"bytes"
	"encoding/binary"
	"math/rand/v2"
	"testing"
	"time"

	"github.com/pion/rtcp"
	"github.com/pion/rtp"
)

// checkContinuous fails unless the packets, put in order, have no gap, one
// timestamp a frame going forward, and picture ids and TL0PICIDX that count up
// frame by frame. Frames may lack their end where a switch cut them short.
func checkContinuous(t *testing.T, packets []rtp.Packet) {
	t.Helper()
	for i := 1; i < len(packets); i++ {
		a, b := packets[i-1], packets[i]
		if b.SequenceNumber != a.SequenceNumber+1 {
			t.Fatalf("packet %d: sequence number %d after %d", i, b.SequenceNumber, a.SequenceNumber)
		}
		step := int32(b.Timestamp - a.Timestamp)
		picture := pictureID(b) - pictureID(a)&0x7fff
		if pictureID(a) == 0x7fff {
			picture = pictureID(b) + 1
		}
		switch {
		case step < 0:
			t.Fatalf("packet %d: timestamp goes back by %d", i, -step)
		case step == 0 && picture != 0, step > 0 && picture != 1:
			t.Fatalf("packet %d: timestamp moves by %d, picture id by %d", i, step, picture)
		case step > 0 && b.Payload[4] != a.Payload[4]+1:
			t.Fatalf("packet %d: TL0PICIDX %d after %d", i, b.Payload[4], a.Payload[4])
		case step > 2*90_000:
			t.Fatalf("packet %d: timestamp jumps by %d", i, step)
		}
	}
}

func pictureID(p rtp.Packet) uint16 { return binary.BigEndian.Uint16(p.Payload[2:]) & 0x7fff }

func TestSwitchesKeepSequenceAndTimestampContinuous(t *testing.T) {
	w := newWorld()
	a, _ := w.peer()
	b, _ := w.peer()
	c, path := w.peer()
	sources := []*Source{w.source(a, Camera, 10), w.source(b, Camera, 20)}
	cameras := []*camera{
		{from: a, ssrc: 10, sequence: 65000, stamp: 0xffff0000, picture: 0x7ff0, tl0: 250, size: 2},
		{from: b, ssrc: 20, sequence: 17, stamp: 12345, picture: 5, size: 7},
	}
	slot := w.slot(c, "1", Video, 900)
	rng := rand.New(rand.NewPCG(1, 2))
	switches := 0
	for frame := range 4000 {
		if frame%20 == 0 {
			slot.assign(Feed{Source: sources[frame/20%2]}, w.now)
			switches++
		}
		for _, cam := range cameras {
			if rng.IntN(10) == 0 {
				cam.from.receiveRTP(cam.padding(), w.now)
			}
			key := frame == 0 || slot.pending != nil && slot.pending.ssrc == cam.ssrc && rng.IntN(3) == 0
			for _, raw := range cam.frame(key) {
				cam.from.receiveRTP(raw, w.now)
			}
		}
		w.tick(30 * time.Millisecond)
		if slot.pending != nil && frame%20 == 19 {
			t.Fatalf("frame %d: the switch waits still", frame)
		}
	}
	packets := path.media(900)
	if len(packets) < 4000*3 || switches != 200 {
		t.Fatalf("%d packets over %d switches", len(packets), switches)
	}
	checkContinuous(t, packets)
	if got := packets[0]; got.PayloadType != 100 || string(got.GetExtension(slot.midID)) != "" {
		t.Errorf("first packet is labelled %v", got.Header)
	}
}

// lossy hands a camera's packets over a network with a seed: some are lost and
// come later, some twice, some out of order.
type lossy struct {
	rng   *rand.Rand
	later [][]byte
}

func (l *lossy) pass(packets [][]byte, receive func([]byte)) {
	for _, raw := range packets {
		switch l.rng.IntN(20) {
		case 0: // late
			l.later = append(l.later, raw)
			continue
		case 1:
			receive(raw)
		}
		receive(raw)
	}
	for len(l.later) > 0 && l.rng.IntN(3) > 0 {
		receive(l.later[0])
		l.later = l.later[1:]
	}
}

func TestGapsOfThePublisherAreFilledInPlace(t *testing.T) {
	for seed := range uint64(20) {
		w := newWorld()
		a, _ := w.peer()
		c, path := w.peer()
		source := w.source(a, Camera, 10)
		cam := &camera{from: a, ssrc: 10, sequence: 65400, size: 3}
		slot := w.slot(c, "1", Video, 900)
		slot.assign(Feed{Source: source}, w.now)
		net := &lossy{rng: rand.New(rand.NewPCG(seed, 1))}
		for frame := range 600 {
			if net.rng.IntN(7) == 0 {
				a.receiveRTP(cam.padding(), w.now)
			}
			packets := cam.frame(frame == 0)
			if frame == 0 {
				for _, raw := range packets {
					a.receiveRTP(raw, w.now)
				}
			} else {
				net.pass(packets, func(raw []byte) { a.receiveRTP(raw, w.now) })
			}
			w.tick(30 * time.Millisecond)
		}
		for _, raw := range net.later {
			a.receiveRTP(raw, w.now)
		}
		seen := map[uint16]rtp.Packet{}
		var lowest, highest int64 = 65530, 0
		for _, p := range path.media(900) {
			extended := 65530 + int64(p.SequenceNumber-uint16(65530&0xffff))
			highest = max(highest, extended)
			if old, twice := seen[p.SequenceNumber]; twice && !bytes.Equal(old.Payload, p.Payload) {
				t.Fatalf("seed %d: two packets under number %d", seed, p.SequenceNumber)
			}
			seen[p.SequenceNumber] = p
		}
		var ordered []rtp.Packet
		for n := lowest; n <= highest; n++ {
			p, ok := seen[uint16(n)]
			if !ok {
				t.Fatalf("seed %d: %d is missing", seed, n-lowest)
			}
			if len(p.Payload) > 0 {
				ordered = append(ordered, p)
			}
		}
		last := ordered[0]
		for _, p := range ordered[1:] {
			if int32(p.Timestamp-last.Timestamp) < 0 || (pictureID(p)-pictureID(last))&0x7fff > 1 {
				t.Fatalf("seed %d: out of order", seed)
			}
			last = p
		}
	}
}

func TestSwitchWaitsForAKeyframeAndHoldsTheOldPicture(t *testing.T) {
	w := newWorld()
	a, pathA := w.peer()
	b, pathB := w.peer()
	c, path := w.peer()
	first, second := w.source(a, Camera, 10), w.source(b, Camera, 20)
	camA, camB := &camera{from: a, ssrc: 10, size: 1}, &camera{from: b, ssrc: 20, size: 1}
	slot := w.slot(c, "1", Video, 900)
	slot.assign(Feed{Source: first}, w.now)
	step := func(keyA, keyB bool) {
		for _, raw := range camA.frame(keyA) {
			a.receiveRTP(raw, w.now)
		}
		for _, raw := range camB.frame(keyB) {
			b.receiveRTP(raw, w.now)
		}
		w.tick(30 * time.Millisecond)
	}
	step(false, false)
	if got := len(path.media(900)); got != 0 {
		t.Fatalf("%d packets before a keyframe", got)
	}
	if len(asked(pathA)) == 0 {
		t.Fatal("the publisher was not asked for a keyframe")
	}
	step(true, false)
	slot.assign(Feed{Source: second}, w.now)
	before := len(path.media(900))
	for range 10 {
		step(false, false)
	}
	if got := len(path.media(900)); got != before+10 {
		t.Fatalf("%d packets of the old picture while the new one is awaited", got-before)
	}
	if n := len(asked(pathB)); n < 3 || n > 4 {
		t.Errorf("asked %d times in 300 ms, want at 0, 100 and 200 ms", n)
	}
	step(false, true)
	w.tick(tickEvery)
	if slot.current.source != second || slot.pending != nil {
		t.Fatal("the keyframe did not switch")
	}
	w.worker.turn(&batch{}, false, w.now)
	if state := w.told.slots[slot]; state.Source != second || state.Timestamp != path.media(900)[before+11].Timestamp {
		t.Errorf("the room was told %+v", state)
	}
	if asks := len(asked(pathB)); asks > 4 {
		t.Errorf("asked %d times in all", asks)
	}
}

func asked(f *fakePath) []rtcp.Packet {
	var out []rtcp.Packet
	for _, p := range f.rtcp {
		if _, ok := p.(*rtcp.PictureLossIndication); ok {
			out = append(out, p)
		}
	}
	return out
}

func TestMuteCutsAtOnce(t *testing.T) {
	for why, feed := range map[string]Feed{"muted": {Why: WhyMuted}, "gone": {Why: WhyGone}, "empty": {}} {
		t.Run(why, func(t *testing.T) {
			w := newWorld()
			a, _ := w.peer()
			c, path := w.peer()
			source := w.source(a, Camera, 10)
			cam := &camera{from: a, ssrc: 10, size: 1}
			slot := w.slot(c, "1", Video, 900)
			slot.assign(Feed{Source: source}, w.now)
			a.receiveRTP(cam.frame(false)[0], w.now)
			a.receiveRTP(cam.frame(true)[0], w.now)
			if feed.Why == WhyMuted {
				feed.Source = source
			}
			slot.assign(feed, w.now)
			a.receiveRTP(cam.frame(true)[0], w.now)
			if got := len(path.media(900)); got != 1 {
				t.Errorf("%d packets, want the one before the cut", got)
			}
			w.worker.turn(&batch{}, false, w.now)
			if state := w.told.slots[slot]; string(state.Why) != why {
				t.Errorf("the room was told %+v", state)
			}
			slot.assign(Feed{Source: source}, w.now)
			a.receiveRTP(cam.frame(true)[0], w.now)
			if packets := path.media(900); len(packets) != 2 {
				t.Errorf("%d packets after it came back", len(packets))
			} else {
				checkContinuous(t, packets)
			}
		})
	}
}

func TestNACKIsAnsweredOverRTXWithWhatWasSent(t *testing.T) {
	w := newWorld()
	a, _ := w.peer()
	c, path := w.peer()
	source := w.source(a, Camera, 10)
	cam := &camera{from: a, ssrc: 10, sequence: 40000, picture: 77, size: 3}
	slot := w.slot(c, "1", Video, 900)
	slot.assign(Feed{Source: source}, w.now)
	for i := range 30 {
		for _, raw := range cam.frame(i < 2) {
			a.receiveRTP(raw, w.now)
		}
	}
	sent := path.media(900)
	for _, rtx := range []bool{true, false} {
		if !rtx {
			slot.rtxSSRC = 0
		}
		for _, p := range sent {
			path.rtp = nil
			c.nacked(&rtcp.TransportLayerNack{MediaSSRC: 900, Nacks: []rtcp.NackPair{{PacketID: p.SequenceNumber}}}, w.now)
			if len(path.rtp) != 1 {
				t.Fatalf("%d answers to a NACK", len(path.rtp))
			}
			got := path.rtp[0]
			if rtx {
				if got.SSRC != 901 || got.PayloadType != 101 || binary.BigEndian.Uint16(got.Payload) != p.SequenceNumber {
					t.Fatalf("retransmission is labelled %v", got.Header)
				}
				got.Payload = got.Payload[2:]
			} else if wanted, _ := p.Marshal(); wanted != nil {
				if raw, _ := got.Marshal(); !bytes.Equal(raw, wanted) {
					t.Fatal("without RTX the bytes differ: a nonce would be used twice")
				}
			}
			if got.Timestamp != p.Timestamp || got.Marker != p.Marker || !bytes.Equal(got.Payload, p.Payload) {
				t.Fatalf("%v came back as %v", p, got)
			}
		}
	}
	path.rtp = nil
	c.nacked(&rtcp.TransportLayerNack{MediaSSRC: 900, Nacks: []rtcp.NackPair{{PacketID: sent[0].SequenceNumber - 1}, {PacketID: sent[len(sent)-1].SequenceNumber + 1}}}, w.now)
	if len(path.rtp) != 0 {
		t.Error("answered a NACK for what was never sent")
	}
}

func TestResendingIsBounded(t *testing.T) {
	w := newWorld()
	a, _ := w.peer()
	c, path := w.peer()
	source := w.source(a, Camera, 10)
	cam := &camera{from: a, ssrc: 10, size: 17}
	slot := w.slot(c, "1", Video, 900)
	slot.assign(Feed{Source: source}, w.now)
	for range 2 {
		for _, raw := range cam.frame(true) {
			a.receiveRTP(raw, w.now)
		}
	}
	first := path.media(900)[0].SequenceNumber
	path.rtp = nil
	for range 1000 {
		c.nacked(&rtcp.TransportLayerNack{MediaSSRC: 900, Nacks: []rtcp.NackPair{{PacketID: first, LostPackets: 0xffff}}}, w.now)
	}
	if got := len(path.rtp); got != resendBurst {
		t.Errorf("a flood of NACKs had %d packets sent, want %d", got, resendBurst)
	}
}

func TestLargestLiveLayerFeedsTheSlot(t *testing.T) {
	w := newWorld()
	a, _ := w.peer()
	c, path := w.peer()
	source := w.source(a, Camera, 10, 11, 12)
	slot := w.slot(c, "1", Video, 900)
	cams := []*camera{{from: a, ssrc: 10, size: 1}, {from: a, ssrc: 11, size: 1}, {from: a, ssrc: 12, size: 1}}
	for i, rid := range []string{"q", "h", "f"} {
		e := stream{layer: source.layer(rid, uint32(10+i), testFormats[96], w.now)}
		a.streams[uint32(10+i)] = e
	}
	slot.assign(Feed{Source: source}, w.now)
	for i := range 300 {
		for n, cam := range cams {
			if n == 2 && i > 100 && i < 200 {
				continue // the publisher cannot afford its largest
			}
			a.receiveRTP(cam.frame(i%10 == 0)[0], w.now)
		}
		w.tick(30 * time.Millisecond)
		want := "f"
		if i > 150 && i < 200 {
			want = "h"
		}
		if i > 20 && (i < 100 || i > 150) && i != 200 && i < 200 && slot.current.rid != want {
			t.Fatalf("frame %d: layer %s, want %s", i, slot.current.rid, want)
		}
	}
	if slot.current.rid != "f" {
		t.Errorf("layer %s after the largest came back", slot.current.rid)
	}
	checkContinuous(t, path.media(900))
}
