package rtpview

import "encoding/binary"

// extensionForm is how the elements of a header extension are written.
type extensionForm uint8

const (
	noExtensions extensionForm = iota // none, or of a profile that is not RFC 8285
	oneByte                           // RFC 8285 §4.2
	twoByte                           // RFC 8285 §4.3
)

// parseExtensions finds the header extension behind the CSRCs, moves HeaderLen
// behind it, and proves that its elements lie within it, so that Extension need
// not check again.
func (p *Packet) parseExtensions(buf []byte) error {
	if len(buf) < p.HeaderLen+4 {
		return ErrShort
	}
	profile := binary.BigEndian.Uint16(buf[p.HeaderLen:])
	start := p.HeaderLen + 4
	end := start + 4*int(binary.BigEndian.Uint16(buf[p.HeaderLen+2:]))
	if len(buf) < end {
		return ErrExtension
	}
	p.HeaderLen = end
	switch {
	case profile == 0xBEDE:
		p.form = oneByte
	case profile&0xFFF0 == 0x1000: // the low bits are the application's
		p.form = twoByte
	default:
		return nil
	}
	p.extensions, p.behind = buf[start:end:end], end
	for rest := p.extensions; len(rest) > 0; {
		var ok bool
		if _, _, rest, ok = p.form.next(rest); !ok {
			return ErrExtension
		}
	}
	return nil
}

// next takes one element, or one byte of padding (id 0), off the front of rest.
// Not ok: the element is longer than rest.
func (form extensionForm) next(rest []byte) (id uint8, value, after []byte, ok bool) {
	var start, size int
	if form == oneByte {
		id, start, size = rest[0]>>4, 1, int(rest[0]&0x0f)+1
		if id == 15 { // reserved: everything from here on is ignored
			return 0, nil, nil, true
		}
	} else {
		id, start = rest[0], 2
		if id != 0 && len(rest) < 2 {
			return 0, nil, nil, false
		}
		if id != 0 {
			size = int(rest[1])
		}
	}
	if id == 0 {
		return 0, nil, rest[1:], true
	}
	if len(rest) < start+size {
		return 0, nil, nil, false
	}
	return id, rest[start : start+size : start+size], rest[start+size:], true
}

// Extension returns the value of the first header extension element with this
// id; nil if there is none, and always for id 0, which is nobody's. An element
// of no bytes (two-byte form) is empty, not nil.
func (p *Packet) Extension(id uint8) []byte {
	if id == 0 {
		return nil
	}
	for rest := p.extensions; len(rest) > 0; {
		got, value, after, ok := p.form.next(rest)
		if !ok {
			return nil
		}
		if got == id {
			return value
		}
		rest = after
	}
	return nil
}

// ExtensionAt is where in the packet that value stands, for those who keep the
// packet and not the view; from is 0 if there is none.
func (p *Packet) ExtensionAt(id uint8) (from, to int) {
	if id == 0 {
		return 0, 0
	}
	for rest := p.extensions; len(rest) > 0; {
		got, value, after, ok := p.form.next(rest)
		if !ok {
			return 0, 0
		}
		if got == id {
			to = p.behind - len(after)
			return to - len(value), to
		}
		rest = after
	}
	return 0, 0
}

// AudioLevel reads the value of the audio level extension (RFC 6464): level is
// in −dBov, 0 (loudest) to 127 (silence); voice is the sender's own detection.
func AudioLevel(value []byte) (level uint8, voice, ok bool) {
	if len(value) != 1 {
		return 0, false, false
	}
	return value[0] & 0x7f, value[0]&0x80 != 0, true
}

// TransportSequence reads the value of the transport-wide congestion control
// extension, version 1 (two bytes) or 2 (four, of which the last two ask for
// feedback).
func TransportSequence(value []byte) (sequence uint16, ok bool) {
	if len(value) != 2 && len(value) != 4 {
		return 0, false
	}
	return binary.BigEndian.Uint16(value), true
}

// Text reads the value of a mid, rid or repaired-rid extension (RFC 8843 §15,
// RFC 8852): nil unless it is text of graphic ASCII. Some senders fill
// up with zeros, which are cut. The bytes are the packet's own: look them up
// with m[string(text)], which does not allocate, or copy them.
func Text(value []byte) []byte {
	for i, c := range value {
		if c == 0 {
			value = value[:i]
			break
		}
		if c <= ' ' || c > '~' {
			return nil
		}
	}
	if len(value) == 0 {
		return nil
	}
	return value
}
