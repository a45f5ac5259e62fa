package demux

import (
	"crypto/hmac"
	"crypto/sha1"
	"encoding/binary"
	"hash"
	"hash/crc32"
	"net/netip"
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
	role        uint16 // the attribute that claims one in ICE; 0: none
	nominates   bool   // USE-CANDIDATE
	novel       bool   // it says what only an agent may understand
	body        []byte // what is signed: all before the tag's attribute
	tag         []byte // of MESSAGE-INTEGRITY; nil: none
}

// Of RFC 8489 sections 5 and 18, RFC 8445 section 16.1.
const (
	stunHeader = 20
	stunCookie = 0x2112A442

	classBits      = 0x0110 // of a message type; the others are its method
	methodBinding  = 0x0001
	bindingSuccess = 0x0101

	attributeHeader      = 4
	attributeUsername    = 0x0006
	attributeIntegrity   = 0x0008
	attributeSHA256      = 0x001C
	attributeMapped      = 0x0020 // XOR-MAPPED-ADDRESS
	attributePriority    = 0x0024
	attributeNominates   = 0x0025 // USE-CANDIDATE
	attributeOptional    = 0x8000 // from here on, who does not know one may ignore it
	attributeFingerprint = 0x8028
	attributeControlled  = 0x8029
	attributeControlling = 0x802A
	attributeNomination  = 0xC001 // of libwebrtc, and known to Pion: a nomination that may be another

	fingerprintMask = 0x5354554E
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
	case attributeNominates:
		m.nominates = true
	case attributeControlled, attributeControlling:
		m.role = name
	case attributePriority:
	case attributeSHA256: // ICE signs with SHA-1; the newer tag may only follow that (RFC 8489 section 14.5)
		return false
	default:
		m.novel = m.novel || name < attributeOptional || name == attributeNomination
	}
	return true
}

// appendMapped appends XOR-MAPPED-ADDRESS (RFC 8489 section 14.2) to a response.
func appendMapped(b []byte, a netip.AddrPort, number transaction) []byte {
	var mask [16]byte
	binary.BigEndian.PutUint32(mask[:], stunCookie)
	copy(mask[4:], number[:])
	family, ip := byte(1), a.Addr().As16()
	at := ip[12:]
	if a.Addr().Is6() {
		family, at = 2, ip[:]
	}
	b = binary.BigEndian.AppendUint16(b, attributeMapped)
	b = binary.BigEndian.AppendUint16(b, uint16(attributeHeader+len(at)))
	b = append(b, 0, family)
	b = binary.BigEndian.AppendUint16(b, a.Port()^uint16(stunCookie>>16))
	for i := range at {
		b = append(b, at[i]^mask[i])
	}
	return b
}

// integrity makes and checks MESSAGE-INTEGRITY with one password. It is for one goroutine.
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

// sign appends MESSAGE-INTEGRITY and FINGERPRINT to a message, and sets its length.
func (i *integrity) sign(b []byte) []byte {
	const tag, fingerprint = attributeHeader + sha1.Size, attributeHeader + crc32.Size
	binary.BigEndian.PutUint16(b[2:], uint16(len(b)-stunHeader+tag))
	i.mac.Reset()
	i.mac.Write(b)
	b = binary.BigEndian.AppendUint16(b, attributeIntegrity)
	b = binary.BigEndian.AppendUint16(b, sha1.Size)
	b = i.mac.Sum(b)
	binary.BigEndian.PutUint16(b[2:], uint16(len(b)-stunHeader+fingerprint))
	sum := crc32.ChecksumIEEE(b) ^ fingerprintMask
	b = binary.BigEndian.AppendUint16(b, attributeFingerprint)
	b = binary.BigEndian.AppendUint16(b, crc32.Size)
	return binary.BigEndian.AppendUint32(b, sum)
}
