package twcc

import (
	"encoding/binary"
	"math/rand/v2"
	"reflect"
	"testing"

	"github.com/pion/interceptor/pkg/twcc"
	"github.com/pion/rtcp"
)

// written are packets as a receiver writes them that loses, delays and reorders.
func written(t testing.TB, seed uint64) (packets [][]byte) {
	t.Helper()
	random := rand.New(rand.NewPCG(seed, 1))
	recorder := twcc.NewRecorder(7)
	at := int64(1 << 40)
	for round := range 20 {
		for i := range 1 + random.IntN(200) {
			at += random.Int64N(int64(1) << random.IntN(18))
			if random.IntN(10) > 0 {
				recorder.Record(9, uint16(65_400+200*round+i), at)
			}
		}
		for _, p := range recorder.BuildFeedbackPacket() {
			raw, err := p.Marshal()
			if err != nil {
				t.Fatal(err)
			}
			packets = append(packets, raw)
		}
	}
	return packets
}

func TestReadsWhatPionReads(t *testing.T) {
	var r Reader
	for seed := range uint64(20) {
		for _, raw := range written(t, seed) {
			same(t, &r, raw)
		}
	}
}

// same holds a reading against that of pion/rtcp.
func same(t *testing.T, r *Reader, raw []byte) {
	t.Helper()
	var want rtcp.TransportLayerCC
	wantErr := want.Unmarshal(raw)
	got, err := r.Read(raw)
	switch {
	case wantErr != nil && err == nil:
		// Pion refuses packets that end with a chunk.
		if end := fixedLen + chunkLen*len(got.PacketChunks); len(got.RecvDeltas) > 0 || end != 4*(int(got.Header.Length)+1) {
			t.Fatalf("read %x, which pion refuses: %v", raw, wantErr)
		}
	case wantErr == nil && err != nil:
		t.Fatalf("%x: %v", raw, err)
	case err == nil:
		if len(got.PacketChunks) == 0 {
			got.PacketChunks = nil
		}
		if len(got.RecvDeltas) == 0 {
			got.RecvDeltas = nil
		}
		if !reflect.DeepEqual(*got, want) {
			t.Fatalf("%x:\n got %v\nwant %v", raw, got, want)
		}
	}
}

func TestRefusesWhatAnnouncesMoreThanItHolds(t *testing.T) {
	raw := written(t, 1)[0]
	for name, spoil := range map[string]func([]byte) []byte{
		"cut":             func(b []byte) []byte { return b[:len(b)-4] },
		"no room":         func(b []byte) []byte { return b[:3] },
		"another type":    func(b []byte) []byte { b[1]++; return b },
		"another format":  func(b []byte) []byte { b[0]++; return b },
		"too long a run":  func(b []byte) []byte { b[14], b[15], b[20], b[21] = 0xff, 0xff, 0x3f, 0xff; return b },
		"too many chunks": func(b []byte) []byte { b[14], b[15] = 0xff, 0xff; return b },
		"no fixed part":   func(b []byte) []byte { b[2], b[3] = 0, 3; return b },
	} {
		t.Run(name, func(t *testing.T) {
			var r Reader
			if _, err := r.Read(spoil(append([]byte(nil), raw...))); err == nil {
				t.Error("it was read")
			}
		})
	}
}

func TestNothingIsAllocatedAgain(t *testing.T) {
	var r Reader
	packets := written(t, 3)
	read := func() {
		for _, raw := range packets {
			if _, err := r.Read(raw); err != nil {
				t.Fatal(err)
			}
		}
	}
	read()
	if n := testing.AllocsPerRun(10, read); n > 0 {
		t.Errorf("%v allocations", n)
	}
}

// FuzzRead: whatever comes is read as pion/rtcp reads it, or refused.
func FuzzRead(f *testing.F) {
	for _, raw := range written(f, 2) {
		f.Add(raw)
	}
	runs := make([]byte, 28)
	runs[0], runs[1] = 0x8f, 205
	binary.BigEndian.PutUint16(runs[2:], 6)
	binary.BigEndian.PutUint16(runs[14:], 65_535)
	for i := 20; i < len(runs); i += 2 {
		binary.BigEndian.PutUint16(runs[i:], 0x1fff)
	}
	f.Add(runs)
	f.Fuzz(func(t *testing.T, raw []byte) {
		if len(raw) >= 16 && binary.BigEndian.Uint16(raw[14:]) > 2000 {
			return // dear for pion
		}
		var r Reader
		same(t, &r, raw)
		same(t, &r, raw)
	})
}

// BenchmarkRead is one packet of feedback about ten packets, as a browser sends it.
func BenchmarkRead(b *testing.B) {
	recorder := twcc.NewRecorder(7)
	for i := range 10 {
		recorder.Record(9, uint16(i), int64(i)*5000)
	}
	raw, err := recorder.BuildFeedbackPacket()[0].Marshal()
	if err != nil {
		b.Fatal(err)
	}
	var r Reader
	b.ReportAllocs()
	for b.Loop() {
		if _, err := r.Read(raw); err != nil {
			b.Fatal(err)
		}
	}
}
