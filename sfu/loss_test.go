package sfu

import (
	"bytes"
	"encoding/binary"
	"math/rand/v2"
	"slices"
	"testing"
	"time"

	"github.com/pion/rtcp"
	"github.com/pion/rtp"

	"madang/sfu/nack"
	"madang/sfu/rtpout"
)

func TestNACKReachesBackAcrossSwitches(t *testing.T) {
	w := newWorld()
	viewer, path := w.peer()
	slot := w.slot(viewer, "1", Video, 900)
	var sources []*Source
	var cams []*camera
	for i := range 2 {
		e, _ := w.peer()
		sources = append(sources, w.source(e, Camera, uint32(10+i)))
		cams = append(cams, &camera{from: e, ssrc: uint32(10 + i), sequence: uint16(65500 * i), size: 3})
	}
	for i := range 30 { // a b a b …, a switch every 90 ms
		slot.assign(Feed{Source: sources[i/3%2]}, w.now)
		for _, c := range cams {
			for _, raw := range c.frame(i%3 == 0) {
				c.from.receiveRTP(raw, w.now)
			}
		}
		w.tick(frameEvery)
	}
	sent := path.media(900)
	if len(sent) < 90 || slot.runs.count != 10 {
		t.Fatalf("%d packets in %d runs", len(sent), slot.runs.count)
	}
	for _, p := range sent {
		path.rtp = nil
		viewer.nacked(&rtcp.TransportLayerNack{MediaSSRC: 900, Nacks: []rtcp.NackPair{{PacketID: p.SequenceNumber}}}, w.now)
		if len(path.rtp) != 1 || path.rtp[0].SSRC != 901 || !bytes.Equal(path.rtp[0].Payload[2:], p.Payload) || path.rtp[0].Timestamp != p.Timestamp {
			t.Fatalf("packet %d did not come back as it was", p.SequenceNumber-sent[0].SequenceNumber)
		}
	}
}

func TestPacketThatCameAfterTheSwitchAwayCanBeAskedFor(t *testing.T) {
	w := newWorld()
	viewer, path := w.peer()
	slot := w.slot(viewer, "1", Video, 900)
	a, _ := w.peer()
	b, _ := w.peer()
	first, second := w.source(a, Camera, 10), w.source(b, Camera, 20)
	camA, camB := &camera{from: a, ssrc: 10, size: 3}, &camera{from: b, ssrc: 20, size: 1}
	slot.assign(Feed{Source: first}, w.now)
	packets := camA.frame(true)
	a.receiveRTP(packets[0], w.now)
	a.receiveRTP(packets[2], w.now)
	slot.assign(Feed{Source: second}, w.now)
	b.receiveRTP(camB.frame(true)[0], w.now)
	a.receiveRTP(packets[1], w.now)
	sent := path.media(900)
	if len(sent) != 3 || sent[2].SequenceNumber != sent[0].SequenceNumber+3 {
		t.Fatalf("%d packets", len(sent))
	}
	if !slot.resend(sent[0].SequenceNumber + 1) {
		t.Fatal("the packet that came late is not to be had")
	}
	if got := path.rtp[len(path.rtp)-1]; !bytes.Equal(got.Payload[6+2:], packets[1][12+6:]) {
		t.Error("another packet came")
	}
}

// link loses, delays and repeats packets of one direction.
type link struct {
	rng *rand.Rand
	due []delayed
}

type delayed struct {
	at  time.Time
	raw []byte
}

func (l *link) carry(raw []byte, now time.Time) {
	if l.rng.IntN(20) == 0 {
		return
	}
	for range 1 + l.rng.IntN(12)/11 {
		delay := time.Duration(5+l.rng.IntN(20)) * time.Millisecond
		l.due = append(l.due, delayed{now.Add(delay), slices.Clone(raw)})
	}
}

// arrive hands over what is due, in the order in which it is.
func (l *link) arrive(now time.Time, take func(raw []byte)) {
	slices.SortStableFunc(l.due, func(a, b delayed) int { return a.at.Compare(b.at) })
	n := 0
	for n < len(l.due) && !l.due[n].at.After(now) {
		n++
	}
	due := slices.Clone(l.due[:n])
	l.due = slices.Delete(l.due, 0, n)
	for _, d := range due {
		take(d.raw)
	}
}

// linkPath puts what leaves onto a link.
type linkPath struct {
	to  *link
	now *time.Time
}

func (p *linkPath) WriteRTP(packet *rtpout.Packet) {
	raw, _ := copied(packet).Marshal()
	p.to.carry(append([]byte{0}, raw...), *p.now)
}

func (p *linkPath) WriteRTCP(packets []rtcp.Packet) {
	raw, _ := rtcp.Marshal(packets)
	p.to.carry(append([]byte{1}, raw...), *p.now)
}

// sender is a publisher with a history that answers NACKs over RTX.
type sender struct {
	camera
	up      *link
	history map[uint16][]byte
	rtx     uint16
}

func (s *sender) hear(raw []byte, now time.Time) {
	packets, err := rtcp.Unmarshal(raw[1:])
	if err != nil {
		panic(err)
	}
	for _, p := range packets {
		n, ok := p.(*rtcp.TransportLayerNack)
		if !ok || n.MediaSSRC != s.ssrc {
			continue
		}
		for _, pair := range n.Nacks {
			for _, sequence := range pair.PacketList() {
				original := s.history[sequence]
				repair := slices.Clone(original[:12])
				repair[1] = repair[1]&0x80 | 97
				binary.BigEndian.PutUint16(repair[2:], s.rtx)
				binary.BigEndian.PutUint32(repair[8:], s.ssrc+1)
				s.rtx++
				repair = binary.BigEndian.AppendUint16(repair, sequence)
				s.up.carry(append([]byte{0}, append(repair, original[12:]...)...), now)
			}
		}
	}
}

