package rtpout_test

import (
	"bytes"
	"slices"
	"testing"

	"github.com/pion/rtp"

	"madang/sfu/rtpout"
)

// plain is the packet as it would be sealed.
func plain(p *rtpout.Packet) []byte {
	out := slices.Concat(p.Head, p.Payload, make([]byte, p.Padding))
	if p.Padding > 0 {
		out[len(out)-1] = p.Padding
	}
	return out
}

// read is a packet as Pion reads it.
func read(t *testing.T, p *rtpout.Packet) rtp.Packet {
	t.Helper()
	var out rtp.Packet
	if err := out.Unmarshal(plain(p)); err != nil {
		t.Fatalf("%v in % x", err, plain(p))
	}
	return out
}

var header = rtpout.Header{SSRC: 0x01020304, Timestamp: 0xfffffff0, SequenceNumber: 65535, PayloadType: 127, Marker: true}

func TestPionReadsWhatIsWritten(t *testing.T) {
	long := bytes.Repeat([]byte{7}, 255)
	for _, tt := range []struct {
		name       string
		extensions []rtpout.Extension
		numbered   uint8
		profile    uint16 // 0 for none
		head       int    // its length
	}{
		{"no extension", nil, 0, 0, 12},
		{"a number alone", nil, 3, 0xbede, 20},
		{"one byte", []rtpout.Extension{{ID: 1, Value: []byte{9}}}, 0, 0xbede, 20},
		{"the longest of the one-byte form", []rtpout.Extension{{ID: 14, Value: long[:16]}, {ID: 2, Value: []byte("m0")}}, 1, 0xbede, 40},
		{"one that is too long for it", []rtpout.Extension{{ID: 2, Value: []byte("m0")}, {ID: 4, Value: long[:17]}}, 3, 0x1000, 44},
		{"one that is empty", []rtpout.Extension{{ID: 5, Value: []byte{}}}, 3, 0x1000, 24},
		{"an ID that is too high for it", []rtpout.Extension{{ID: 16, Value: []byte{1}}}, 3, 0x1000, 24},
		{"a number's ID that is", []rtpout.Extension{{ID: 1, Value: []byte{1}}}, 255, 0x1000, 24},
		{"the longest there is", []rtpout.Extension{{ID: 6, Value: long}}, 3, 0x1000, 280},
	} {
		p := rtpout.Packet{Payload: []byte("a picture"), Padding: 3}
		for range 2 { // the second time into what the first left
			p.Label(header, tt.extensions, tt.numbered)
		}
		if p.Numbered() {
			p.Number(0xabcd)
		}
		got := read(t, &p)
		if got.SSRC != header.SSRC || got.Timestamp != header.Timestamp || got.SequenceNumber != header.SequenceNumber || got.PayloadType != header.PayloadType || !got.Marker || got.Version != 2 {
			t.Errorf("%s: %+v", tt.name, got.Header)
		}
		if got.Extension != (tt.profile != 0) || got.ExtensionProfile != tt.profile && got.Extension || len(p.Head) != tt.head {
			t.Errorf("%s: profile %#x, header of %d bytes", tt.name, got.ExtensionProfile, len(p.Head))
		}
		for _, e := range tt.extensions {
			if value := got.GetExtension(e.ID); !bytes.Equal(value, e.Value) {
				t.Errorf("%s: extension %d is % x", tt.name, e.ID, value)
			}
		}
		if number := got.GetExtension(tt.numbered); p.Numbered() != (tt.numbered != 0) || p.Numbered() && !bytes.Equal(number, []byte{0xab, 0xcd}) {
			t.Errorf("%s: number % x", tt.name, number)
		}
		if string(got.Payload) != "a picture" || got.PaddingSize != 3 || p.Size() != len(plain(&p)) || p.SSRC() != header.SSRC {
			t.Errorf("%s: payload %q, padding %d, size %d", tt.name, got.Payload, got.PaddingSize, p.Size())
		}
	}
}

func TestPacketOfPaddingHasNoPayload(t *testing.T) {
	p := rtpout.Packet{Padding: 255}
	p.Label(header, nil, 3)
	if got := read(t, &p); len(got.Payload) != 0 || got.PaddingSize != 255 {
		t.Errorf("payload of %d, padding of %d", len(got.Payload), got.PaddingSize)
	}
	p.Padding = 0
	p.Label(header, nil, 0)
	if got := read(t, &p); got.Padding || p.Numbered() {
		t.Error("the next packet goes on with padding or a number")
	}
}

func TestPackedPacketComesOutAsItWent(t *testing.T) {
	for _, numbered := range []uint8{0, 3, 200} {
		p := rtpout.Packet{Payload: []byte("a picture"), Padding: 7}
		p.Label(header, []rtpout.Extension{{ID: 4, Value: []byte("m0")}}, numbered)
		room := make([]byte, p.Packed())
		p.Pack(room)
		out := rtpout.Unpack(room)
		if p.Numbered() {
			p.Number(500)
			out.Number(500)
		}
		if !bytes.Equal(plain(&p), plain(&out)) || out.Numbered() != p.Numbered() {
			t.Errorf("came out as\n% x\ninstead of\n% x", plain(&out), plain(&p))
		}
	}
}

func TestWritingCostsNoAllocationOnceWarm(t *testing.T) {
	var p rtpout.Packet
	room := make([]byte, 2000)
	extensions := []rtpout.Extension{{ID: 4, Value: []byte("m0")}}
	p.Label(header, extensions, 3)
	if allocs := testing.AllocsPerRun(100, func() {
		p.Label(header, extensions, 3)
		p.Pack(room)
		out := rtpout.Unpack(room[:p.Packed()])
		out.Number(1)
	}); allocs != 0 {
		t.Errorf("%v allocations", allocs)
	}
}
