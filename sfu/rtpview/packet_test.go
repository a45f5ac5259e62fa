package rtpview_test

import (
	"bytes"
	"errors"
	"testing"

	"github.com/pion/rtp"

	"madang/sfu/rtpview"
)

// packetBytes puts a packet together: first two bytes, then what follows the
// fixed header. Sequence 0x1234, timestamp 0x01020304, SSRC 0xa1b2c3d4.
func packetBytes(first, second byte, rest ...byte) []byte {
	return append([]byte{first, second, 0x12, 0x34, 1, 2, 3, 4, 0xa1, 0xb2, 0xc3, 0xd4}, rest...)
}

// oneByteForm is an Opus packet as Chromium sends it: audio level, transport-wide
// sequence number and mid, then Opus.
var oneByteForm = packetBytes(0x90, 0xef,
	0xbe, 0xde, 0, 3,
	0x10, 0x9e, // id 1: voice, −30 dBov
	0x31, 0x56, 0x78, // id 3: transport-wide sequence number
	0x41, 'm', '0', // id 4: mid
	0, 0, 0, 0, // padding to the word
	0x78, 0x0b, 0xe4, 0xc1)

// twoByteForm has application bits, a padding byte amid its elements, an empty
// element and an id that the one-byte form cannot hold; and RTP padding.
var twoByteForm = packetBytes(0xb1, 0x60,
	9, 9, 9, 9, // a CSRC
	0x10, 0x0a, 0, 3,
	7, 0,
	0,
	200, 4, 'r', 'i', 'd', '1',
	3, 1, 0x7f,
	0xde, 0xad, 0xbe, 0xef, 0, 0, 3)

func TestPacketIsReadWhereItLies(t *testing.T) {
	var p rtpview.Packet
	if err := rtpview.Parse(oneByteForm, &p); err != nil {
		t.Fatal(err)
	}
	if !p.Marker || p.PayloadType != 111 || p.SequenceNumber != 0x1234 || p.Timestamp != 0x01020304 || p.SSRC != 0xa1b2c3d4 {
		t.Errorf("%+v", p)
	}
	if p.HeaderLen != 28 || p.PaddingLen != 0 || !bytes.Equal(p.Payload, []byte{0x78, 0x0b, 0xe4, 0xc1}) {
		t.Errorf("header of %d, padding of %d, payload % x", p.HeaderLen, p.PaddingLen, p.Payload)
	}
	if &p.Payload[0] != &oneByteForm[28] {
		t.Error("the payload was copied")
	}
	if err := rtpview.Parse(twoByteForm, &p); err != nil {
		t.Fatal(err)
	}
	if p.Marker || p.PayloadType != 96 || p.HeaderLen != 32 || p.PaddingLen != 3 || !bytes.Equal(p.Payload, []byte{0xde, 0xad, 0xbe, 0xef}) {
		t.Errorf("%+v", p)
	}
	if p.Extension(4) != nil {
		t.Error("an extension of the packet before is left over")
	}
	if err := rtpview.Parse(packetBytes(0x80, 0), &p); err != nil || len(p.Payload) != 0 || p.Extension(3) != nil {
		t.Errorf("bare header: %v, %+v", err, p)
	}
}

func TestPacketOfPaddingOnlyHasNoPayload(t *testing.T) {
	var p rtpview.Packet
	buf := append(packetBytes(0xa0, 97), make([]byte, 255)...)
	buf[len(buf)-1] = 255
	if err := rtpview.Parse(buf, &p); err != nil {
		t.Fatal(err)
	}
	if len(p.Payload) != 0 || p.PaddingLen != 255 {
		t.Errorf("payload of %d, padding of %d", len(p.Payload), p.PaddingLen)
	}
}