// receiver is a subscriber that asks for what it misses, and keeps what it got
// by extended number.
type receiver struct {
	ssrc    uint32
	tracker *nack.Tracker
	got     map[int64]rtp.Packet
	t       *testing.T
}

func (r *receiver) hear(raw []byte, now time.Time) {
	if raw[0] == 1 {
		return
	}
	var p rtp.Packet
	if err := p.Unmarshal(raw[1:]); err != nil {
		r.t.Fatal(err)
	}
	var extended int64
	var arrival nack.Arrival
	if p.SSRC == r.ssrc {
		extended, arrival = r.tracker.Received(p.SequenceNumber, now)
	} else {
		extended, arrival = r.tracker.ReceivedRTX(binary.BigEndian.Uint16(p.Payload), now)
		p.Payload = p.Payload[2:]
	}
	if old, twice := r.got[extended]; twice && (!bytes.Equal(old.Payload, p.Payload) || old.Timestamp != p.Timestamp) {
		r.t.Fatalf("two packets under number %d", extended)
	}
	if arrival != nack.Old { // or it came from before the first
		r.got[extended] = p
	}
}

func TestEverySubscriberHasEveryPacketInTheEnd(t *testing.T) {
	for seed := range uint64(20) {
		w := newWorld()
		rng := rand.New(rand.NewPCG(seed, 9))
		up, down := &link{rng: rng}, &link{rng: rng}
		e, _ := w.peer()
		e.path = &linkPath{down, &w.now}
		source := w.source(e, Camera, 10)
		e.declared[11] = declaration{source: source, primary: 10}
		pub := &sender{camera: camera{from: e, ssrc: 10, sequence: 65000, size: 3}, up: up, history: map[uint16][]byte{}}
		type subscriber struct {
			receiver
			e        *endpoint
			up, down *link
		}
		var subscribers []*subscriber
		for i := range 3 {
			s := &subscriber{up: &link{rng: rng}, down: &link{rng: rng}}
			s.e, _ = w.peer()
			s.e.path = &linkPath{s.down, &w.now}
			s.receiver = receiver{900, nack.NewTracker(), map[int64]rtp.Packet{}, t}
			s.tracker.SetRTT(30 * time.Millisecond)
			slot := w.slot(s.e, "1", Video, 900)
			if i == 2 {
				slot.rtxSSRC = 0 // one without RTX
			}
			slot.assign(Feed{Source: source}, w.now)
			subscribers = append(subscribers, s)
		}
		step := func() {
			up.arrive(w.now, func(raw []byte) { e.receiveRTP(raw[1:], w.now) })
			down.arrive(w.now, func(raw []byte) {
				if raw[0] == 1 {
					pub.hear(raw, w.now)
				}
			})
			for _, s := range subscribers {
				s.down.arrive(w.now, func(raw []byte) { s.hear(raw, w.now) })
				if due := s.tracker.Due(w.now, nil); len(due) > 0 {
					raw, _ := (&rtcp.TransportLayerNack{MediaSSRC: 900, Nacks: nack.AppendPairs(nil, due)}).Marshal()
					s.up.carry(raw, w.now)
				}
				s.up.arrive(w.now, func(raw []byte) { s.e.receiveRTCP(raw, w.now) })
			}
			w.tick(tickEvery)
		}
		first := true
		for frame := range 400 {
			for _, raw := range pub.frame(frame == 0) {
				pub.history[binary.BigEndian.Uint16(raw[2:])] = raw
				if first { // the beginning of the stream arrives
					e.receiveRTP(slices.Clone(raw), w.now)
					source.layers[0].missing.SetRTT(30 * time.Millisecond)
					first = false
					continue
				}
				up.carry(append([]byte{0}, raw...), w.now)
			}
			for range 3 {
				step()
			}
		}
		for range 150 {
			step()
		}
		for i, s := range subscribers {
			checkWhole(t, s.got, pub.history)
			if t.Failed() {
				t.Fatalf("seed %d, subscriber %d", seed, i)
			}
		}
	}
}

// checkWhole fails unless a subscriber has all packets of the publisher but for
// a few at either end, each as it was sent but for its picture id and TL0PICIDX.
func checkWhole(t *testing.T, got map[int64]rtp.Packet, sent map[uint16][]byte) {
	t.Helper()
	lowest, highest := int64(1<<62), int64(0)
	for n := range got {
		lowest, highest = min(lowest, n), max(highest, n)
	}
	if highest-lowest < 1180 {
		t.Errorf("%d packets of 1200", highest-lowest+1)
	}
	last := binary.BigEndian.Uint16(got[lowest].Payload[56:]) - 1
	for n := lowest; n <= highest; n++ {
		p, ok := got[n]
		last++
		if !ok {
			t.Errorf("number %d is missing for good", n-lowest)
			continue
		}
		if raw := sent[last]; !bytes.Equal(raw[12+6:], p.Payload[6:]) || !bytes.Equal(raw[12:14], p.Payload[:2]) {
			t.Errorf("number %d holds something else", n-lowest)
		}
	}
}
