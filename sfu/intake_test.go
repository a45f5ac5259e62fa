package sfu

import (
	"testing"

	"github.com/pion/transport/v5/packetio"
)

func TestRTCPThatPionShowsForEverySSRCIsTakenOnce(t *testing.T) {
	type shown struct {
		ssrc   uint32
		packet string
	}
	for _, c := range []struct {
		name  string
		shown []shown
		want  string
	}{
		{"once for one", []shown{{5, "a"}}, "a"},
		{"once for three", []shown{{5, "a"}, {7, "a"}, {9, "a"}}, "a"},
		{"again when it comes again", []shown{{5, "a"}, {5, "a"}}, "aa"},
		{"again for the same three", []shown{{5, "a"}, {9, "a"}, {5, "a"}, {9, "a"}}, "aa"},
		{"another for a higher one", []shown{{5, "a"}, {7, "b"}}, "ab"},
		{"another in between", []shown{{5, "a"}, {5, "b"}, {5, "a"}}, "aba"},
		{"of SSRC 0", []shown{{0, "a"}, {0, "a"}, {3, "a"}}, "aa"},
	} {
		t.Run(c.name, func(t *testing.T) {
			w := newWorld()
			e, _ := w.peer()
			in := &intake{endpoint: e, overflow: func() {}}
			inlets := map[uint32]*inlet{}
			for _, s := range c.shown {
				if inlets[s.ssrc] == nil {
					inlets[s.ssrc] = in.buffer(packetio.RTCPBufferPacket, s.ssrc).(*inlet)
				}
				if n, err := inlets[s.ssrc].Write([]byte(s.packet)); n != len(s.packet) || err != nil {
					t.Fatal(n, err)
				}
			}
			b, _ := w.worker.inbox.take(&batch{})
			if got := string(b.arena); got != c.want {
				t.Errorf("took %q, want %q", got, c.want)
			}
		})
	}
}

func TestRTPOfTheSameBytesIsTakenAgain(t *testing.T) {
	w := newWorld()
	e, _ := w.peer()
	in := (&intake{endpoint: e}).buffer(packetio.RTPBufferPacket, 5)
	for range 2 {
		_, _ = in.Write([]byte{1})
	}
	if b, _ := w.worker.inbox.take(&batch{}); len(b.packets) != 2 {
		t.Errorf("%d packets", len(b.packets))
	}
}

func TestPeerWithTooManySSRCsIsTold(t *testing.T) {
	told := 0
	in := &intake{overflow: func() { told++ }}
	for ssrc := range uint32(2 * streamsPerPeer) {
		in.buffer(packetio.RTPBufferPacket, ssrc)
		if want := int(ssrc+1) / streamsPerPeer; told > 1 || told < min(want, 1) {
			t.Fatalf("told %d times at %d", told, ssrc)
		}
	}
}

func TestTransportFeedbackWaitsForTheNextTurn(t *testing.T) {
	for name, c := range map[string]struct {
		packet []byte
		waits  bool
	}{
		"transport-wide feedback": {[]byte{0x8f, 205, 0, 1, 0, 0, 0, 1}, true},
		"a NACK":                  {[]byte{0x81, 205, 0, 1, 0, 0, 0, 1}, false},
		"a wish for a keyframe":   {[]byte{0x81, 206, 0, 1, 0, 0, 0, 1}, false},
		"feedback and a NACK":     {[]byte{0x8f, 205, 0, 1, 0, 0, 0, 1, 0x81, 205, 0, 1, 0, 0, 0, 1}, false},
		"no RTCP":                 {[]byte{1}, false},
	} {
		t.Run(name, func(t *testing.T) {
			w := newWorld()
			in := (&intake{endpoint: &endpoint{worker: w.worker}}).buffer(packetio.RTCPBufferPacket, 5)
			w.worker.inbox.rest(false)
			_, _ = in.Write(c.packet)
			if waits := w.worker.inbox.asleep; waits != c.waits {
				t.Errorf("waits: %v", waits)
			}
			if b, _ := w.worker.inbox.take(&batch{}); len(b.packets) != 1 {
				t.Errorf("%d packets", len(b.packets))
			}
		})
	}
}
