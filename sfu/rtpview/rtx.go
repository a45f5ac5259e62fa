package rtpview

import "encoding/binary"

// OriginalSequence splits the payload of a retransmission (RFC 4588 §4) into
// the sequence number that the packet had at first and its payload of then.
// Not ok: too short, as packets are that only probe for bandwidth.
func OriginalSequence(payload []byte) (sequence uint16, rest []byte, ok bool) {
	if len(payload) < 2 {
		return 0, nil, false
	}
	return binary.BigEndian.Uint16(payload), payload[2:], true
}
