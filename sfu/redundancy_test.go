package sfu

import (
	"bytes"
	"encoding/binary"
	"testing"
	"time"

	"github.com/pion/rtp"

	"madang/sfu/codec"
	"madang/sfu/red"
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

// redMic publishes sound as RED: each packet carries the one before, as
// Chromium's does.
type redMic struct {
	world *world
	from  *endpoint
}

// says is the sound of a packet.
func says(number uint16) []byte { return []byte{0xfc, byte(number >> 8), byte(number)} }

// say sends packets of these numbers.
func (m *redMic) say(numbers ...uint16) {
	for _, n := range numbers {
		stamp := uint32(n+1000) * 960 // goes on where the numbers wrap
		payload := red.Build(nil, 111, red.Packet{Timestamp: stamp, Payload: says(n)}, red.Packet{Timestamp: stamp - 960, Payload: says(n - 1)})
		raw := labelled(10, 63, n, payload, nil)
		binary.BigEndian.PutUint32(raw[4:], stamp)
		m.from.receiveRTP(raw, m.world.now)
		m.world.tick(20 * time.Millisecond)
	}
}

// listen is such a microphone and a subscriber that takes RED or not.
func listen(takes bool) (*redMic, *Slot, *fakePath) {
	w := newWorld()
	a, _ := extended(w)
	source := w.source(a, Mic, 10)
	c, path := w.peer()
	slot := w.slot(c, "1", Audio, 900)
	if takes {
		slot.formats[codec.RED] = format{media: 63}
	}
	slot.assign(Feed{Source: source}, w.now)
	w.tick(200 * time.Millisecond)
	return &redMic{w, a}, slot, path
}

func TestREDPassesToWhoTakesIt(t *testing.T) {
	for _, tt := range []struct {
		name  string
		takes bool
		rate  uint64 // of the subscriber's link, told by REMB; 0: not told
		red   bool
	}{
		{"taken", true, 0, true},
		{"not taken", false, 0, false},
		{"no room", true, 60_000, false},
	} {
		t.Run(tt.name, func(t *testing.T) {
			mic, slot, path := listen(tt.takes)
			long := make([]byte, 80) // 32 kbit/s
			for n := range uint16(100) {
				if tt.rate > 0 {
					slot.to.down.estimate.REMB(tt.rate, mic.world.now)
				}
				raw := labelled(10, 63, n, red.Build(nil, 111, red.Packet{Timestamp: uint32(n) * 960, Payload: long}, red.Packet{Timestamp: uint32(n)*960 - 960, Payload: long}), nil)
				binary.BigEndian.PutUint32(raw[4:], uint32(n)*960)
				mic.from.receiveRTP(raw, mic.world.now)
				mic.world.tick(20 * time.Millisecond)
			}
			packets := path.media(900)
			if len(packets) != 100 {
				t.Fatalf("%d packets", len(packets))
			}
			if packets[0].PayloadType != 111 {
				t.Error("the first packet on a line carries what was said elsewhere")
			}
			if last := packets[99]; (last.PayloadType == 63) != tt.red || !tt.red && !bytes.Equal(last.Payload, long) {
				t.Errorf("type %d, %d bytes", last.PayloadType, len(last.Payload))
			}
		})
	}
}

// heard is the sound of a packet, whatever it came in.
func heard(t *testing.T, p *rtp.Packet) []byte {
	if p.PayloadType == 111 {
		return p.Payload
	}
	_, primary, err := codec.PrimaryOfRED(p.Payload)
	if err != nil {
		t.Fatal(err)
	}
	return primary
}

func TestSoundThatIsLostOnTheWayInIsRebuilt(t *testing.T) {
	for _, tt := range []struct {
		name string
		sent []uint16
		want []uint16
	}{
		{"one", []uint16{7, 8, 10, 11}, []uint16{7, 8, 9, 10, 11}},
		{"every other", []uint16{7, 9, 11, 13}, []uint16{7, 8, 9, 10, 11, 12, 13}},
		{"more than is carried", []uint16{7, 10, 11}, []uint16{7, 9, 10, 11}},
		{"late all the same", []uint16{7, 9, 8, 10}, []uint16{7, 8, 9, 10}},
		{"twice", []uint16{7, 9, 9, 10}, []uint16{7, 8, 9, 10}},
		{"before the first", []uint16{7, 8}, []uint16{7, 8}},
		{"over the wrap", []uint16{65534, 0, 1}, []uint16{65534, 65535, 0, 1}},
	} {
		for name, takes := range map[string]bool{"for plain Opus": false, "for RED": true} {
			t.Run(tt.name+" "+name, func(t *testing.T) {
				mic, _, path := listen(takes)
				mic.say(tt.sent...)
				packets := path.media(900)
				if len(packets) != len(tt.want) {
					t.Fatalf("%d packets, want %d", len(packets), len(tt.want))
				}
				for i, n := range tt.want {
					p, first := &packets[i], &packets[0]
					if got := heard(t, p); !bytes.Equal(got, says(n)) {
						t.Errorf("packet %d says %v, want %v", i, got, says(n))
					}
					ahead := n - tt.want[0]
					if p.SequenceNumber-first.SequenceNumber != ahead || p.Timestamp-first.Timestamp != uint32(ahead)*960 {
						t.Errorf("packet %d lies %d numbers and %d ticks after the first, want %d and %d", i,
							p.SequenceNumber-first.SequenceNumber, p.Timestamp-first.Timestamp, ahead, uint32(ahead)*960)
					}
				}
			})
		}
	}
}
