package synthetic

import "encoding/binary"

// Stamp says who sent a packet, and when. It ends the payload of the packet, in
// bytes that no decoder reads, so that it comes through any forwarding that
// leaves the payload alone.
type Stamp struct {
	// Sender is a number that the maker of the load gave out: below 2^24.
	Sender uint32
	// Kind is the sender's source, Layer its layer (0 is the smallest): below 16.
	Kind, Layer uint8
	// At is when the packet was made, in nanoseconds of a clock that sender and
	// receiver share.
	At int64
}

// StampLen is the room that a stamp takes, in bytes.
const StampLen = 16

// stampMagic begins a stamp.
const stampMagic = 0x6d_64_4e_67

// put writes the stamp over the last bytes of payload, which has room for it.
func (s Stamp) put(payload []byte) {
	tail := payload[len(payload)-StampLen:]
	binary.BigEndian.PutUint32(tail, stampMagic)
	binary.BigEndian.PutUint32(tail[4:], s.Sender<<8|uint32(s.Layer&15)<<4|uint32(s.Kind&15))
	binary.BigEndian.PutUint64(tail[8:], uint64(s.At))
}

// ReadStamp reads the stamp at the end of an RTP payload, padding removed. Not
// ok: there is none, as in the first packets of a large picture.
func ReadStamp(payload []byte) (s Stamp, ok bool) {
	if len(payload) < StampLen {
		return s, false
	}
	tail := payload[len(payload)-StampLen:]
	if binary.BigEndian.Uint32(tail) != stampMagic {
		return s, false
	}
	who := binary.BigEndian.Uint32(tail[4:])
	return Stamp{
		Sender: who >> 8, Layer: uint8(who>>4) & 15, Kind: uint8(who) & 15,
		At: int64(binary.BigEndian.Uint64(tail[8:])),
	}, true
}
