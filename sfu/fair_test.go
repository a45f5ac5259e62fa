package sfu

import (
	"context"
	"encoding/binary"
	"math/rand/v2"
	"slices"
	"testing"
	"time"

	"github.com/pion/interceptor/pkg/twcc"
	"github.com/pion/rtcp"
	"github.com/pion/rtp"

	"madang/sfu/codec"
	"madang/sfu/red"
	"madang/sfu/rtpview"
	"madang/sfu/timeline"
	"madang/sfu/udp"
)

// fair is a world in which all goes wrong that may: publishers of every kind on
// bad links, and subscribers of every kind who are given other things to see all
// the time, on the fast path. Every other subscriber is on another worker than
// the publishers.
type fair struct {
	*world
	away      *world
	t         *testing.T
	rng       *rand.Rand
	acts      []*act
	mics      []*Source
	pictures  []*Source
	screen    *Source
	runaway   *Source
	visitors  []*visitor
	published []*fakePath
}

// act is one stream that is published: its next packets, and the link they take.
type act struct {
	from  *endpoint
	every int // turns
	link  *link
	next  func() [][]byte
}

// visitor is a subscriber.
type visitor struct {
	*client
	at         *world
	endpoint   *endpoint
	kind       traits
	video      []*Slot
	audio      []*Slot
	record     *twcc.Recorder
	heard      []uint16 // numbers of late, to ask for
	heardOf    []uint32 // their SSRCs
	loss       float64
	feedbackAt time.Time
}

// traits are what a subscriber negotiated.
type traits struct{ rtx, transport, red bool }

const saidTransport = 5

func newFair(t *testing.T, seed uint64) *fair {
	f := &fair{world: newWorld(), away: newWorld(), t: t, rng: rand.New(rand.NewPCG(seed, 4))}
	f.away.worker.epoch = f.worker.epoch
	for _, w := range []*world{f.world, f.away} {
		out, err := udp.Listen(context.Background(), "udp4", "127.0.0.1:0")
		if err != nil {
			t.Fatal(err)
		}
		t.Cleanup(func() { _ = out.Close() })
		w.worker.out = out.NewBatch()
	}
	f.publishCameras()
	f.publishScreen()
	f.publishMics()
	for _, kind := range []traits{{true, true, true}, {false, false, false}, {true, false, true}, {false, true, false}} {
		f.admit(f.world, kind)
		f.admit(f.away, kind)
	}
	return f
}

// publisher is a peer whose own path leads nowhere.
func (f *fair) publisher() *endpoint {
	e, path := extended(f.world)
	f.published = append(f.published, path)
	return e
}

func (f *fair) add(from *endpoint, every int, next func() [][]byte) {
	f.acts = append(f.acts, &act{from: from, every: every, link: &link{rng: f.rng}, next: next})
}

// publishCameras has one of each kind: simulcast, temporal layers, one whose
// numbers run away, AV1 in spatial layers.
func (f *fair) publishCameras() {
	simulcast := f.publisher()
	f.pictures = append(f.pictures, f.source(simulcast, Camera, 10, 11, 12))
	for i := range 3 {
		simulcast.declared[uint32(10+i)] = declaration{source: f.pictures[0], rid: f.pictures[0].rids[i]}
		c := &camera{ssrc: uint32(10 + i), sequence: 65000, size: 1 + i}
		f.add(simulcast, 4, func() [][]byte { return f.uneven(f.sizeOf(c.frame(f.rng.IntN(40) == 0), 180<<i)) })
	}
	for i, layered := range []bool{true, false} {
		e, ssrc := f.publisher(), uint32(20+10*i)
		f.runaway = f.source(e, Camera, ssrc)
		f.pictures = append(f.pictures, f.runaway)
		c := &camera{ssrc: ssrc, sequence: 65000, size: 3, layered: layered}
		f.add(e, 3, func() [][]byte {
			switch n := f.rng.IntN(300); {
			case n == 0:
				c.sequence -= 5000 // its sender began anew
			case n == 1:
				c.sequence += 1000
			case n < 4:
				return [][]byte{c.padding()}
			}
			frame := c.frame(f.rng.IntN(12) == 0)
			if !layered { // frames without ends, and so many numbers missing that they go round and round
				c.sequence += uint16(100 + f.rng.IntN(20))
				frame = frame[:2]
			}
			return f.uneven(frame)
		})
	}
	av1 := f.publisher()
	av1.extensions.descriptor = heardDescriptor
	s := f.source(av1, Camera, 40)
	s.codecs = map[uint8]codec.Codec{testAV1: codec.AV1}
	f.pictures = append(f.pictures, s)
	f.add(av1, 3, newSVCCamera(f.t, "av1_l3t3_key.txt", camera{ssrc: 40, sequence: 65400}, 65000).picture)
}

