package sfu

import (
	"slices"
	"testing"
	"time"
)

func TestWhatIsMissingOfLeftOutFramesLeavesNoGap(t *testing.T) {
	for _, tt := range []struct {
		name string
		lost []int // packets of each frame of four that is left out
		gaps bool
	}{
		{"the beginning", []int{0}, false},
		{"the middle", []int{1, 2}, false},
		{"the end", []int{3}, false},
		{"all but one", []int{0, 1, 3}, false},
		{"both ends", []int{0, 3}, false},
		{"all: nobody knows what it was", []int{0, 1, 2, 3}, true},
	} {
		t.Run(tt.name, func(t *testing.T) {
			w := newWorld()
			a, _ := w.peer()
			c, path := w.peer()
			source := w.source(a, Camera, 10)
			cam := &camera{from: a, ssrc: 10, sequence: 65000, size: 4, layered: true}
			slot := w.slot(c, "1", Video, 900)
			slot.assign(Feed{Source: source}, w.now)
			for frame := range 80 {
				slot.wish(0, 0)
				packets := cam.frame(frame == 0)
				for i, raw := range packets {
					if packets[0][12+5]>>6 == 2 && slices.Contains(tt.lost, i) {
						continue
					}
					a.receiveRTP(raw, w.now)
				}
				w.now = w.now.Add(frameEvery)
			}
			gaps := 0
			packets := path.media(900)
			for i := 1; i < len(packets); i++ {
				if packets[i].SequenceNumber != packets[i-1].SequenceNumber+1 {
					gaps++
				}
			}
			if len(packets) != 80 || gaps > 0 != tt.gaps {
				t.Errorf("%d packets with %d gaps", len(packets), gaps)
			}
			if !tt.gaps {
				checkContinuous(t, packets)
			}
		})
	}
}

func TestWhatIsMissingOfALeftOutSpatialLayerLeavesNoGap(t *testing.T) {
	w := newSVCWorld(t, "av1_l3t3_key.txt")
	w.slot.assign(Feed{Source: w.sources[0]}, w.now)
	lost := 0
	for range 400 {
		w.slot.wish(0, 2)
		lines := w.cameras[0].lines[w.cameras[0].at%len(w.cameras[0].lines):]
		packets := w.cameras[0].picture()
		frames := 0
		for i, raw := range packets {
			if lines[i].value[0]&0x80 != 0 {
				frames++
			} else if i == len(packets)-1 && frames > 1 { // the end of the higher layer
				lost++
				continue
			}
			w.cameras[0].from.receiveRTP(raw, w.now)
		}
		w.now = w.now.Add(frameEvery)
	}
	packets := w.path.media(900)
	gaps := 0
	for i := 1; i < len(packets); i++ {
		gaps += int(packets[i].SequenceNumber - packets[i-1].SequenceNumber - 1)
	}
	readAll(t, packets)
	if lost < 50 || gaps > lost/20 { // where its encoder skipped a number nobody knows
		t.Errorf("%d packets were lost, %d places kept for them", lost, gaps)
	}
}

// A packet that is missing before one that is sent may be its frame's.
func TestWhatIsMissingOfWhatIsSentKeepsItsPlace(t *testing.T) {
	for _, tt := range []struct {
		name  string
		frame int // 0 and 4 are of the lowest layer
		lost  int
	}{
		{"its beginning", 4, 0}, {"its middle", 4, 1}, {"the end of the one before", 0, 3},
	} {
		t.Run(tt.name, func(t *testing.T) {
			w := newWorld()
			a, _ := w.peer()
			c, path := w.peer()
			source := w.source(a, Camera, 10)
			cam := &camera{from: a, ssrc: 10, size: 4, layered: true}
			slot := w.slot(c, "1", Video, 900)
			slot.assign(Feed{Source: source}, w.now)
			var late []byte
			for frame := range 9 {
				slot.wish(0, 0)
				for i, raw := range cam.frame(frame == 0) {
					if frame == tt.frame && i == tt.lost {
						late = raw
						continue
					}
					a.receiveRTP(raw, w.now)
				}
			}
			a.receiveRTP(late, w.now)
			packets := path.media(900)
			last := packets[len(packets)-1]
			if len(packets) != 12 || last.Payload[59] != byte(tt.lost) {
				t.Fatalf("%d packets", len(packets))
			}
			for _, p := range packets[:11] {
				if p.SequenceNumber == last.SequenceNumber {
					t.Error("its place was given away")
				}
			}
		})
	}
}

func TestWhatWasSentIsRememberedAsLongAsItIsKept(t *testing.T) {
	for _, tt := range []struct {
		name              string
		spatial, temporal uint8
		fps               int
		runs              int // at most
	}{
		{"all of it at 60", 2, 2, 60, 8},
		{"two temporal layers at 30", 2, 1, 30, 64},
		{"two temporal layers at 60", 2, 1, 60, 64},
		{"the lowest temporal layer at 60", 2, 0, 60, 32},
		{"the lowest spatial layer at 60", 0, 2, 60, 128},
		{"the lowest spatial layer at 120", 0, 2, 120, 256},
		{"the lowest of all at 60", 0, 0, 60, 32},
	} {
		t.Run(tt.name, func(t *testing.T) {
			w := newSVCWorld(t, "av1_l3t3_key.txt")
			w.slot.assign(Feed{Source: w.sources[0]}, w.now)
			w.cameras[0].more, w.cameras[0].every = 1000, uint32(90_000/tt.fps)
			began := w.now
			var sentAt []time.Time
			for n := range 5 * tt.fps {
				w.slot.wish(tt.spatial, tt.temporal)
				for _, raw := range w.cameras[0].picture() {
					w.cameras[0].from.receiveRTP(raw, w.now)
				}
				for len(sentAt) < len(w.path.media(900)) {
					sentAt = append(sentAt, w.now)
				}
				w.now = began.Add(time.Duration(n+1) * time.Second / time.Duration(tt.fps))
			}
			packets, asked := w.path.media(900), 0
			for i := len(packets) - 1; w.now.Sub(sentAt[i]) < time.Second; i-- {
				w.path.rtp = nil
				if !w.slot.resend(packets[i].SequenceNumber) || string(w.path.rtp[0].Payload[2:]) != string(packets[i].Payload) {
					t.Fatalf("packet %d is not to be had", i-len(packets))
				}
				asked++
			}
			if kept := len(w.slot.runs.ring); kept > tt.runs {
				t.Errorf("%d runs are kept", kept)
			}
			t.Logf("%d packets, %d runs", asked, len(w.slot.runs.ring))
		})
	}
}
