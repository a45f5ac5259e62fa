package sfu

import (
	"testing"
	"time"
)

func TestRoomIsToldWhoseLinkIsBad(t *testing.T) {
	w := newWorld()
	a, _ := extended(w)
	source := w.source(a, Camera, 10)
	c, _ := w.peer()
	video, audio := w.slot(c, "1", Video, 900), w.slot(c, "2", Audio, 902)
	voice := w.source(a, Mic, 20)
	w.route(&Routing{
		Views: []View{
			{Key: "mina", Self: []*Source{source, voice}},
			{Key: "jun", Pairs: []Pair{{Video: video, Audio: audio, VideoFrom: Feed{Source: source}, AudioFrom: Feed{Source: voice}}}},
		},
		Mics: []*Source{voice}, Pictures: []*Source{source},
	})
	cam := &camera{from: a, ssrc: 10, size: 2}
	run := func(length time.Duration, lose int) {
		for i := range int(length / (40 * time.Millisecond)) {
			for n, raw := range cam.frame(i == 0) {
				if lose == 0 || (i*2+n)%lose != 0 {
					a.receiveRTP(raw, w.now)
				}
			}
			a.receiveRTP(labelled(20, 111, uint16(i), []byte{1}, nil), w.now)
			w.tick(40 * time.Millisecond)
		}
	}
	run(10*time.Second, 0)
	if q := w.told.quality["mina"]; q.Up < 4 || q.Cause != CauseNone {
		t.Errorf("a good link is told as %+v", q)
	}
	run(10*time.Second, 6)
	if q := w.told.quality["mina"]; q.Up > 3 || q.Cause != CauseUplink {
		t.Errorf("a link that loses a sixth is told as %+v", q)
	}
	if q := w.told.quality["jun"]; q.Down < 4 {
		t.Errorf("who watches is told as %+v", q)
	}
}
