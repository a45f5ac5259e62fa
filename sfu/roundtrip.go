package sfu

import "github.com/pion/rtcp"

// referenced answers a client's reference times (RFC 3611 sections 4.4 and 4.5):
// who only receives learns the round trip by nothing else. A browser that does
// not know it asks for what was lost too early or too late, and leaves a repair
// no time in its jitter buffer. The answer leaves at once, so the delay is 0.
func (e *endpoint) referenced(xr *rtcp.ExtendedReport) {
	if e.path == nil {
		return
	}
	for _, block := range xr.Reports {
		if r, ok := block.(*rtcp.ReceiverReferenceTimeReportBlock); ok {
			answer := rtcp.DLRRReport{SSRC: xr.SenderSSRC, LastRR: uint32(r.NTPTimestamp >> 16)}
			e.path.WriteRTCP([]rtcp.Packet{&rtcp.ExtendedReport{
				SenderSSRC: e.ssrc, Reports: []rtcp.ReportBlock{&rtcp.DLRRReportBlock{Reports: []rtcp.DLRRReport{answer}}},
			}})
			return // one is all that a client says
		}
	}
}
