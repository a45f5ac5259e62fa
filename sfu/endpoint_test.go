package sfu

import (
	"bytes"
	"encoding/binary"
	"testing"
	"time"

	"github.com/pion/rtcp"
	"github.com/pion/rtp"

	"madang/sfu/codec"
	"madang/sfu/timeline"
)

const (
	testMid, testRID, testRepaired, testLevel, testTransport = 1, 2, 3, 4, 5
)

// labelled is a packet with header extensions, as browsers label the first
// packets of an SSRC.
func labelled(ssrc uint32, pt uint8, sequence uint16, payload []byte, extensions map[uint8]string) []byte {
	p := rtp.Packet{Header: rtp.Header{Version: 2, PayloadType: pt, SSRC: ssrc, SequenceNumber: sequence}, Payload: payload}
	for id := uint8(1); id < 15; id++ {
		if value, ok := extensions[id]; ok {
			_ = p.SetExtension(id, []byte(value))
		}
	}
	raw, err := p.Marshal()
	if err != nil {
		panic(err)
	}
	return raw
}

func extended(w *world) (*endpoint, *fakePath) {
	e, path := w.peer()
	e.extensions = extensionIDs{mid: testMid, rid: testRID, repairedRID: testRepaired, level: testLevel, transport: testTransport}
	return e, path
}

func TestStreamsAreBoundByWhateverNamesThem(t *testing.T) {
	rtx := append([]byte{0, 1}, vp8(false, 1)...)
	for _, c := range []struct {
		name       string
		pt         uint8
		ssrc       uint32
		extensions map[uint8]string
		payload    []byte
		bound      bool
		rid        string
	}{
		{"by mid", 96, 50, map[uint8]string{testMid: "camera"}, vp8(true, 1), true, ""},
		{"by mid and rid", 96, 51, map[uint8]string{testMid: "screen", testRID: "h"}, vp8(true, 1), true, "h"},
		{"by the offer's SSRC", 96, 10, nil, vp8(true, 1), true, ""},
		{"by its payload type, where one line has it", 111, 52, nil, []byte{1}, true, ""},
		{"not where two lines have it", 96, 53, nil, vp8(true, 1), false, ""},
		{"not with a mid that is nobody's", 111, 54, map[uint8]string{testMid: "x"}, []byte{1}, false, ""},
		{"not with a rid that was not offered", 96, 55, map[uint8]string{testMid: "screen", testRID: "z"}, vp8(true, 1), false, ""},
		{"not with a payload type that was not negotiated", 77, 56, map[uint8]string{testMid: "camera"}, []byte{1}, false, ""},
		{"not RTX before its media", 97, 57, map[uint8]string{testMid: "camera"}, rtx, false, ""},
		{"not padding", 96, 58, map[uint8]string{testMid: "camera"}, nil, false, ""},
	} {
		t.Run(c.name, func(t *testing.T) {
			w := newWorld()
			e, _ := extended(w)
			w.source(e, Camera, 10)
			w.source(e, Screen, 20, 21, 22)
			mic := w.source(e, Mic)
			mic.codecs, mic.rtx = map[uint8]codec.Codec{111: testFormats[111]}, nil
			for _, s := range e.sources[:2] {
				s.codecs = map[uint8]codec.Codec{96: testFormats[96]}
			}
			e.receiveRTP(labelled(c.ssrc, c.pt, 1, c.payload, c.extensions), w.now)
			st, ok := e.streams[c.ssrc]
			if ok != c.bound || ok && st.layer.rid != c.rid {
				t.Errorf("bound %v to %+v", ok, st)
			}
		})
	}
}

func TestPublisherRepairsOverRTXAndIsNotAskedAgain(t *testing.T) {
	w := newWorld()
	a, path := extended(w)
	source := w.source(a, Camera, 10)
	a.declared[11] = declaration{source: source, primary: 10}
	c, out := w.peer()
	slot := w.slot(c, "1", Video, 900)
	slot.assign(Feed{Source: source}, w.now)
	cam := &camera{from: a, ssrc: 10, sequence: 100, size: 1}
	var lost []byte
	for i := range 20 {
		raw := cam.frame(i == 0)[0]
		if i == 10 {
			lost = raw
			continue
		}
		a.receiveRTP(raw, w.now)
		w.tick(20 * time.Millisecond)
	}
	nacks := func() (n int) {
		for _, p := range path.rtcp {
			if nack, ok := p.(*rtcp.TransportLayerNack); ok {
				for _, pair := range nack.Nacks {
					n += len(pair.PacketList())
					if nack.MediaSSRC != 10 || pair.PacketID != 110 {
						t.Fatalf("asked for %v", nack)
					}
				}
			}
		}
		return n
	}
	if nacks() == 0 {
		t.Fatal("the publisher was not asked for what is missing")
	}
	var original rtp.Packet
	_ = original.Unmarshal(lost)
	repair := labelled(11, 97, 5, append([]byte{0, 110}, original.Payload...), nil)
	binary.BigEndian.PutUint32(repair[4:], original.Timestamp)
	repair[1] |= 0x80 // the marker of the original
	a.receiveRTP(repair, w.now)
	before := nacks()
	for range 50 {
		a.receiveRTP(cam.frame(false)[0], w.now)
		w.tick(20 * time.Millisecond)
	}
	if after := nacks(); after != before {
		t.Errorf("asked %d times after the repair", after-before)
	}
	packets := out.media(900)
	last := packets[0]
	found := false
	for _, p := range packets {
		found = found || bytes.Equal(p.Payload[6:], original.Payload[6:]) && p.SequenceNumber == last.SequenceNumber+10 && p.Marker
	}
	if !found {
		t.Error("the repaired packet was not forwarded in its place")
	}
}

