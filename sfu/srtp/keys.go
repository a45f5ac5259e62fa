package srtp

import (
	"crypto/aes"
	"crypto/cipher"
	"encoding/binary"
	"errors"
	"fmt"
)

// Profile is a protection profile of DTLS-SRTP, by its number in the registry
// of RFC 5764 section 4.1.2.
type Profile uint16

// The profiles that this package seals with (RFC 7714 section 14.2).
const (
	AEADAES128GCM Profile = 0x0007
	AEADAES256GCM Profile = 0x0008
)

// Label is what the keying material is exported under (RFC 5764 section 4.2).
const Label = "EXTRACTOR-dtls_srtp"

// ErrProfile: the profile is not one of this package.
var ErrProfile = errors.New("srtp: not a profile of AES-GCM")

// saltLen is that of a master salt and of a nonce, in bytes.
const saltLen = 12

// KeyLen is the length of a master key in bytes, 0 for a profile of others.
func (p Profile) KeyLen() int {
	switch p {
	case AEADAES128GCM:
		return 16
	case AEADAES256GCM:
		return 32
	}
	return 0
}

// MaterialLen is how many bytes are to be exported from DTLS.
func (p Profile) MaterialLen() int { return 2 * (p.KeyLen() + saltLen) }

// Master is what one direction's session keys come from. It is a secret:
// it prints as ***.
type Master struct{ key, salt []byte }

// Format hides the secret from every verb.
func (Master) Format(f fmt.State, _ rune) { _, _ = f.Write([]byte("***")) }

// Split takes apart what was exported from DTLS: what the DTLS client and the
// DTLS server seal with (RFC 5764 section 4.2).
func Split(p Profile, material []byte) (client, server Master, err error) {
	n := p.KeyLen()
	if n == 0 {
		return Master{}, Master{}, fmt.Errorf("%w: 0x%04x", ErrProfile, uint16(p))
	}
	if len(material) != p.MaterialLen() {
		return Master{}, Master{}, fmt.Errorf("srtp: %d bytes of keying material, not %d", len(material), p.MaterialLen())
	}
	salts := material[2*n:]
	client = Master{key: material[:n:n], salt: salts[:saltLen:saltLen]}
	server = Master{key: material[n : 2*n : 2*n], salt: salts[saltLen:]}
	return client, server, nil
}

// The labels of the key derivation (RFC 3711 section 4.3.2).
const (
	labelRTPKey   = 0
	labelRTPSalt  = 2
	labelRTCPKey  = 3
	labelRTCPSalt = 5
)

// session is a cipher and the salt of its nonces.
type session struct {
	aead cipher.AEAD
	salt [saltLen]byte
}

func (m Master) session(keyLabel, saltLabel byte) (session, error) {
	master, err := aes.NewCipher(m.key)
	if err != nil {
		return session{}, fmt.Errorf("srtp: %w", err)
	}
	block, err := aes.NewCipher(m.derive(master, keyLabel, len(m.key)))
	if err != nil {
		return session{}, fmt.Errorf("srtp: %w", err)
	}
	s := session{}
	if s.aead, err = cipher.NewGCM(block); err != nil {
		return session{}, fmt.Errorf("srtp: %w", err)
	}
	copy(s.salt[:], m.derive(master, saltLabel, saltLen))
	return s, nil
}

// derive is the pseudo-random function AES-CM with a key derivation rate of 0
// (RFC 3711 section 4.3.3; RFC 7714 section 11 for the shorter salt).
func (m Master) derive(master cipher.Block, label byte, length int) []byte {
	var in [aes.BlockSize]byte
	copy(in[:], m.salt)
	in[7] ^= label
	out := make([]byte, 0, length+aes.BlockSize)
	for i := uint16(0); len(out) < length; i++ {
		binary.BigEndian.PutUint16(in[14:], i)
		out = out[:len(out)+aes.BlockSize]
		master.Encrypt(out[len(out)-aes.BlockSize:], in[:])
	}
	return out[:length]
}

// nonce is that of RFC 7714 section 8.1 and, with the same shape, section 9.1:
// two zero bytes, the SSRC, and 48 bits of index.
func (s *session) nonce(to *[saltLen]byte, ssrc uint32, index uint64) {
	high, low := binary.BigEndian.Uint32(s.salt[:]), binary.BigEndian.Uint64(s.salt[4:])
	binary.BigEndian.PutUint32(to[:], high^ssrc>>16)
	binary.BigEndian.PutUint64(to[4:], low^(uint64(ssrc)<<48|index))
}
