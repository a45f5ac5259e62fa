// Package twcc reads transport-wide feedback (draft-holmer-rmcat-transport-wide-
// cc-extensions-01 section 3.1). It comes from every subscriber up to 20 times a
// second and speaks of every packet sent: read by pion/rtcp each packet spoken of
// costs an allocation, and a few hostile bytes cost 65,535. Here what was read
// lies in storage that is used again. No goroutines, no clock.
package twcc

import (
	"encoding/binary"
	"errors"

	"github.com/pion/rtcp"
)

// Errors of [Reader.Read].
var (
	ErrShort = errors.New("twcc: feedback ends before what it announces")
	ErrType  = errors.New("twcc: not transport-wide feedback")
)

const (
	fixedLen = 20 // header, SSRCs, and all before the first chunk
	chunkLen = 2
)

// Reader reads feedback packets, one after the other. The zero value is ready.
// One goroutine owns it.
type Reader struct {
	packet  rtcp.TransportLayerCC
	runs    []rtcp.RunLengthChunk
	vectors []rtcp.StatusVectorChunk
	symbols []uint16
	deltas  []rtcp.RecvDelta
}

// Is tells whether an RTCP packet with that header is transport-wide feedback.
func Is(h rtcp.Header) bool {
	return h.Type == rtcp.TypeTransportSpecificFeedback && h.Count == rtcp.FormatTCC
}

// Read reads one RTCP packet. What it returns is what pion/rtcp would make of it,
// and holds until the next Read.
func (r *Reader) Read(b []byte) (*rtcp.TransportLayerCC, error) {
	p := &r.packet
	if p.Header.Unmarshal(b) != nil {
		return nil, ErrShort
	}
	if !Is(p.Header) {
		return nil, ErrType
	}
	total := 4 * (int(p.Header.Length) + 1)
	if total < fixedLen || len(b) < total {
		return nil, ErrShort
	}
	p.SenderSSRC = binary.BigEndian.Uint32(b[4:])
	p.MediaSSRC = binary.BigEndian.Uint32(b[8:])
	p.BaseSequenceNumber = binary.BigEndian.Uint16(b[12:])
	p.PacketStatusCount = binary.BigEndian.Uint16(b[14:])
	p.ReferenceTime = binary.BigEndian.Uint32(b[16:]) >> 8
	p.FbPktCount = b[19]
	rest, err := r.readChunks(b[fixedLen:total])
	if err != nil {
		return nil, err
	}
	return p, r.readDeltas(rest)
}

// readChunks reads what became of the packets, notes the deltas that are to
// follow, and returns the bytes behind the chunks.
func (r *Reader) readChunks(b []byte) (rest []byte, err error) {
	p := &r.packet
	p.PacketChunks, r.runs, r.vectors = p.PacketChunks[:0], r.runs[:0], r.vectors[:0]
	r.symbols, r.deltas = r.symbols[:0], r.deltas[:0]
	for left := int(p.PacketStatusCount); left > 0; b = b[chunkLen:] {
		if len(b) < chunkLen {
			return nil, ErrShort
		}
		chunk := binary.BigEndian.Uint16(b)
		if chunk&0x8000 != 0 {
			left -= r.readVector(chunk, left)
			continue
		}
		n := min(left, int(chunk&0x1fff))
		left -= n
		symbol := chunk >> 13
		if timed(symbol) && n > len(b) { // a delta has a byte at least
			return nil, ErrShort
		}
		r.runs = append(r.runs, rtcp.RunLengthChunk{Type: rtcp.TypeTCCRunLengthChunk, PacketStatusSymbol: symbol, RunLength: chunk & 0x1fff})
		p.PacketChunks = append(p.PacketChunks, &r.runs[len(r.runs)-1])
		for range n {
			r.expect(symbol)
		}
	}
	return b, nil
}

// readVector reads a chunk with a symbol for each of 7 or 14 packets, of which
// left count, and returns how many do.
func (r *Reader) readVector(chunk uint16, left int) int {
	size, bits, count := rtcp.TypeTCCSymbolSizeOneBit, 1, 14
	if chunk&0x4000 != 0 {
		size, bits, count = rtcp.TypeTCCSymbolSizeTwoBit, 2, 7
	}
	start := len(r.symbols)
	for i := range count {
		symbol := chunk << 2 << (i * bits) >> (16 - bits)
		r.symbols = append(r.symbols, symbol)
		if i < left {
			r.expect(symbol)
		}
	}
	end := len(r.symbols)
	r.vectors = append(r.vectors, rtcp.StatusVectorChunk{Type: rtcp.TypeTCCStatusVectorChunk, SymbolSize: uint16(size), SymbolList: r.symbols[start:end:end]})
	r.packet.PacketChunks = append(r.packet.PacketChunks, &r.vectors[len(r.vectors)-1])
	return min(left, count)
}

// timed tells whether a packet of that status has a delta.
func timed(symbol uint16) bool {
	return symbol == rtcp.TypeTCCPacketReceivedSmallDelta || symbol == rtcp.TypeTCCPacketReceivedLargeDelta
}

// expect notes that a delta follows, if one does.
func (r *Reader) expect(symbol uint16) {
	if timed(symbol) {
		r.deltas = append(r.deltas, rtcp.RecvDelta{Type: symbol})
	}
}

// readDeltas reads the deltas that are expected.
func (r *Reader) readDeltas(b []byte) error {
	p := &r.packet
	p.RecvDeltas = p.RecvDeltas[:0]
	for i := range r.deltas {
		d := &r.deltas[i]
		switch {
		case d.Type == rtcp.TypeTCCPacketReceivedSmallDelta && len(b) >= 1:
			d.Delta = rtcp.TypeTCCDeltaScaleFactor * int64(b[0])
			b = b[1:]
		case d.Type == rtcp.TypeTCCPacketReceivedLargeDelta && len(b) >= 2:
			d.Delta = rtcp.TypeTCCDeltaScaleFactor * int64(int16(binary.BigEndian.Uint16(b)))
			b = b[2:]
		default:
			return ErrShort
		}
		p.RecvDeltas = append(p.RecvDeltas, d)
	}
	return nil
}