// sizeOf makes a keyframe of VP8 one of so many lines.
func (f *fair) sizeOf(frame [][]byte, lines int) [][]byte {
	if frame[0][12+6] == 0x10 {
		binary.LittleEndian.PutUint16(frame[0][12+6+8:], uint16(lines))
	}
	return frame
}

// uneven makes packets of a frame differ by a few bytes, as encoders do.
func (f *fair) uneven(frame [][]byte) [][]byte {
	for i := range frame {
		frame[i] = append(frame[i], make([]byte, f.rng.IntN(4))...)
	}
	return frame
}

// publishScreen has a screen that stands still most of the time, and changes its
// size.
func (f *fair) publishScreen() {
	e := f.publisher()
	f.screen = f.source(e, Screen, 50)
	f.pictures = append(f.pictures, f.screen)
	c, lines := &camera{ssrc: 50, sequence: 65300, size: 1}, 720
	f.add(e, 20, func() [][]byte {
		c.stamp += 9 * frameTicks
		key := f.rng.IntN(3) == 0
		if key && f.rng.IntN(2) == 0 {
			lines ^= 64
		}
		return f.sizeOf(c.frame(key), lines)
	})
}

// publishMics has one with redundancy and one without.
func (f *fair) publishMics() {
	for i, wrapped := range []bool{true, false} {
		e, ssrc := f.publisher(), uint32(60+i)
		f.mics = append(f.mics, f.source(e, Mic, ssrc))
		n := uint16(65200)
		f.add(e, 2, func() [][]byte {
			n++
			stamp := uint32(n) * 960
			pt, payload := uint8(111), says(n)
			if wrapped {
				pt, payload = 63, red.Build(nil, 111, red.Packet{Timestamp: stamp, Payload: payload}, red.Packet{Timestamp: stamp - 960, Payload: says(n - 1)})
			}
			raw := labelled(ssrc, pt, n, payload, map[uint8]string{testLevel: string([]byte{byte(f.rng.IntN(128))})})
			binary.BigEndian.PutUint32(raw[4:], stamp)
			return [][]byte{raw}
		})
	}
}

// admit has a subscriber come.
func (f *fair) admit(at *world, kind traits) {
	v := &visitor{at: at, kind: kind, record: twcc.NewRecorder(1)}
	v.endpoint, _ = at.peer()
	var path *fast
	v.client, path = newClient(f.t, f.rng, at.worker.out, &at.worker.counts)
	v.endpoint.path, v.endpoint.direct = path, path
	f.visitors = append(f.visitors, v)
	f.negotiate(v)
}

// negotiate has a subscriber get one more pair of slots.
func (f *fair) negotiate(v *visitor) {
	n := uint32(len(v.video))
	made := []*Slot{v.at.slot(v.endpoint, "v", Video, 1000+10*n), v.at.slot(v.endpoint, "a", Audio, 1005+10*n)}
	v.endpoint.slots = v.endpoint.slots[:len(v.endpoint.slots)-2] // attach puts them there
	for _, s := range made {
		s.mid, s.midID, s.rtx = []byte(s.Mid), testMid, 65500
		if s.Media == Audio || !v.kind.rtx {
			s.rtxSSRC = 0
		}
		if v.kind.transport {
			s.transportID = saidTransport
		}
		if v.kind.red {
			s.formats[codec.RED] = format{media: 63}
		}
		s.formats[codec.AV1] = format{testAV1, testAV1 + 1}
		s.descriptorID = saidDescriptor
	}
	v.video, v.audio = append(v.video, made[0]), append(v.audio, made[1])
	v.endpoint.attach(nil, made, v.endpoint.labels)
}

// turn is 10 ms of the fair.
func (f *fair) turn(n int) {
	f.now = f.now.Add(tickEvery)
	f.away.now = f.now
	f.worker.now, f.away.worker.now = f.now, f.now
	f.interfere()
	for _, a := range f.acts {
		if n%a.every == 0 {
			for _, raw := range a.next() {
				a.link.carry(raw, f.now)
			}
		}
		a.link.arrive(f.now, func(raw []byte) {
			a.from.takeRTP(raw, f.now) // bursts of what comes one right after the other
			f.answer(f.visitors[f.rng.IntN(len(f.visitors))])
		})
	}
	for pass := range 3 { // what crosses is taken, and answered
		for _, w := range []*world{f.world, f.away} {
			b, _ := w.worker.inbox.take(&batch{})
			w.worker.turn(b, pass == 0, f.now)
		}
	}
	for _, v := range f.visitors {
		v.take(func(packet []byte, isRTCP bool) {
			if !isRTCP {
				v.hear(packet, f)
			}
		})
	}
	for _, p := range f.published {
		p.rtcp = p.rtcp[:0]
	}
}