func TestMalformedPacketIsAnError(t *testing.T) {
	tests := []struct {
		name string
		buf  []byte
		want error
	}{
		{"nothing", nil, rtpview.ErrShort},
		{"short header", packetBytes(0x80, 0)[:11], rtpview.ErrShort},
		{"version 1", packetBytes(0x40, 0), rtpview.ErrVersion},
		{"CSRCs that are not there", packetBytes(0x82, 0, 1, 2, 3, 4), rtpview.ErrShort},
		{"no room for an extension's head", packetBytes(0x90, 0, 0xbe, 0xde, 0), rtpview.ErrShort},
		{"extension behind the end", packetBytes(0x90, 0, 0xbe, 0xde, 0, 2, 0, 0, 0, 0), rtpview.ErrExtension},
		{"one-byte element behind the end", packetBytes(0x90, 0, 0xbe, 0xde, 0, 1, 0x13, 1, 2, 3), rtpview.ErrExtension},
		{"two-byte element behind the end", packetBytes(0x90, 0, 0x10, 0, 0, 1, 1, 3, 1, 2), rtpview.ErrExtension},
		{"two-byte element without length", packetBytes(0x90, 0, 0x10, 0, 0, 1, 0, 0, 0, 1), rtpview.ErrExtension},
		{"padding of length 0", packetBytes(0xa0, 0, 1, 0), rtpview.ErrPadding},
		{"padding into the header", packetBytes(0xa0, 0, 1, 3), rtpview.ErrPadding},
		{"padding without a byte", packetBytes(0xa0, 0), rtpview.ErrPadding},
		{"padding into the extension", packetBytes(0xb0, 0, 0xbe, 0xde, 0, 1, 0, 0, 0, 2), rtpview.ErrPadding},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			var p rtpview.Packet
			if err := rtpview.Parse(tt.buf, &p); !errors.Is(err, tt.want) {
				t.Errorf("error %v, want %v", err, tt.want)
			}
		})
	}
}

func TestRTCPIsToldFromRTP(t *testing.T) {
	for second, want := range map[byte]bool{
		200: true, 201: true, 205: true, 206: true, 207: true, 192: true, 223: true,
		191: false, 111: false, 0x80 | 111: false, 0x80 | 96: false, 0x80 | 35: false,
	} {
		if got := rtpview.IsRTCP([]byte{0x80, second, 0, 1}); got != want {
			t.Errorf("second byte %d: %v", second, got)
		}
	}
	if rtpview.IsRTCP([]byte{0x80, 200, 0}) || rtpview.IsRTCP(nil) || rtpview.IsRTCP([]byte{0x16, 200, 0, 0}) {
		t.Error("what is too short, or DTLS, is no RTCP")
	}
}

func TestParsingDoesNotAllocate(t *testing.T) {
	var p rtpview.Packet
	mids := map[string]int{"m0": 1}
	found := 0
	if allocs := testing.AllocsPerRun(1000, func() {
		if rtpview.Parse(oneByteForm, &p) != nil {
			t.Fatal("malformed")
		}
		rtpview.AudioLevel(p.Extension(1))
		rtpview.TransportSequence(p.Extension(3))
		found += mids[string(rtpview.Text(p.Extension(4)))]
	}); allocs != 0 {
		t.Errorf("%v allocations", allocs)
	}
	if found == 0 {
		t.Error("the mid was not found")
	}
}

// FuzzParse holds the reader to its promises, and against Pion's where both accept.
func FuzzParse(f *testing.F) {
	f.Add(oneByteForm)
	f.Add(twoByteForm)
	f.Add(packetBytes(0xa0, 97, 1))
	f.Add(packetBytes(0x90, 0, 0xbe, 0xde, 0, 1, 0xf0, 1, 2, 3))
	f.Fuzz(func(t *testing.T, buf []byte) {
		var p rtpview.Packet
		rtpview.IsRTCP(buf)
		if rtpview.Parse(buf, &p) != nil {
			return
		}
		if p.HeaderLen+len(p.Payload)+p.PaddingLen != len(buf) {
			t.Fatalf("%d + %d + %d bytes of %d", p.HeaderLen, len(p.Payload), p.PaddingLen, len(buf))
		}
		for id := range 256 {
			value := p.Extension(uint8(id))
			rtpview.AudioLevel(value)
			rtpview.TransportSequence(value)
			rtpview.Text(value)
		}
		rtpview.OriginalSequence(p.Payload)
		var theirs rtp.Packet
		if theirs.Unmarshal(buf) != nil {
			return
		}
		if theirs.SequenceNumber != p.SequenceNumber || theirs.Marker != p.Marker || theirs.PayloadType != p.PayloadType ||
			theirs.Timestamp != p.Timestamp || theirs.SSRC != p.SSRC || !bytes.Equal(theirs.Payload, p.Payload) {
			t.Fatalf("%+v, Pion reads %+v", p, theirs)
		}
	})
}

func BenchmarkParse(b *testing.B) {
	var p rtpview.Packet
	b.ReportAllocs()
	for b.Loop() {
		if rtpview.Parse(oneByteForm, &p) != nil {
			b.Fatal("malformed")
		}
		rtpview.TransportSequence(p.Extension(3))
	}
}
