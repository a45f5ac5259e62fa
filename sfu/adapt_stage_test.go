package sfu

import (
	"encoding/binary"
	"math"
	"slices"
	"time"

	"github.com/pion/rtcp"
	"github.com/pion/rtp"

	"madang/sfu/red"
	"madang/sfu/rtpout"
	"madang/sfu/rtpview"
)

// How the publisher of a show encodes.
const (
	pictureEvery = time.Second / 30
	soundEvery   = 20 * time.Millisecond
	soundBytes   = 80 // 32 kbit/s
	pieceBytes   = 1100
	micSSRC      = 5
	keyTimes     = 5                      // a keyframe is so many mean frames
	keyQuiet     = 300 * time.Millisecond // after a keyframe Chromium drops wishes for another
)

// stage is the publisher: a camera in three layers of three temporal layers
// each, as Chromium's VP8 simulcast, and a microphone. It answers NACKs over RTX
// and wishes for keyframes, and sends the layers that the server wants.
type stage struct {
	show     *show
	endpoint *endpoint
	camera   *Source
	mic      *Source
	encoders []*encoder
	up, down *road
	sound    uint16        // sequence number
	flat     bool          // the camera has no temporal layers
	red      bool          // each packet of sound carries the one before, as Chromium's RED
	every    time.Duration // between two pictures
	shotAt   time.Time
	soundAt  time.Time
	lost     int // packets of the camera, on the way in
}

// encoder makes one layer.
type encoder struct {
	ssrc, rtxSSRC uint32
	rate          int
	height        uint16
	on            bool
	key           bool      // the next frame is one
	keyAt         time.Time // of the newest
	keys          int       // keyframes
	frames        int       // since it
	sequence, rtx uint16
	picture       uint16
	tl0           byte
	stamp         uint32
	kept          map[uint16][]byte
}

func newStage(s *show) *stage {
	st := &stage{show: s, every: pictureEvery, shotAt: s.now, soundAt: s.now}
	st.up, st.down = s.road(10*time.Millisecond), s.road(10*time.Millisecond)
	st.endpoint, _ = s.peer()
	st.endpoint.path = st
	st.camera = s.source(st.endpoint, Camera, 10, 20, 30)
	st.camera.wing = s.wing
	st.mic = s.source(st.endpoint, Mic, micSSRC)
	bitrates := s.worker.bitrates
	for i, rate := range []int{bitrates.Q, bitrates.H, bitrates.F} {
		ssrc := uint32(10 + 10*i)
		st.encoders = append(st.encoders, &encoder{
			ssrc: ssrc, rtxSSRC: ssrc + 1, rate: rate, height: 180 << i, on: true, key: true,
			sequence: uint16(s.random.Uint32()), kept: map[uint16][]byte{},
		})
		st.endpoint.declared[ssrc] = declaration{source: st.camera, rid: st.camera.rids[i]}
		st.endpoint.declared[ssrc+1] = declaration{source: st.camera, primary: ssrc}
	}
	return st
}

// single has the camera send one stream alone, as a WHIP publisher does.
func (st *stage) single(rate int) {
	top := st.encoders[2]
	top.rate = rate
	st.camera.rids, st.encoders = nil, []*encoder{top}
	st.endpoint.declared[top.ssrc] = declaration{source: st.camera}
}

// step captures what is due.
func (st *stage) step() {
	now := st.show.now
	st.obey()
	for ; !now.Before(st.soundAt); st.soundAt = st.soundAt.Add(soundEvery) {
		st.sound++
		st.speak()
	}
	for ; !now.Before(st.shotAt); st.shotAt = st.shotAt.Add(st.every) {
		for _, e := range st.encoders {
			e.stamp += uint32(math.Round(st.every.Seconds() * 90_000))
			if e.on {
				st.shoot(e)
			}
		}
	}
}

// speak sends a packet of sound.
func (st *stage) speak() {
	stamp, sound := uint32(st.sound)*960, make([]byte, soundBytes)
	if !st.red {
		st.send(micSSRC, 111, st.sound, stamp, true, sound)
		return
	}
	before := red.Packet{Timestamp: stamp - 960, Payload: sound}
	st.send(micSSRC, 63, st.sound, stamp, true, red.Build(nil, 111, red.Packet{Timestamp: stamp, Payload: sound}, before))
}

// obey turns layers on and off as the room was told, a while later.
func (st *stage) obey() {
	st.show.told.mu.Lock()
	want, told := st.show.told.wants[st.camera]
	delete(st.show.told.wants, st.camera)
	st.show.told.mu.Unlock()
	if !told {
		return
	}
	st.show.at(st.show.now.Add(50*time.Millisecond), func() {
		for i, e := range st.encoders {
			rid := ""
			if len(st.camera.rids) > 0 {
				rid = st.camera.rids[i]
			}
			on := slices.Contains(want.RIDs, rid)
			e.key = e.key || on && !e.on
			e.on = on
		}
	})
}

