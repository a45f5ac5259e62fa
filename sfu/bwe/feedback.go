package bwe

import (
	"time"

	"github.com/pion/rtcp"
)

const (
	// referenceUnit is that of a feedback's reference time, and wireDelta that of
	// the deltas as the parser gives them
	// (draft-holmer-rmcat-transport-wide-cc-extensions-01 section 3.1).
	referenceUnit = 64 * time.Millisecond
	wireDelta     = time.Microsecond
	// referenceBits is how long the reference time is; then it wraps.
	referenceBits = 24
	// maxReference is by how much it may move between feedbacks; what moves it
	// more is another clock, and counting goes on from the last one.
	maxReference = int32(time.Minute / referenceUnit)
)

// The status of a packet on the wire (section 3.1.1).
const (
	notReceived = rtcp.TypeTCCPacketNotReceived
	smallDelta  = rtcp.TypeTCCPacketReceivedSmallDelta
	largeDelta  = rtcp.TypeTCCPacketReceivedLargeDelta
	withoutTime = rtcp.TypeTCCPacketReceivedWithoutDelta
)

// reader walks through a feedback packet: one status after the other, each with
// its packet's arrival on the receiver's clock.
type reader struct {
	started   bool
	reference int64  // of the newest feedback, unwrapped
	wire      uint32 // the same as it was on the wire

	clock  time.Duration // arrival of the newest packet read, on the receiver's clock
	deltas []*rtcp.RecvDelta
}

// begin takes up a feedback packet.
func (r *reader) begin(fb *rtcp.TransportLayerCC) {
	wire := fb.ReferenceTime & (1<<referenceBits - 1)
	moved := int32((wire-r.wire)<<(32-referenceBits)) >> (32 - referenceBits)
	switch {
	case !r.started:
		r.started, r.reference = true, int64(wire)
	case moved >= -maxReference && moved <= maxReference:
		r.reference += int64(moved)
	}
	r.wire = wire
	r.clock = time.Duration(r.reference) * referenceUnit
	r.deltas = fb.RecvDeltas
}

// arrival reads the next delta, if the packet has one.
func (r *reader) arrival(status uint16) (time.Duration, bool) {
	if status != smallDelta && status != largeDelta || len(r.deltas) == 0 || r.deltas[0] == nil {
		return 0, false
	}
	r.clock += time.Duration(r.deltas[0].Delta) * wireDelta
	r.deltas = r.deltas[1:]
	return r.clock, true
}

// read hands every status of a feedback packet to the estimator, at most limit
// of them: few bytes can speak of many packets.
func (e *Estimator) read(fb *rtcp.TransportLayerCC, limit int) {
	e.reader.begin(fb)
	seq, left := fb.BaseSequenceNumber, min(int(fb.PacketStatusCount), limit)
	for _, chunk := range fb.PacketChunks {
		switch chunk := chunk.(type) {
		case *rtcp.RunLengthChunk:
			for n := min(int(chunk.RunLength), left); n > 0; n-- {
				e.status(seq, chunk.PacketStatusSymbol)
				seq++
				left--
			}
		case *rtcp.StatusVectorChunk:
			for _, status := range chunk.SymbolList[:min(len(chunk.SymbolList), left)] {
				e.status(seq, status)
				seq++
				left--
			}
		}
		if left == 0 {
			return
		}
	}
}
