package sfu

import (
	"encoding/hex"
	"strings"
	"testing"

	"github.com/pion/rtp"

	"madang/sfu/codec"
)

// Payload types of the formats that the tests add.
const (
	testH264 = 102
	testAV1  = 45
)

// frames is how a codec's frames look, packet by packet; of Chromium.
type frames struct {
	codec      codec.Codec
	number     uint8
	key, delta []string
}

var videoFrames = []frames{
	{codec.VP8, 96, []string{"90e0d39a1220303e009d012ae0010e0105c7", "80e0d38a0d2000fd4b"}, []string{"90e0d38b0d40d10d000d1c24"}},
	{codec.VP9, 98, []string{"9bdbb310014000b4824983420013f00b34", "95dbb300820011"}, []string{"dddbb40286004092e121"}},
	{codec.H264, testH264,
		[]string{"6742c01fd9005005bb011000000300100000030320f1832480", "68ce3c80", "7c85b80006000017", "7c4577fff0"},
		[]string{"61e0004000be"}},
	{codec.H264, testH264, []string{"7800136742c0158c8d40a0cbcf350606060784423500000468ce3c80000365b800"}, []string{"7c81e000", "7c41e1"}},
	{codec.AV1, testAV1, []string{"680b0800000004477e1a00d0043010617b0092", "908bac6a961f497c4d"}, []string{"10303030c040fdf801"}},
}

// publisher sends a codec's frames as they are, but with its own picture ids.
type publisher struct {
	frames
	camera
}

func (p *publisher) send(w *world, key bool) {
	texts := p.delta
	if key {
		texts = p.key
	}
	p.stamp += frameTicks
	p.picture++
	for i, text := range texts {
		payload, _ := hex.DecodeString(text)
		if p.codec == codec.VP8 || p.codec == codec.VP9 {
			at := map[codec.Codec]int{codec.VP8: 2, codec.VP9: 1}[p.codec]
			payload[at], payload[at+1] = 0x80|byte(p.picture>>8)&0x7f, byte(p.picture)
		}
		raw, _ := (&rtp.Packet{Header: rtp.Header{
			Version: 2, PayloadType: p.number, SSRC: p.ssrc, SequenceNumber: p.sequence, Timestamp: p.stamp, Marker: i == len(texts)-1,
		}, Payload: payload}).Marshal()
		p.sequence++
		p.from.receiveRTP(raw, w.now)
	}
}

func TestSwitchesHappenAtKeyframesInEveryCodec(t *testing.T) {
	for _, f := range videoFrames {
		t.Run(f.codec.String()+" "+f.key[0][:4], func(t *testing.T) {
			w := newWorld()
			viewer, path := w.peer()
			slot := w.slot(viewer, "1", Video, 900)
			slot.formats[f.codec] = format{f.number, 0}
			var sources []*Source
			var publishers []*publisher
			for i := range 2 {
				e, _ := w.peer()
				s := w.source(e, Camera, uint32(10+i))
				s.codecs = map[uint8]codec.Codec{f.number: f.codec}
				sources = append(sources, s)
				publishers = append(publishers, &publisher{f, camera{from: e, ssrc: uint32(10 + i), sequence: uint16(40000 * i), picture: uint16(9000 * i)}})
			}
			slot.assign(Feed{Source: sources[0]}, w.now)
			for i := range 200 {
				if i%10 == 5 {
					slot.assign(Feed{Source: sources[i/10%2]}, w.now)
				}
				for _, p := range publishers {
					p.send(w, i%10 == 9)
				}
				w.tick(frameEvery)
			}
			checkFrames(t, f, path.media(900))
			if runs := slot.runs.count; runs != 20 {
				t.Errorf("%d runs over 20 switches", runs)
			}
		})
	}
}

// checkFrames fails unless the packets begin with a keyframe, have no gap, and
// have no delta frame of one source behind a frame of another.
func checkFrames(t *testing.T, f frames, packets []rtp.Packet) {
	t.Helper()
	if len(packets) < 190 {
		t.Fatalf("%d packets", len(packets))
	}
	if got := hex.EncodeToString(packets[0].Payload); !sameBut(got, f.key[0], f.codec) {
		t.Errorf("begins with %s", got)
	}
	for i := 1; i < len(packets); i++ {
		a, b := packets[i-1], packets[i]
		if b.SequenceNumber != a.SequenceNumber+1 || int32(b.Timestamp-a.Timestamp) < 0 {
			t.Fatalf("packet %d: %d after %d, timestamp moves by %d", i, b.SequenceNumber, a.SequenceNumber, int32(b.Timestamp-a.Timestamp))
		}
		if (a.Timestamp != b.Timestamp) != a.Marker {
			t.Fatalf("packet %d: a frame ends without its marker", i)
		}
		if f.codec == codec.VP8 || f.codec == codec.VP9 {
			at := map[codec.Codec]int{codec.VP8: 2, codec.VP9: 1}[f.codec]
			id := func(p rtp.Packet) uint16 { return uint16(p.Payload[at]&0x7f)<<8 | uint16(p.Payload[at+1]) }
			want := id(a)
			if a.Marker {
				want = (want + 1) & 0x7fff
			}
			if id(b) != want {
				t.Fatalf("packet %d: picture id %d after %d", i, id(b), id(a))
			}
		}
	}
}

// sameBut compares payloads but for what is rewritten.
func sameBut(got, want string, c codec.Codec) bool {
	from, to := 0, 0
	switch c {
	case codec.VP8:
		from, to = 4, 10 // picture id and TL0PICIDX
	case codec.VP9:
		from, to = 2, 6
	}
	return len(got) == len(want) && strings.EqualFold(got[:from]+got[to:], want[:from]+want[to:])
}

func TestPublisherThatChangesItsCodecGoesOnAtAKeyframe(t *testing.T) {
	w := newWorld()
	e, asked := w.peer()
	viewer, path := w.peer()
	source := w.source(e, Camera, 10)
	slot := w.slot(viewer, "1", Video, 900)
	slot.assign(Feed{Source: source}, w.now)
	vp8 := &publisher{videoFrames[0], camera{from: e, ssrc: 10, sequence: 10}}
	vp9 := &publisher{frames: videoFrames[1]}
	vp8.send(w, true)
	vp9.camera = vp8.camera
	for range 5 {
		vp9.send(w, false)
		w.tick(frameEvery)
	}
	if got := len(path.media(900)); got != 2 {
		t.Fatalf("%d packets of a codec that cannot be decoded yet", got-2)
	}
	if len(asked.rtcp) == 0 {
		t.Error("no keyframe was asked for")
	}
	vp9.send(w, true)
	vp9.send(w, false)
	packets := path.media(900)
	if len(packets) != 5 || packets[1].PayloadType != 100 || packets[2].PayloadType != 102 {
		t.Fatalf("%d packets", len(packets))
	}
	for i, p := range packets {
		if p.SequenceNumber != packets[0].SequenceNumber+uint16(i) {
			t.Error("a gap at the change")
		}
	}
}