// shoot encodes a frame and sends it.
func (st *stage) shoot(e *encoder) {
	now := st.show.now
	if e.key {
		e.keyAt, e.frames = now, 0
		e.keys++
	}
	tid := [4]byte{0, 2, 1, 2}[e.frames%4]
	if st.flat {
		tid = 0
	}
	e.frames++
	e.picture++
	size := float64(e.rate) / 8 * st.every.Seconds() * (0.8 + 0.4*st.show.random.Float64())
	switch {
	case e.key:
		size *= keyTimes
	case st.flat:
	case tid == 0:
		size *= 1.6
	default:
		size *= 0.8
	}
	if tid == 0 {
		e.tl0++
	}
	for first := true; size > 0; first = false {
		piece := make([]byte, max(32, min(int(size), pieceBytes)))
		size -= pieceBytes
		e.describe(piece, tid, first)
		e.sequence++
		binary.BigEndian.PutUint16(piece[20:], uint16(e.height)) // what it is, for watchers
		binary.BigEndian.PutUint16(piece[22:], e.sequence)
		e.kept[e.sequence] = st.send(e.ssrc, 96, e.sequence, e.stamp, size <= 0, piece)
		delete(e.kept, e.sequence-1000)
	}
	e.key = false
}

// describe writes the payload descriptor of VP8 (RFC 7741) and the frame's header.
func (e *encoder) describe(piece []byte, tid byte, first bool) {
	piece[0], piece[1] = 0x80, 0xe0 // X; I L T
	if first {
		piece[0] |= 0x10 // S
	}
	binary.BigEndian.PutUint16(piece[2:], 0x8000|e.picture&0x7fff)
	piece[4], piece[5] = e.tl0, tid<<6
	if tid != 0 {
		piece[5] |= 0x20 // Y: builds on the lowest layer only
	}
	piece[6] = 0x01 // P: not a keyframe
	if e.key {
		piece[6] = 0x10
		copy(piece[9:], []byte{0x9d, 0x01, 0x2a})
		binary.LittleEndian.PutUint16(piece[12:], e.height/9*16)
		binary.LittleEndian.PutUint16(piece[14:], e.height)
	}
}

// send sends a packet to the server and returns its bytes.
func (st *stage) send(ssrc uint32, pt uint8, sequence uint16, stamp uint32, marker bool, payload []byte) []byte {
	p := rtp.Packet{Header: rtp.Header{
		Version: 2, PayloadType: pt, SSRC: ssrc, SequenceNumber: sequence, Timestamp: stamp, Marker: marker,
	}, Payload: payload}
	raw, err := p.Marshal()
	if err != nil {
		panic(err)
	}
	if !st.up.carry(len(raw)+sealed, func() { st.endpoint.receiveRTP(raw, st.show.now) }) && ssrc != micSSRC {
		st.lost++
	}
	return raw
}

// WriteRTP has nothing to take: the publisher receives nothing.
func (st *stage) WriteRTP(*rtpout.Packet) {}

// WriteRTCP takes what the server asks for.
func (st *stage) WriteRTCP(packets []rtcp.Packet) {
	for _, p := range asRead(packets) {
		switch p := p.(type) {
		case *rtcp.PictureLossIndication:
			st.down.carry(100, func() { st.wished(p.MediaSSRC) })
		case *rtcp.TransportLayerNack:
			n := slices.Clone(p.Nacks)
			st.down.carry(100, func() { st.repair(p.MediaSSRC, n) })
		}
	}
}

func (st *stage) encoder(ssrc uint32) *encoder {
	i := slices.IndexFunc(st.encoders, func(e *encoder) bool { return e.ssrc == ssrc })
	return st.encoders[i]
}

func (st *stage) wished(ssrc uint32) {
	if e := st.encoder(ssrc); st.show.now.Sub(e.keyAt) >= keyQuiet {
		e.key = true
	}
}

func (st *stage) repair(ssrc uint32, pairs []rtcp.NackPair) {
	e := st.encoder(ssrc)
	for _, pair := range pairs {
		for _, sequence := range pair.PacketList() {
			var view rtpview.Packet
			if raw, ok := e.kept[sequence]; ok && rtpview.Parse(raw, &view) == nil {
				e.rtx++
				st.send(e.rtxSSRC, 97, e.rtx, view.Timestamp, view.Marker, append(binary.BigEndian.AppendUint16(nil, sequence), view.Payload...))
			}
		}
	}
}