func TestPublisherHearsReportsAndTransportFeedback(t *testing.T) {
	w := newWorld()
	a, path := extended(w)
	w.source(a, Camera, 10)
	for i := range uint16(200) {
		a.receiveRTP(labelled(10, 96, i, vp8(i == 0, i), map[uint8]string{testTransport: string([]byte{byte(i >> 8), byte(i)})}), w.now)
		w.tick(10 * time.Millisecond)
	}
	var feedback, reports int
	for _, p := range path.rtcp {
		switch p := p.(type) {
		case *rtcp.TransportLayerCC:
			feedback += int(p.PacketStatusCount)
		case *rtcp.ReceiverReport:
			reports++
			if p.Reports[0].SSRC != 10 || p.Reports[0].TotalLost != 0 {
				t.Errorf("report: %+v", p.Reports)
			}
		}
	}
	if feedback < 180 || reports < 2 {
		t.Errorf("feedback on %d of 200 packets, %d reports in 2 s", feedback, reports)
	}
}

func TestSenderReportsCarryServerTimeOnTheSlotsLine(t *testing.T) {
	w := newWorld()
	a, _ := extended(w)
	source := w.source(a, Camera, 10)
	c, out := w.peer()
	slot := w.slot(c, "1", Video, 900)
	slot.assign(Feed{Source: source}, w.now)
	cam := &camera{from: a, ssrc: 10, size: 1}
	for i := range 300 {
		a.receiveRTP(cam.frame(i == 0)[0], w.now)
		if i%30 == 10 { // the publisher's clock is an hour ahead
			sr := &rtcp.SenderReport{SSRC: 10, NTPTime: timeline.ToNTP(w.now.Add(time.Hour)), RTPTime: cam.stamp}
			raw, _ := sr.Marshal()
			a.receiveRTCP(raw, w.now)
		}
		w.tick(30 * time.Millisecond)
	}
	reports := 0
	for _, p := range out.rtcp {
		sr, ok := p.(*rtcp.SenderReport)
		if !ok {
			continue
		}
		reports++
		at := timeline.FromNTP(sr.NTPTime)
		if w.now.Sub(at).Abs() > time.Minute {
			t.Fatalf("a report says it is %v", at)
		}
		if want := slot.line.At(at); sr.RTPTime-want > 1 && want-sr.RTPTime > 1 {
			t.Errorf("a report has timestamp %d at a time of %d", sr.RTPTime, want)
		}
	}
	if reports < 9 {
		t.Errorf("%d reports in 10 s", reports)
	}
	packets := out.media(900)
	last := packets[len(packets)-1]
	if off := int32(slot.line.At(w.now) - last.Timestamp); off < 0 || off > 90_000/10 {
		t.Errorf("the newest frame lies %d ticks before now", off)
	}
}

func TestLayerInACodecThatNobodyTakesIsSaid(t *testing.T) {
	w := newWorld()
	a, _ := extended(w)
	source := w.source(a, Camera, 10)
	c, out := w.peer()
	slot := w.slot(c, "1", Video, 900)
	slot.formats[testFormats[96]] = format{}
	slot.assign(Feed{Source: source}, w.now)
	a.receiveRTP((&camera{from: a, ssrc: 10, size: 1}).frame(true)[0], w.now)
	w.worker.turn(&batch{}, false, w.now)
	if state := w.told.slots[slot]; state.Why != WhyCodec || len(out.rtp) != 0 {
		t.Errorf("told %+v, sent %d", state, len(out.rtp))
	}
}

// FuzzEndpoint throws packets of any kind at a peer that others watch.
func FuzzEndpoint(f *testing.F) {
	cam := &camera{ssrc: 10, size: 2}
	for _, raw := range cam.frame(true) {
		f.Add(raw, false)
	}
	f.Add(labelled(11, 97, 5, []byte{0, 1, 2, 3}, map[uint8]string{testMid: "camera"}), false)
	nack, _ := (&rtcp.TransportLayerNack{MediaSSRC: 900, Nacks: []rtcp.NackPair{{PacketID: 65530, LostPackets: 0xffff}}}).Marshal()
	f.Add(nack, true)
	pli, _ := (&rtcp.PictureLossIndication{MediaSSRC: 900}).Marshal()
	f.Add(pli, true)
	f.Fuzz(func(t *testing.T, raw []byte, isRTCP bool) {
		w := newWorld()
		a, _ := extended(w)
		source := w.source(a, Camera, 10)
		slot := w.slot(a, "1", Video, 900)
		slot.assign(Feed{Source: source}, w.now)
		a.receiveRTP((&camera{from: a, ssrc: 10, size: 1}).frame(true)[0], w.now)
		for range 3 {
			if isRTCP {
				a.receiveRTCP(bytes.Clone(raw), w.now)
			} else {
				a.receiveRTP(bytes.Clone(raw), w.now)
			}
			w.tick(tickEvery)
		}
	})
}
