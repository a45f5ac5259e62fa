package sfu

import (
	"bytes"
	"math/rand/v2"
	"testing"
	"time"

	"github.com/pion/rtp"
)

// temporalOf is the temporal layer of a VP8 packet of the test camera.
func temporalOf(p rtp.Packet) byte { return p.Payload[5] >> 6 }

func TestTemporalLayersAreLeftOutWithoutAGap(t *testing.T) {
	w := newWorld()
	a, _ := w.peer()
	c, path := w.peer()
	source := w.source(a, Camera, 10)
	cam := &camera{from: a, ssrc: 10, sequence: 65000, picture: 0x7f00, size: 3, layered: true}
	slot := w.slot(c, "1", Video, 900)
	slot.assign(Feed{Source: source}, w.now)
	count := map[byte]int{}
	for frame := range 1200 {
		wish := byte(2 - frame/100%3)
		slot.wish(0, wish)
		before := len(path.rtp)
		for _, raw := range cam.frame(frame == 0) {
			a.receiveRTP(raw, w.now)
		}
		for _, p := range path.rtp[before:] {
			count[temporalOf(p)]++
			if temporalOf(p) > wish {
				t.Fatalf("frame %d: a packet of layer %d, wished %d", frame, temporalOf(p), wish)
			}
		}
		w.now = w.now.Add(frameEvery)
	}
	packets := path.media(900)
	for i := 1; i < len(packets); i++ {
		a, b := packets[i-1], packets[i]
		if b.SequenceNumber != a.SequenceNumber+1 {
			t.Fatalf("sequence number %d after %d", b.SequenceNumber, a.SequenceNumber)
		}
		if moved := (pictureID(b) - pictureID(a)) & 0x7fff; moved > 1 || (moved == 1) != (a.Timestamp != b.Timestamp) {
			t.Fatalf("picture id moves by %d", moved)
		}
	}
	if count[0] != 900 || count[1] < 550 || count[2] < 550 {
		t.Errorf("packets by layer: %v", count)
	}
}

func TestLeavingOutSurvivesLossAndDisorder(t *testing.T) {
	for seed := range uint64(30) {
		w := newWorld()
		a, _ := w.peer()
		c, path := w.peer()
		source := w.source(a, Camera, 10)
		cam := &camera{from: a, ssrc: 10, sequence: 64000, size: 3, layered: true}
		slot := w.slot(c, "1", Video, 900)
		slot.assign(Feed{Source: source}, w.now)
		rng := rand.New(rand.NewPCG(seed, 7))
		net := &lossy{rng: rng}
		for frame := range 600 {
			if rng.IntN(15) == 0 {
				slot.wish(0, byte(rng.IntN(3)))
			}
			packets := cam.frame(frame == 0)
			if frame == 0 {
				for _, raw := range packets {
					a.receiveRTP(raw, w.now)
				}
			} else {
				net.pass(packets, func(raw []byte) { a.receiveRTP(raw, w.now) })
			}
			w.now = w.now.Add(frameEvery)
			w.worker.turn(&batch{}, false, w.now)
		}
		for _, raw := range net.later {
			a.receiveRTP(raw, w.now)
		}
		checkPlaces(t, seed, path.media(900))
	}
}

// checkPlaces fails unless every number between the lowest and the highest was
// sent, always with the same bytes, and the pictures rise by one with the numbers.
// A picture whose packets all came late was given an id before it was known that
// it is left out: there the places were filled with padding.
func checkPlaces(t *testing.T, seed uint64, packets []rtp.Packet) {
	t.Helper()
	seen := map[uint16]rtp.Packet{}
	first := packets[0].SequenceNumber
	span := uint16(0)
	for _, p := range packets {
		if old, twice := seen[p.SequenceNumber]; twice && !bytes.Equal(old.Payload, p.Payload) {
			t.Fatalf("seed %d: two packets under number %d", seed, p.SequenceNumber-first)
		}
		seen[p.SequenceNumber] = p
		span = max(span, p.SequenceNumber-first)
	}
	last, filled := packets[0], uint16(0)
	for n := uint16(0); n <= span; n++ {
		p, ok := seen[first+n]
		if !ok {
			t.Fatalf("seed %d: number %d of %d is missing", seed, n, span)
		}
		if len(p.Payload) == 0 {
			filled++
			continue
		}
		if moved := (pictureID(p) - pictureID(last)) & 0x7fff; moved > 1+filled {
			t.Fatalf("seed %d: picture id moves by %d at number %d", seed, moved, n)
		}
		last, filled = p, 0
	}
}

func TestAThinLinkGetsFewerPicturesBeforeNone(t *testing.T) {
	w := newWorld()
	a, _ := w.peer()
	c, path := w.peer()
	source := w.source(a, Camera, 10)
	cam := &camera{from: a, ssrc: 10, size: 12, layered: true} // 12 × 72 bytes × 25 a second: 170 kbit/s
	slot := w.slot(c, "1", Video, 900)
	slot.assign(Feed{Source: source}, w.now)
	for frame := range 400 {
		if frame > 150 {
			c.down.estimate.REMB(100_000, w.now)
		}
		for _, raw := range cam.frame(frame%100 == 0) {
			a.receiveRTP(raw, w.now)
		}
		w.tick(40 * time.Millisecond)
	}
	half := path.media(900)
	half = half[len(half)-100:]
	for _, p := range half {
		if temporalOf(p) == 2 {
			t.Fatal("a link of 100 kbit/s is sent all of 170")
		}
	}
	if slot.current == nil {
		t.Error("the picture is gone")
	}
}
