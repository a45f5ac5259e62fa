package rtpview_test

import (
	"testing"

	"github.com/pion/rtp"

	"madang/sfu/rtpview"
)

func parse(t *testing.T, buf []byte) *rtpview.Packet {
	t.Helper()
	var p rtpview.Packet
	if err := rtpview.Parse(buf, &p); err != nil {
		t.Fatal(err)
	}
	return &p
}

func TestExtensionsOfTheOneByteForm(t *testing.T) {
	p := parse(t, oneByteForm)
	if level, voice, ok := rtpview.AudioLevel(p.Extension(1)); level != 30 || !voice || !ok {
		t.Errorf("level %d %v %v", level, voice, ok)
	}
	if n, ok := rtpview.TransportSequence(p.Extension(3)); n != 0x5678 || !ok {
		t.Errorf("transport-wide sequence number %#x %v", n, ok)
	}
	if mid := rtpview.Text(p.Extension(4)); string(mid) != "m0" {
		t.Errorf("mid %q", mid)
	}
	for _, id := range []uint8{0, 2, 5, 14, 15, 16, 255} {
		if v := p.Extension(id); v != nil {
			t.Errorf("extension %d: % x", id, v)
		}
	}
}

func TestExtensionsOfTheTwoByteForm(t *testing.T) {
	p := parse(t, twoByteForm)
	if v := p.Extension(7); v == nil || len(v) != 0 {
		t.Errorf("empty extension: %v", v)
	}
	if rid := rtpview.Text(p.Extension(200)); string(rid) != "rid1" {
		t.Errorf("rid %q", rid)
	}
	if level, voice, ok := rtpview.AudioLevel(p.Extension(3)); level != 127 || voice || !ok {
		t.Errorf("level %d %v %v", level, voice, ok)
	}
}

func TestReservedIDEndsTheOneByteForm(t *testing.T) {
	p := parse(t, packetBytes(0x90, 0, 0xbe, 0xde, 0, 2, 0x10, 7, 0xf2, 0x20, 9, 0x30, 1, 1))
	if v := p.Extension(1); len(v) != 1 || v[0] != 7 {
		t.Errorf("before it: % x", v)
	}
	if p.Extension(2) != nil || p.Extension(3) != nil || p.Extension(15) != nil {
		t.Error("what is behind id 15 is not ignored")
	}
}

func TestExtensionOfAnotherProfileIsPassedOver(t *testing.T) {
	p := parse(t, packetBytes(0x90, 0, 0xab, 0xcd, 0, 1, 0x13, 1, 2, 3, 42))
	if p.Extension(1) != nil || len(p.Payload) != 1 || p.Payload[0] != 42 {
		t.Errorf("%+v", p)
	}
}

func TestValuesOfAWrongKindAreRefused(t *testing.T) {
	for _, value := range [][]byte{nil, {}, {1, 2}} {
		if _, _, ok := rtpview.AudioLevel(value); ok {
			t.Errorf("level of % x", value)
		}
	}
	for _, value := range [][]byte{nil, {1}, {1, 2, 3}} {
		if _, ok := rtpview.TransportSequence(value); ok {
			t.Errorf("sequence of % x", value)
		}
	}
	if n, ok := rtpview.TransportSequence([]byte{0, 9, 0x80, 1}); n != 9 || !ok {
		t.Errorf("version 2: %d %v", n, ok)
	}
	for value, want := range map[string]string{
		"": "", "q": "q", "audio0": "audio0", "h\x00\x00": "h", "\x00q": "", "a b": "", "\x7f": "", "ü": "",
	} {
		if got := rtpview.Text([]byte(value)); string(got) != want {
			t.Errorf("text of %q: %q", value, got)
		}
	}
}

func TestOriginalSequenceOfARetransmission(t *testing.T) {
	n, rest, ok := rtpview.OriginalSequence([]byte{0xff, 0xfe, 0x90, 0x80})
	if n != 0xfffe || string(rest) != "\x90\x80" || !ok {
		t.Errorf("%d % x %v", n, rest, ok)
	}
	for _, payload := range [][]byte{nil, {1}} {
		if _, _, ok := rtpview.OriginalSequence(payload); ok {
			t.Errorf("payload of %d bytes", len(payload))
		}
	}
}

func TestWhereAnExtensionStands(t *testing.T) {
	for _, h := range []rtp.Header{
		{Version: 2, CSRC: []uint32{1, 2}},
		{Version: 2, Extension: true, ExtensionProfile: 0x1000},
	} {
		for id, value := range map[uint8]string{3: "0", 5: "some text", 9: "the end"} {
			if err := h.SetExtension(id, []byte(value)); err != nil {
				t.Fatal(err)
			}
		}
		raw, err := (&rtp.Packet{Header: h, Payload: []byte("payload")}).Marshal()
		if err != nil {
			t.Fatal(err)
		}
		p := parse(t, raw)
		for id := range uint8(15) {
			from, to := p.ExtensionAt(id)
			if want := p.Extension(id); string(raw[from:to]) != string(want) || (from == 0) != (want == nil) {
				t.Errorf("extension %d at %d to %d: %q, want %q", id, from, to, raw[from:to], want)
			}
		}
	}
}
