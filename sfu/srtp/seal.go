package srtp

import (
	"encoding/binary"
	"errors"
	"slices"
)

// ErrExhausted: as many RTCP packets were sealed as one key allows.
var ErrExhausted = errors.New("srtp: the key is used up")

// Sealer seals what one side sends. One goroutine owns it.
type Sealer struct {
	rtp, rtcp session
	streams   []sent // a peer is sent some ten
	last      int    // of them, as packets come in runs of one
	rtcpIndex uint32 // of the next packet
	nonce     [saltLen]byte
	aad       [headerRTCP + 4]byte
}

// sent is what was sealed under one SSRC.
type sent struct {
	ssrc    uint32
	highest uint64 // index
}

// NewSealer makes a sealer; its only error is a key that is none.
func NewSealer(m Master) (*Sealer, error) {
	s := &Sealer{}
	var err error
	if s.rtp, err = m.session(labelRTPKey, labelRTPSalt); err != nil {
		return nil, err
	}
	s.rtcp, err = m.session(labelRTCPKey, labelRTCPSalt)
	return s, err
}

// RTP seals payload, which may not overlap packet, and returns the whole sealed
// packet: packet, which is an RTP header of at least 12 bytes with room behind
// it, and what it was given.
//
// The index is told by the header's sequence number alone: within 32,768 of the
// highest one sealed for its SSRC (RFC 3711 section 3.3.1). The caller sees to it
// that no number is sealed twice with different bytes.
func (s *Sealer) RTP(packet, payload []byte) []byte {
	ssrc := binary.BigEndian.Uint32(packet[8:])
	index := s.index(ssrc, binary.BigEndian.Uint16(packet[2:]))
	s.rtp.nonce(&s.nonce, ssrc, index)
	return s.rtp.aead.Seal(packet, s.nonce[:], payload, packet)
}

func (s *Sealer) index(ssrc uint32, sequence uint16) uint64 {
	if s.last >= len(s.streams) || s.streams[s.last].ssrc != ssrc {
		s.last = slices.IndexFunc(s.streams, func(t sent) bool { return t.ssrc == ssrc })
		if s.last < 0 {
			s.last = len(s.streams)
			s.streams = append(s.streams, sent{ssrc: ssrc, highest: uint64(sequence)})
		}
	}
	highest := &s.streams[s.last].highest
	index := guess(*highest, sequence)
	*highest = max(*highest, index)
	return index
}

// RTCP appends a sealed packet to dst. packet is a compound or reduced-size RTCP
// packet of at least 8 bytes and may not overlap dst.
func (s *Sealer) RTCP(dst, packet []byte) ([]byte, error) {
	if s.rtcpIndex == encrypted {
		return dst, ErrExhausted
	}
	word := s.rtcpIndex | encrypted
	s.rtcp.nonce(&s.nonce, binary.BigEndian.Uint32(packet[4:]), uint64(s.rtcpIndex))
	copy(s.aad[:], packet[:headerRTCP])
	binary.BigEndian.PutUint32(s.aad[headerRTCP:], word)
	s.rtcpIndex++
	dst = append(dst, packet[:headerRTCP]...)
	dst = s.rtcp.aead.Seal(dst, s.nonce[:], packet[headerRTCP:], s.aad[:])
	return binary.BigEndian.AppendUint32(dst, word), nil
}
