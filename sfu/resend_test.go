//go:build !race

package sfu

import (
	"encoding/binary"
	"testing"
	"time"

	"github.com/pion/rtcp"

	"madang/sfu/rtpout"
)

// hurdle is a path on which every fourth packet's first repairs are lost and no
// others, and on which every number of every stream may be used once.
type hurdle struct {
	*watcher
	t      *testing.T
	copies int            // that are lost of it
	failed map[uint16]int // copies lost so far
	used   map[[2]uint32]bool
}

func (p *hurdle) WriteRTP(packet *rtpout.Packet) {
	ssrc, sequence, payload := packet.SSRC(), binary.BigEndian.Uint16(packet.Head[2:]), packet.Payload
	key := [2]uint32{ssrc, uint32(sequence)}
	if p.used[key] {
		p.t.Fatalf("number %d of %d was used twice", sequence, ssrc)
	}
	p.used[key] = true
	if ssrc == p.video.rtxSSRC && len(payload) > 2 {
		if original := binary.BigEndian.Uint16(payload); original%4 == 0 && p.failed[original] < p.copies {
			p.failed[original]++
			p.left[1] += len(payload)
			return
		}
		defer func(loss float64) { p.down.loss = loss }(p.down.loss)
		p.down.loss = 0
	}
	p.watcher.WriteRTP(packet)
}

func TestRepairsThatAreLostTooFreezeNothing(t *testing.T) {
	t.Parallel()
	for seed := range uint64(3) {
		s := newShow(seed)
		w := s.watch(720)
		w.down.loss, w.blind = 0.05, true
		w.endpoint.path = &hurdle{watcher: w, t: t, copies: 2, failed: map[uint16]int{}, used: map[[2]uint32]bool{}}
		const from, to = 5 * time.Second, 35 * time.Second
		s.run(to + time.Second)
		all, share, longest := w.decoder.freezes(from, to)
		extra := float64(w.left[1]) / float64(w.left[0])
		t.Logf("seed %d: %d freezes, %.2f %% of the time, up to %v; %.0f %% more traffic", seed, len(all), 100*share, longest, 100*extra)
		if share > 0.01 {
			t.Errorf("seed %d: frozen %.2f %% of the time", seed, 100*share)
		}
		if extra > 0.25 { // 5 % in three to five copies
			t.Errorf("seed %d: %.0f %% more traffic", seed, 100*extra)
		}
	}
}

func TestNACKThatCrossedItsRepairCostsNothing(t *testing.T) {
	w := newWorld()
	viewer, path := w.peer()
	slot := w.slot(viewer, "1", Video, 900)
	publisher, _ := w.peer()
	slot.assign(Feed{Source: w.source(publisher, Camera, 10)}, w.now)
	cam := &camera{from: publisher, ssrc: 10, size: 3}
	for _, raw := range cam.frame(true) {
		publisher.receiveRTP(raw, w.now)
	}
	sequence := path.media(900)[0].SequenceNumber
	ask := func(after time.Duration) int {
		w.now = w.now.Add(after)
		w.worker.now = w.now
		before := len(path.media(901))
		viewer.nacked(&rtcp.TransportLayerNack{MediaSSRC: 900, Nacks: []rtcp.NackPair{{PacketID: sequence}}}, w.now)
		return len(path.media(901)) - before
	}
	viewer.rtt = 150 * time.Millisecond
	for i, want := range []int{1, 0, 1} { // a client that knows no round trip asks every 100 ms
		if got := ask(100 * time.Millisecond); got != want {
			t.Errorf("request %d was answered %d times, want %d", i, got, want)
		}
	}
}
