// Package rtpview reads RTP packets without copying them: a [Packet] is a view
// on the bytes that were received. It also holds the arithmetic of RTP's
// wrapping counters. No goroutines, no clock, no allocation.
package rtpview

import (
	"encoding/binary"
	"errors"
)

// Packet is one RTP packet (RFC 3550 §5.1), read once. Its slices point into
// the bytes given to [Parse] and live as long as those do. The zero value is
// ready for Parse, and a Packet may be parsed into again and again.
type Packet struct {
	Marker         bool
	PayloadType    uint8 // 0 to 127
	SequenceNumber uint16
	Timestamp      uint32
	SSRC           uint32
	// Payload is without padding; empty for a packet of padding only.
	Payload []byte
	// PaddingLen is how many bytes of padding end the packet, 0 to 255.
	PaddingLen int
	// HeaderLen is where the payload starts: fixed header, CSRCs and extensions.
	HeaderLen int

	extensions []byte // the elements of RFC 8285, without profile and length
	form       extensionForm
	behind     int // where in the packet they end
}

// What makes bytes no RTP packet.
var (
	ErrShort     = errors.New("rtpview: packet ends within its header")
	ErrVersion   = errors.New("rtpview: version is not 2")
	ErrExtension = errors.New("rtpview: header extension is longer than its room")
	ErrPadding   = errors.New("rtpview: padding is longer than the packet, or of length 0")
)

const fixedHeaderLen = 12

// Parse reads buf into p. Nothing is copied. After an error p holds nothing
// that may be used.
func Parse(buf []byte, p *Packet) error {
	if len(buf) < fixedHeaderLen {
		return ErrShort
	}
	if buf[0]>>6 != 2 {
		return ErrVersion
	}
	p.Marker = buf[1]&0x80 != 0
	p.PayloadType = buf[1] & 0x7f
	p.SequenceNumber = binary.BigEndian.Uint16(buf[2:])
	p.Timestamp = binary.BigEndian.Uint32(buf[4:])
	p.SSRC = binary.BigEndian.Uint32(buf[8:])

	p.HeaderLen = fixedHeaderLen + 4*int(buf[0]&0x0f)
	p.extensions, p.form = nil, noExtensions
	if buf[0]&0x10 != 0 {
		if err := p.parseExtensions(buf); err != nil {
			return err
		}
	}
	if len(buf) < p.HeaderLen {
		return ErrShort
	}
	p.PaddingLen = 0
	if buf[0]&0x20 != 0 {
		p.PaddingLen = int(buf[len(buf)-1])
		if p.PaddingLen == 0 || p.HeaderLen+p.PaddingLen > len(buf) {
			return ErrPadding
		}
	}
	p.Payload = buf[p.HeaderLen : len(buf)-p.PaddingLen]
	return nil
}

// HeaderLen is where the payload of an RTP packet starts, for one whose payload
// is still sealed: its header is not (RFC 3711 section 3.1). False: buf ends
// before that.
func HeaderLen(buf []byte) (int, bool) {
	if len(buf) < fixedHeaderLen {
		return 0, false
	}
	n := fixedHeaderLen + 4*int(buf[0]&0x0f)
	if buf[0]&0x10 != 0 {
		if len(buf) < n+4 {
			return 0, false
		}
		n += 4 + 4*int(binary.BigEndian.Uint16(buf[n+2:]))
	}
	return n, n <= len(buf)
}

// IsRTCP tells RTCP from RTP where both share a port (RFC 5761 §4). It does not
// check more than the first two bytes.
func IsRTCP(buf []byte) bool {
	return len(buf) >= 4 && buf[0]>>6 == 2 && buf[1] >= 192 && buf[1] <= 223
}
