package sfu

import (
	"testing"

	"github.com/pion/rtcp"
)

func TestClientThatOnlyReceivesLearnsTheRoundTrip(t *testing.T) {
	w := newWorld()
	viewer, path := w.peer()
	raw, err := rtcp.Marshal([]rtcp.Packet{
		&rtcp.ReceiverReport{SSRC: 77},
		&rtcp.ExtendedReport{SenderSSRC: 77, Reports: []rtcp.ReportBlock{
			&rtcp.ReceiverReferenceTimeReportBlock{NTPTimestamp: 0x0123_4567_89ab_cdef},
			&rtcp.ReceiverReferenceTimeReportBlock{NTPTimestamp: 1},
		}},
	})
	if err != nil {
		t.Fatal(err)
	}
	viewer.receiveRTCP(raw, w.now)
	if len(path.rtcp) != 1 {
		t.Fatalf("%d answers", len(path.rtcp))
	}
	raw, err = path.rtcp[0].Marshal()
	if err != nil {
		t.Fatal(err)
	}
	packets, err := rtcp.Unmarshal(raw)
	if err != nil {
		t.Fatal(err)
	}
	xr, ok := packets[0].(*rtcp.ExtendedReport)
	if !ok || len(xr.Reports) != 1 {
		t.Fatalf("answered %v", packets)
	}
	dlrr, ok := xr.Reports[0].(*rtcp.DLRRReportBlock)
	if !ok || len(dlrr.Reports) != 1 || dlrr.Reports[0] != (rtcp.DLRRReport{SSRC: 77, LastRR: 0x4567_89ab}) {
		t.Errorf("answered %v", xr.Reports[0])
	}
}
