// Package rtpout writes the headers of RTP packets that leave (RFC 3550 section
// 5.1, RFC 8285). It is the counterpart of rtpview, and allocates nothing once
// its buffers have grown.
//
// It exists beside pion/rtp because a server writes a header for each packet and
// each subscriber: into bytes at once, where one number is left to be patched.
package rtpout

import "encoding/binary"

// fixedLen is a header without contributing sources and extensions, in bytes.
const fixedLen = 12

// Packet is an RTP packet that is ready to leave but for its transport-wide
// number, which is given to it when it does, and for being sealed.
type Packet struct {
	// Head is the whole header, with its extensions. It is the packet's own.
	Head []byte
	// Payload is what follows it, without padding. It belongs to whoever set it.
	Payload []byte
	// Padding is how many bytes of padding follow that; the last of them says so.
	Padding uint8

	number int // where in Head its transport-wide number stands; 0: it has none
}

// Header is what a header says, but for its extensions.
type Header struct {
	SSRC, Timestamp uint32
	SequenceNumber  uint16
	PayloadType     uint8 // 0 to 127
	Marker          bool
}

// Extension is one element of a header extension: ID is 1 to 255, without 15,
// and Value of at most 255 bytes.
type Extension struct {
	ID    uint8
	Value []byte
}

// wide tells whether the one-byte form (RFC 8285 section 4.2) has no room for it.
func (e *Extension) wide() bool { return e.ID > 14 || len(e.Value) > 16 || len(e.Value) == 0 }

// Label writes the header anew. Padding is that of the packet, and has to be set
// before. The element of transport-wide numbers comes last: numbered is its ID, 0
// for none. If one element needs the two-byte form, all get it.
func (p *Packet) Label(h Header, extensions []Extension, numbered uint8) {
	first, second := byte(2<<6), h.PayloadType
	if p.Padding > 0 {
		first |= 1 << 5
	}
	if h.Marker {
		second |= 1 << 7
	}
	p.Head = append(p.Head[:0], first, second)
	p.Head = binary.BigEndian.AppendUint16(p.Head, h.SequenceNumber)
	p.Head = binary.BigEndian.AppendUint32(p.Head, h.Timestamp)
	p.Head = binary.BigEndian.AppendUint32(p.Head, h.SSRC)
	p.number = 0
	if len(extensions) > 0 || numbered != 0 {
		p.extend(extensions, numbered)
	}
}

// extend adds the header extension.
func (p *Packet) extend(extensions []Extension, numbered uint8) {
	wide := numbered > 14
	for i := range extensions {
		wide = wide || extensions[i].wide()
	}
	p.Head[0] |= 1 << 4
	if wide {
		p.Head = append(p.Head, 0x10, 0x00, 0, 0)
	} else {
		p.Head = append(p.Head, 0xbe, 0xde, 0, 0)
	}
	for i := range extensions {
		e := &extensions[i]
		p.element(wide, e.ID, len(e.Value))
		p.Head = append(p.Head, e.Value...)
	}
	if numbered != 0 {
		p.element(wide, numbered, 2)
		p.number = len(p.Head)
		p.Head = append(p.Head, 0, 0)
	}
	for len(p.Head)%4 != 0 {
		p.Head = append(p.Head, 0)
	}
	words := (len(p.Head) - fixedLen - 4) / 4
	binary.BigEndian.PutUint16(p.Head[fixedLen+2:], uint16(words))
}

// element begins an element of a value of so many bytes.
func (p *Packet) element(wide bool, id uint8, length int) {
	if wide {
		p.Head = append(p.Head, id, uint8(length))
	} else {
		p.Head = append(p.Head, id<<4|uint8(length-1))
	}
}

// Size is the packet's length in bytes, before it is sealed.
func (p *Packet) Size() int { return len(p.Head) + len(p.Payload) + int(p.Padding) }

// SSRC is the stream that it is of.
func (p *Packet) SSRC() uint32 { return binary.BigEndian.Uint32(p.Head[8:]) }

// Numbered tells whether it is to have a transport-wide number.
func (p *Packet) Numbered() bool { return p.number != 0 }

// Number gives it that number.
func (p *Packet) Number(n uint16) { binary.BigEndian.PutUint16(p.Head[p.number:], n) }
