package demux

import (
	"crypto/hmac"
	"crypto/sha1"
	"encoding/binary"
	"hash"
)

// transaction is the number by which a response names its request.
type transaction [12]byte

// kind is the class of a STUN message (RFC 8489 section 5).
type kind uint8

const (
	request kind = iota
	indication
	success
	failure
)

// message is a Binding message as far as routing needs it. Its slices point into
// the datagram.
type message struct {
	kind        kind
	transaction transaction
	username    []byte // as it was signed; nil: none
	body        []byte // what is signed: all before the tag's attribute
	tag         []byte // of MESSAGE-INTEGRITY; nil: none
}

// Of RFC 8489 sections 5 and 18.
const (
	stunHeader = 20
	stunCookie = 0x2112A442

	classBits     = 0x0110 // of a message type; the others are its method
	methodBinding = 0x0001

	attributeHeader    = 4
	attributeUsername  = 0x0006
	attributeIntegrity = 0x0008
	attributeSHA256    = 0x001C
)

// readMessage reads a Binding message; false: it is none, or broken.
func readMessage(b []byte) (message, bool) {
	if len(b) < stunHeader || len(b)%4 != 0 ||
		binary.BigEndian.Uint32(b[4:]) != stunCookie || int(binary.BigEndian.Uint16(b[2:])) != len(b)-stunHeader {
		return message{}, false
	}
	first := binary.BigEndian.Uint16(b)
	if first&^classBits != methodBinding {
		return message{}, false
	}
	m := message{kind: kind(first>>7&2 | first>>4&1), transaction: transaction(b[8:stunHeader])}
	for at := stunHeader; at < len(b); {
		name, length := binary.BigEndian.Uint16(b[at:]), int(binary.BigEndian.Uint16(b[at+2:]))
		value := at + attributeHeader
		next := value + (length+3)&^3
		if next > len(b) {
			return message{}, false
		}
		if !m.take(name, b, at, b[value:value+length]) {
			return message{}, false
		}
		at = next
	}
	return m, true
}

// take notes an attribute that starts at a place of b. The first of a name
// counts, and what comes after the tag does not (RFC 8489 section 14.5).
func (m *message) take(name uint16, b []byte, at int, value []byte) bool {
	if m.tag != nil {
		return true
	}
	switch name {
	case attributeUsername:
		if m.username == nil {
			m.username = value
		}
	case attributeIntegrity:
		m.body, m.tag = b[:at], value
		return len(value) == sha1.Size
	case attributeSHA256: // ICE signs with SHA-1; the newer tag may only follow that (RFC 8489 section 14.5)
		return false
	}
	return true
}

// integrity checks MESSAGE-INTEGRITY with one password. It is for one goroutine.
type integrity struct {
	mac    hash.Hash
	header [stunHeader]byte
	sum    [sha1.Size]byte
}

func newIntegrity(password string) *integrity {
	if password == "" {
		return nil
	}
	return &integrity{mac: hmac.New(sha1.New, []byte(password))}
}

// signed tells whether a message carries the tag of its bytes. They are hashed
// as if the message ended with the tag (RFC 8489 section 14.5).
func (i *integrity) signed(m *message) bool {
	if m.tag == nil {
		return false
	}
	copy(i.header[:], m.body)
	binary.BigEndian.PutUint16(i.header[2:], uint16(len(m.body)-stunHeader+attributeHeader+sha1.Size))
	i.mac.Reset()
	i.mac.Write(i.header[:])
	i.mac.Write(m.body[stunHeader:])
	return hmac.Equal(i.mac.Sum(i.sum[:0]), m.tag)
}
