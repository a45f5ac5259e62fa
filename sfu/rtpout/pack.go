package rtpout

import "encoding/binary"

// packed is what stands before a packed packet: the length of its header and
// where its number stands in it (2 bytes each), and its padding (1 byte).
const packed = 2 + 2 + 1

// Packed is how many bytes Pack takes.
func (p *Packet) Packed() int { return packed + len(p.Head) + len(p.Payload) }

// Pack copies the packet to where it can wait: to has room for Packed bytes.
func (p *Packet) Pack(to []byte) {
	binary.BigEndian.PutUint16(to, uint16(len(p.Head)))
	binary.BigEndian.PutUint16(to[2:], uint16(p.number))
	to[4] = p.Padding
	n := packed + copy(to[packed:], p.Head)
	copy(to[n:], p.Payload)
}

// Unpack is the packet that was packed there; it lies in the same bytes.
func Unpack(from []byte) Packet {
	body := packed + int(binary.BigEndian.Uint16(from))
	return Packet{
		Head: from[packed:body:body], Payload: from[body:], Padding: from[4],
		number: int(binary.BigEndian.Uint16(from[2:])),
	}
}
