package sfu

import (
	"encoding/binary"

	"github.com/pion/rtcp"
)

// reports is what reports are read into and written in. They come and go once a
// second for each peer, and leave no garbage. What it gives is good until the next
// of its kind.
type reports struct {
	senders   rtcp.SenderReport
	receivers rtcp.ReceiverReport
	blocks    []rtcp.ReceptionReport
	out       rtcp.RawPacket
}

// read reads one RTCP packet of a kind.
func (r *reports) read(kind rtcp.PacketType, packet []byte) (rtcp.Packet, error) {
	switch kind {
	case rtcp.TypeSenderReport:
		r.senders.Reports, r.senders.ProfileExtensions = r.senders.Reports[:0], nil
		return &r.senders, r.senders.Unmarshal(packet)
	case rtcp.TypeReceiverReport:
		r.receivers.Reports, r.receivers.ProfileExtensions = r.receivers.Reports[:0], nil
		return &r.receivers, r.receivers.Unmarshal(packet)
	}
	packets, err := rtcp.Unmarshal(packet)
	if err != nil {
		return nil, err
	}
	return packets[0], nil
}

// receiver is a receiver report of at most 31 blocks (RFC 3550 section 6.4.2).
func (r *reports) receiver(ssrc uint32, blocks []rtcp.ReceptionReport) rtcp.Packet {
	b := appendReportHeader(r.out[:0], rtcp.TypeReceiverReport, len(blocks), 1+6*len(blocks))
	b = binary.BigEndian.AppendUint32(b, ssrc)
	for i := range blocks {
		b = appendBlock(b, &blocks[i])
	}
	r.out = b
	return &r.out
}

// appendBlock appends a reception report; what was lost has 24 bits.
func appendBlock(b []byte, r *rtcp.ReceptionReport) []byte {
	b = binary.BigEndian.AppendUint32(b, r.SSRC)
	b = binary.BigEndian.AppendUint32(b, uint32(r.FractionLost)<<24|r.TotalLost&0xFFFFFF)
	b = binary.BigEndian.AppendUint32(b, r.LastSequenceNumber)
	b = binary.BigEndian.AppendUint32(b, r.Jitter)
	b = binary.BigEndian.AppendUint32(b, r.LastSenderReport)
	return binary.BigEndian.AppendUint32(b, r.Delay)
}

// appendSenderReport appends one that reports nothing else (RFC 3550 section 6.4.1).
func appendSenderReport(b []byte, r *rtcp.SenderReport) []byte {
	b = appendReportHeader(b, rtcp.TypeSenderReport, 0, 6)
	b = binary.BigEndian.AppendUint32(b, r.SSRC)
	b = binary.BigEndian.AppendUint64(b, r.NTPTime)
	b = binary.BigEndian.AppendUint32(b, r.RTPTime)
	b = binary.BigEndian.AppendUint32(b, r.PacketCount)
	return binary.BigEndian.AppendUint32(b, r.OctetCount)
}

// appendReportHeader appends the header of a packet with so many blocks, and so
// many words of four bytes after it.
func appendReportHeader(b []byte, kind rtcp.PacketType, blocks, words int) []byte {
	const version = 2 << 6
	b = append(b, version|byte(blocks), byte(kind))
	return binary.BigEndian.AppendUint16(b, uint16(words))
}
