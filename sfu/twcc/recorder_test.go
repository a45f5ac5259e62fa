package twcc

import (
	"math/rand/v2"
	"testing"
	"time"

	pion "github.com/pion/interceptor/pkg/twcc"
	"github.com/pion/rtcp"
)

// heard is what feedback says of packets: when they came, by their numbers.
type heard map[uint16]time.Duration

// hear reads one feedback packet as a sender does.
func (h heard) hear(t *testing.T, fb *rtcp.TransportLayerCC) {
	t.Helper()
	clock := time.Duration(fb.ReferenceTime) * reference
	sequence, left, deltas := fb.BaseSequenceNumber, int(fb.PacketStatusCount), fb.RecvDeltas
	status := func(symbol uint16) {
		if left--; left < 0 {
			return
		}
		if timed(symbol) {
			clock += time.Duration(deltas[0].Delta) * time.Microsecond
			h[sequence], deltas = clock, deltas[1:]
		}
		sequence++
	}
	for _, chunk := range fb.PacketChunks {
		switch c := chunk.(type) {
		case *rtcp.RunLengthChunk:
			for range c.RunLength {
				status(c.PacketStatusSymbol)
			}
		case *rtcp.StatusVectorChunk:
			for _, symbol := range c.SymbolList {
				status(symbol)
			}
		}
	}
	if left > 0 || len(deltas) > 0 {
		t.Fatalf("%d packets are not spoken of, %d deltas are of none", max(left, 0), len(deltas))
	}
}

func TestRecorderSaysWhatPionWould(t *testing.T) {
	for seed := range uint64(40) {
		rng := rand.New(rand.NewPCG(seed, 1))
		var ours Recorder
		theirs := pion.NewRecorder(1)
		epoch, at := time.Now(), time.Duration(0)
		number := uint16(rng.Uint32())
		for range 100 {
			for range rng.IntN(60) {
				at += time.Duration(rng.IntN(4000)) * time.Microsecond
				if number++; rng.IntN(10) == 0 {
					number += uint16(rng.IntN(30)) // lost
				}
				sent := number
				if rng.IntN(10) == 0 {
					sent -= uint16(rng.IntN(20)) // late, or twice
				}
				ours.Record(7, sent, epoch.Add(at))
				theirs.Record(7, sent, at.Microseconds())
			}
			if ours.Held() != theirs.PacketsHeld() {
				t.Fatalf("seed %d: %d packets wait, not %d", seed, ours.Held(), theirs.PacketsHeld())
			}
			if ours.Held() == 0 {
				continue
			}
			got, want := heard{}, heard{}
			for ours.Held() > 0 {
				raw := ours.Append(nil, 1)
				var fb rtcp.TransportLayerCC
				if err := fb.Unmarshal(raw); err != nil {
					t.Fatal(err)
				}
				if len(raw)%4 != 0 || fb.SenderSSRC != 1 || fb.MediaSSRC != 7 {
					t.Fatalf("%d bytes: %+v", len(raw), fb)
				}
				got.hear(t, &fb)
			}
			for _, p := range theirs.BuildFeedbackPacket() {
				want.hear(t, p.(*rtcp.TransportLayerCC))
			}
			compare(t, seed, got, want)
		}
	}
}

// compare allows for another beginning of the clock and for rounding.
func compare(t *testing.T, seed uint64, got, want heard) {
	t.Helper()
	if len(got) != len(want) {
		t.Fatalf("seed %d: spoke of %d packets, not %d", seed, len(got), len(want))
	}
	off, known := time.Duration(0), false
	for sequence, at := range want {
		came, ok := got[sequence]
		if !ok {
			t.Fatalf("seed %d: packet %d is missing", seed, sequence)
		}
		if !known {
			off, known = came-at, true
		}
		if d := (came - at - off).Abs(); d > 2*tick {
			t.Fatalf("seed %d: packet %d is %v off", seed, sequence, d)
		}
	}
}

func TestRecorderBoundsWhatItRemembers(t *testing.T) {
	var r Recorder
	now := time.Now()
	for i := range 1000 {
		r.Record(1, uint16(i*30_011), now.Add(time.Duration(i)*time.Millisecond))
		for r.Held() > 0 {
			if raw := r.Append(nil, 1); len(raw) > 1150 {
				t.Fatalf("feedback of %d bytes", len(raw))
			}
		}
	}
	if len(r.arrivals) > mostArrivals {
		t.Errorf("room for %d packets", len(r.arrivals))
	}
}

func TestRecordingAllocatesNothing(t *testing.T) {
	var r Recorder
	var raw []byte
	now, number := time.Now(), uint16(0)
	round := func() {
		for range 50 {
			number++
			now = now.Add(time.Millisecond)
			r.Record(1, number, now)
		}
		for r.Held() > 0 {
			raw = r.Append(raw[:0], 1)
		}
	}
	for range 100 {
		round()
	}
	if n := testing.AllocsPerRun(100, round); n > 0 {
		t.Errorf("%v allocations", n)
	}
}
