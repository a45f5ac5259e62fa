package codec

import "encoding/binary"

// MaxREDBlocks is how many blocks of one RED payload are read; what has more is
// malformed. Browsers send two to four.
const MaxREDBlocks = 32

// REDBlock is one block of a RED payload. Data points into the payload.
type REDBlock struct {
	PayloadType uint8 // 0 to 127
	// TimestampOffset is how far the block lies before the packet's timestamp,
	// in units of the RTP clock; 0 for the primary.
	TimestampOffset uint16
	Data            []byte
}

// PrimaryOfRED returns the newest block of a RED payload (RFC 2198 §3), the one
// that a receiver without RED is sent, and its payload type.
func PrimaryOfRED(payload []byte) (pt uint8, primary []byte, err error) {
	at, redundant := 0, 0
	for blocks := 0; ; blocks++ {
		if blocks == MaxREDBlocks {
			return 0, nil, ErrMalformed
		}
		if at >= len(payload) {
			return 0, nil, ErrTruncated
		}
		if payload[at]&0x80 == 0 {
			break
		}
		if at+4 > len(payload) {
			return 0, nil, ErrTruncated
		}
		redundant += int(binary.BigEndian.Uint16(payload[at+2:]) & 0x3ff)
		at += 4
	}
	pt = payload[at]
	at += 1 + redundant
	if at > len(payload) {
		return 0, nil, ErrTruncated
	}
	return pt, payload[at:], nil
}

// AppendREDBlocks appends the blocks of a RED payload to dst, the oldest first
// and the primary last; at most [MaxREDBlocks]. It allocates only if dst lacks
// the capacity.
func AppendREDBlocks(dst []REDBlock, payload []byte) ([]REDBlock, error) {
	pt, primary, err := PrimaryOfRED(payload)
	if err != nil {
		return dst, err
	}
	// The primary ends the payload, so its start is where the others' data ends.
	header := payload
	end := len(payload) - len(primary)
	data := end
	for at := 0; header[at]&0x80 != 0; at += 4 {
		data -= int(binary.BigEndian.Uint16(header[at+2:]) & 0x3ff)
	}
	for at := 0; header[at]&0x80 != 0; at += 4 {
		word := binary.BigEndian.Uint32(header[at:])
		size := int(word & 0x3ff)
		dst = append(dst, REDBlock{
			PayloadType:     uint8(word>>24) & 0x7f,
			TimestampOffset: uint16(word >> 10 & 0x3fff),
			Data:            payload[data : data+size],
		})
		data += size
	}
	return append(dst, REDBlock{PayloadType: pt, Data: primary}), nil
}
