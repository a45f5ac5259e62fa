package red

import "madang/sfu/codec"

// Carried is a packet that a later one carries again.
type Carried struct {
	Packet
	Sequence    uint16
	PayloadType uint8
}

// Unpack appends to dst the packets that the RED payload of packet sequence, sent
// at timestamp, carries again, the oldest first; none of a payload that is
// malformed. RED does not number its blocks, but who makes it carries the packets
// just before (libwebrtc counts them likewise). Blocks that cannot be those, as
// they are empty or not in the order of time, end the way back. The payloads are
// parts of payload; it allocates only if dst lacks the capacity.
func Unpack(dst []Carried, sequence uint16, timestamp uint32, payload []byte) []Carried {
	var room [codec.MaxREDBlocks]codec.REDBlock
	blocks, err := codec.AppendREDBlocks(room[:0], payload)
	if err != nil {
		return dst
	}
	primary := len(blocks) - 1
	oldest := primary
	for oldest > 0 && len(blocks[oldest-1].Data) > 0 && blocks[oldest-1].TimestampOffset > blocks[oldest].TimestampOffset {
		oldest--
	}
	for i, b := range blocks[oldest:primary] {
		dst = append(dst, Carried{
			Packet:      Packet{Timestamp: timestamp - uint32(b.TimestampOffset), Payload: b.Data},
			Sequence:    sequence - uint16(primary-oldest-i),
			PayloadType: b.PayloadType,
		})
	}
	return dst
}
