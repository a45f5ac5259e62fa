package sfu

import (
	"encoding/binary"
	"log/slog"
	"slices"
	"time"

	"github.com/pion/rtcp"
	"github.com/pion/rtp"

	"madang/sfu/codec"
	"madang/sfu/rtpout"
	"madang/sfu/timeline"
)

// world is a worker without its goroutine, in simulated time: packets go in as
// bytes and come out on fake paths.
type world struct {
	worker *Worker
	now    time.Time
	router *Router
	wing   *wing // of the router
	told   *recorder
}

func newWorld() *world {
	w := &world{worker: newWorker(newQuiet(), DefaultMediaConfig().Bitrates, slog.New(slog.DiscardHandler)), now: time.Date(2026, 3, 1, 12, 0, 0, 0, time.UTC), told: newRecorder()}
	w.worker.now = w.now
	w.router = newRouter(w.told)
	w.wing = w.router.on(w.worker)
	w.worker.wings[w.wing] = struct{}{}
	return w
}

// fakePath keeps what leaves.
type fakePath struct {
	rtp  []rtp.Packet
	rtcp []rtcp.Packet
}

func (f *fakePath) WriteRTP(p *rtpout.Packet) { f.rtp = append(f.rtp, copied(p)) }

// copied is a packet that leaves as Pion reads it.
func copied(p *rtpout.Packet) rtp.Packet {
	out := rtp.Packet{Payload: slices.Clone(p.Payload), PaddingSize: p.Padding}
	if _, err := out.Header.Unmarshal(slices.Clone(p.Head)); err != nil {
		panic(err)
	}
	out.Header.PaddingSize = p.Padding
	return out
}

func (f *fakePath) WriteRTCP(packets []rtcp.Packet) {
	f.rtcp = append(f.rtcp, asRead(packets)...)
}

// asRead is packets as who receives them reads them.
func asRead(packets []rtcp.Packet) []rtcp.Packet {
	raw, _ := rtcp.Marshal(packets)
	read, _ := rtcp.Unmarshal(raw)
	return read
}

// media takes out the packets of one SSRC that have left so far.
func (f *fakePath) media(ssrc uint32) []rtp.Packet {
	var out []rtp.Packet
	for _, p := range f.rtp {
		if p.SSRC == ssrc {
			out = append(out, p)
		}
	}
	return out
}

func (w *world) peer() (*endpoint, *fakePath) {
	e, path := newEndpoint(w.worker, 1, func() {}, w.now), &fakePath{}
	e.path = path
	w.worker.endpoints[e] = struct{}{}
	e.stir()
	return e, path
}

var testFormats = map[uint8]codec.Codec{96: codec.VP8, 98: codec.VP9, 111: codec.Opus, 63: codec.RED}

func (w *world) source(e *endpoint, kind SourceKind, ssrcs ...uint32) *Source {
	s := &Source{ID: kind.String(), Kind: kind, Mid: kind.String(), from: e, slots: map[*Slot]struct{}{}}
	s.codecs, s.rtx = testFormats, map[uint8]uint8{97: 96}
	if len(ssrcs) > 1 {
		s.rids = []string{"q", "h", "f"}[:len(ssrcs)]
	}
	for _, ssrc := range ssrcs {
		e.declared[ssrc] = declaration{source: s}
	}
	e.sources = append(e.sources, s)
	return s
}

func (w *world) slot(e *endpoint, mid string, m Media, ssrc uint32) *Slot {
	s := &Slot{Mid: mid, Media: m, to: e, ready: true, open: true, wing: w.wing, draft: &w.worker.draft}
	s.ssrc, s.rtxSSRC = ssrc, ssrc+1
	s.formats[codec.VP8], s.formats[codec.VP9] = format{100, 101}, format{102, 103}
	s.formats[codec.Opus] = format{111, 0}
	s.next, s.origin = 65530, 65530 // wraps around soon
	s.line = timeline.NewLine(w.now, 0xfffff000, clockRate(m))
	e.slots = append(e.slots, s)
	e.bySSRC[ssrc] = s
	return s
}

// receiveRTP is a burst of one packet.
func (e *endpoint) receiveRTP(buf []byte, now time.Time) {
	e.takeRTP(buf, now)
	e.worker.fanOut(now)
}

// tick lets time pass in steps of the worker's.
func (w *world) tick(d time.Duration) {
	for end := w.now.Add(d); w.now.Before(end); {
		w.now = w.now.Add(tickEvery)
		w.worker.turn(&batch{}, true, w.now)
	}
}

// A camera's frames are 30 ms apart.
const (
	frameEvery = 30 * time.Millisecond
	frameTicks = 2700
)

// camera makes the packets of a VP8 stream: frames of a few packets.
type camera struct {
	from     *endpoint
	ssrc     uint32
	sequence uint16
	stamp    uint32
	picture  uint16
	tl0      uint8
	size     int  // packets a frame
	layered  bool // in three temporal layers: 0 2 1 2 0 2 1 2 …
	frames   int
}

// temporal is the layer of the next frame; a keyframe begins the pattern anew.
func (c *camera) temporal(key bool) byte {
	if !c.layered {
		return 0
	}
	if key {
		c.frames = 0
	}
	c.frames++
	return [4]byte{0, 2, 1, 2}[(c.frames-1)%4]
}

// frame makes the packets of the next frame.
func (c *camera) frame(key bool) [][]byte {
	tid := c.temporal(key)
	c.picture++
	if tid == 0 {
		c.tl0++
	}
	c.stamp += frameTicks
	var out [][]byte
	for i := range c.size {
		payload := make([]byte, 60)
		payload[0], payload[1] = 0x80, 0xe0 // X; I L T
		if i == 0 {
			payload[0] |= 0x10 // S
		}
		binary.BigEndian.PutUint16(payload[2:], 0x8000|c.picture&0x7fff)
		payload[4], payload[5] = c.tl0, tid<<6
		if c.layered && tid != 0 {
			payload[5] |= 0x20 // Y: builds on the lowest layer only
		}
		payload[6] = 0x01 // P: not a keyframe
		if key {
			payload[6] = 0x10
			copy(payload[9:], []byte{0x9d, 0x01, 0x2a, 0x40, 0x01, 0xb4, 0x00})
		}
		binary.BigEndian.PutUint16(payload[56:], c.sequence) // what it is, for the tests
		payload[59] = byte(i)
		p := rtp.Packet{Header: rtp.Header{
			Version: 2, PayloadType: 96, SSRC: c.ssrc, SequenceNumber: c.sequence, Timestamp: c.stamp, Marker: i == c.size-1,
		}, Payload: payload}
		c.sequence++
		raw, _ := p.Marshal()
		out = append(out, raw)
	}
	return out
}

// padding makes a packet of nothing but padding.
func (c *camera) padding() []byte {
	raw := make([]byte, 12, 32)
	raw[0], raw[1] = 0xa0, 96
	binary.BigEndian.PutUint16(raw[2:], c.sequence)
	binary.BigEndian.PutUint32(raw[4:], c.stamp)
	binary.BigEndian.PutUint32(raw[8:], c.ssrc)
	c.sequence++
	return append(raw, 0, 0, 0, 4)
}
