package lane

import "encoding/binary"

// headerBytes is the length before each datagram of a stream (RFC 4571 section 2).
const headerBytes = 2

// Append appends a datagram as a stream carries it.
func Append(framed, datagram []byte) []byte {
	framed = binary.BigEndian.AppendUint16(framed, uint16(len(datagram)))
	return append(framed, datagram...)
}

// Cut takes the first datagram off; false: there is no whole one.
func Cut(framed []byte) (datagram, rest []byte, ok bool) {
	if len(framed) < headerBytes {
		return nil, framed, false
	}
	length := headerBytes + int(binary.BigEndian.Uint16(framed))
	if length > len(framed) {
		return nil, framed, false
	}
	return framed[headerBytes:length], framed[length:], true
}