// local is a source as a subscriber's worker has it.
func (f *fair) local(v *visitor, s *Source) *Source {
	if v.at == f.world {
		return s
	}
	m := v.at.worker.mirror(s)
	m.use(v.at.wing, true)
	return m.source
}

// interfere changes what is seen and how good the links are.
func (f *fair) interfere() {
	v := f.visitors[f.rng.IntN(len(f.visitors))]
	s := v.video[f.rng.IntN(len(v.video))]
	source := f.pictures[f.rng.IntN(len(f.pictures))]
	if s == v.video[0] && f.rng.IntN(2) == 0 {
		source = f.runaway
	}
	switch n := f.rng.IntN(100); {
	case n < 16:
		s.assign(Feed{Source: f.local(v, source)}, f.now)
	case n < 24:
		s.assign(Feed{Source: f.local(v, f.screen)}, f.now)
	case n < 28:
		s.assign(Feed{Source: f.local(v, source), Why: WhyMuted}, f.now)
	case n < 36:
		s.look(Ask{Height: 90 << f.rng.IntN(5), Order: f.rng.IntN(3), Pinned: n == 35})
	case n < 44:
		v.audio[f.rng.IntN(len(v.audio))].assign(Feed{Source: f.local(v, f.mics[f.rng.IntN(2)])}, f.now)
	case n < 52: // a link that is too thin for any picture, or is not
		v.endpoint.down.estimate.REMB(60_000<<(2*f.rng.IntN(5)), f.now)
	case n < 56:
		v.loss = f.rng.Float64() / 4
	case n < 66:
		v.endpoint.down.pacer.Probe(f.rng.IntN(100), 20_000, 20, 500_000<<f.rng.IntN(4))
		v.at.worker.wait(v.endpoint)
	case n < 68 && len(v.video) < 5:
		f.negotiate(v)
	case n < 70:
		s.undecodable(f.now)
	case n < 72:
		f.away.worker.mirror(source).use(f.away.wing, false)
	}
}

// hear takes a packet, unless it is lost.
func (v *visitor) hear(packet []byte, f *fair) {
	var p rtp.Packet
	if err := p.Unmarshal(packet); err != nil {
		v.t.Fatal(err)
	}
	if f.rng.Float64() < v.loss {
		return
	}
	if number, ok := rtpview.TransportSequence(p.GetExtension(saidTransport)); ok {
		v.record.Record(p.SSRC, number, f.now.UnixMicro())
	}
	v.heard, v.heardOf = append(v.heard, p.SequenceNumber), append(v.heardOf, p.SSRC)
	if over := len(v.heard) - 400; over > 0 {
		v.heard, v.heardOf = slices.Delete(v.heard, 0, over), slices.Delete(v.heardOf, 0, over)
	}
}

// answer sends feedback, and asks for what came, for what is near it and for
// what never was.
func (f *fair) answer(v *visitor) {
	var said []rtcp.Packet
	if v.kind.transport && f.now.Sub(v.feedbackAt) > 60*time.Millisecond && v.record.PacketsHeld() > 0 {
		v.feedbackAt = f.now
		said = v.record.BuildFeedbackPacket()
	}
	if len(v.heard) > 0 && f.rng.IntN(2) == 0 {
		i := f.rng.IntN(len(v.heard))
		said = append(said, &rtcp.TransportLayerNack{MediaSSRC: v.heardOf[i], Nacks: []rtcp.NackPair{
			{PacketID: v.heard[i] + uint16(f.rng.IntN(9)) - 4, LostPackets: rtcp.PacketBitmap(f.rng.Uint32())},
		}})
	}
	if f.rng.IntN(30) == 0 {
		for _, s := range v.endpoint.slots {
			said = append(said, &rtcp.ReceiverReport{Reports: []rtcp.ReceptionReport{{
				SSRC: s.ssrc, FractionLost: uint8(256 * v.loss), LastSenderReport: uint32(timeline.ToNTP(f.now.Add(-40*time.Millisecond)) >> 16),
			}}})
		}
	}
	for _, p := range said {
		raw, err := p.Marshal()
		if err != nil {
			f.t.Fatal(err)
		}
		v.endpoint.receiveRTCP(raw, f.now)
	}
}
