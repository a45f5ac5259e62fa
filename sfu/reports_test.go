package sfu

import (
	"bytes"
	"math/rand/v2"
	"reflect"
	"testing"

	"github.com/pion/rtcp"
)

func TestReportsAreWrittenAsPionDoes(t *testing.T) {
	random := rand.New(rand.NewPCG(1, 1))
	var r reports
	for n := range reportBlocks + 1 {
		blocks := make([]rtcp.ReceptionReport, n)
		for i := range blocks {
			blocks[i] = rtcp.ReceptionReport{SSRC: random.Uint32(), FractionLost: uint8(random.Uint32()), TotalLost: random.Uint32() >> 8,
				LastSequenceNumber: random.Uint32(), Jitter: random.Uint32(), LastSenderReport: random.Uint32(), Delay: random.Uint32()}
		}
		want, err := rtcp.ReceiverReport{SSRC: 7, Reports: blocks}.Marshal()
		got, _ := r.receiver(7, blocks).Marshal()
		if err != nil || !bytes.Equal(got, want) {
			t.Errorf("%d blocks are %x, not %x", n, got, want)
		}
	}
	sr := rtcp.SenderReport{SSRC: 1, NTPTime: 1<<63 | 2, RTPTime: 3, PacketCount: 4, OctetCount: 5}
	want, err := sr.Marshal()
	if got := appendSenderReport(nil, &sr); err != nil || !bytes.Equal(got, want) {
		t.Errorf("a sender report is %x, not %x", got, want)
	}
}

// What was read before changes nothing.
func FuzzReports(f *testing.F) {
	blocks := []rtcp.ReceptionReport{{SSRC: 2, TotalLost: 3}, {SSRC: 3}}
	for _, p := range []rtcp.Packet{
		&rtcp.SenderReport{SSRC: 1, NTPTime: 2, Reports: blocks}, &rtcp.ReceiverReport{SSRC: 1, Reports: blocks[:1]},
		&rtcp.SenderReport{SSRC: 1, ProfileExtensions: []byte{1, 2, 3, 4}}, &rtcp.SenderReport{SSRC: 1},
		&rtcp.ReceiverReport{}, &rtcp.PictureLossIndication{}, &rtcp.Goodbye{},
	} {
		raw, _ := p.Marshal()
		f.Add(raw)
	}
	var used reports
	f.Fuzz(func(t *testing.T, b []byte) {
		var header rtcp.Header
		if header.Unmarshal(b) != nil || 4*(int(header.Length)+1) != len(b) {
			return
		}
		want, failed := rtcp.Unmarshal(b)
		got, err := used.read(header.Type, b)
		if (failed == nil) != (err == nil) {
			t.Fatalf("%v, not %v", err, failed)
		}
		if err != nil {
			return
		}
		again, _ := want[0].Marshal()
		if raw, _ := got.Marshal(); !bytes.Equal(raw, again) || reflect.TypeOf(got) != reflect.TypeOf(want[0]) {
			t.Errorf("%v was read as %v", want[0], got)
		}
	})
}

func TestReportsLeaveNoGarbage(t *testing.T) {
	var r reports
	blocks := make([]rtcp.ReceptionReport, 3)
	raw, _ := rtcp.ReceiverReport{Reports: blocks}.Marshal()
	sent, _ := rtcp.SenderReport{Reports: blocks}.Marshal()
	out := make([]byte, 0, 100)
	round := func() {
		_, _ = r.read(rtcp.TypeReceiverReport, raw)
		_, _ = r.read(rtcp.TypeSenderReport, sent)
		r.receiver(1, blocks)
		out = appendSenderReport(out[:0], &r.senders)
	}
	round()
	if n := testing.AllocsPerRun(100, round); n != 0 {
		t.Errorf("%v allocations", n)
	}
}
