package srtp

import "encoding/binary"

// Recognizing tells whose a packet is that came from where nobody is known. It
// changes nothing, neither the packet nor what is known of its stream.

// Streams tells whether the peer has sent authentic packets under an SSRC: of RTCP,
// or of RTP.
func (o *Opener) Streams(ssrc uint32, isRTCP bool) bool {
	if !isRTCP {
		return o.streams[ssrc] != nil
	}
	return o.reported(ssrc) != nil
}

// RecognizesRTP tells whether a packet is authentic, of a stream that is known, and
// newer than all that came of it: then nobody has repeated it who did not keep it
// from us. headerLen is as with [Opener.RTP]. In scratch it is opened; what does not
// fit there is not recognized.
func (o *Opener) RecognizesRTP(packet []byte, headerLen int, scratch []byte) bool {
	if headerLen < 12 || len(packet) < headerLen+Overhead || len(packet) > cap(scratch) {
		return false
	}
	ssrc := binary.BigEndian.Uint32(packet[8:])
	st := o.streams[ssrc]
	if st == nil {
		return false
	}
	index := guess(st.highest, binary.BigEndian.Uint16(packet[2:]))
	if index <= st.highest {
		return false
	}
	o.rtp.nonce(&o.nonce, ssrc, index)
	_, err := o.rtp.aead.Open(scratch[:0], o.nonce[:], packet[headerLen:], packet[:headerLen])
	return err == nil
}

// RecognizesRTCP is the same for a compound of RTCP, which must be encrypted.
func (o *Opener) RecognizesRTCP(packet, scratch []byte) bool {
	if len(packet) < headerRTCP+OverheadRTCP || len(packet) > cap(scratch) {
		return false
	}
	body := packet[:len(packet)-4]
	word := binary.BigEndian.Uint32(packet[len(body):])
	ssrc, index := binary.BigEndian.Uint32(packet[4:]), uint64(word&^encrypted)
	st := o.reported(ssrc)
	if st == nil || word&encrypted == 0 || index <= st.highest {
		return false
	}
	o.rtcp.nonce(&o.nonce, ssrc, index)
	copy(o.aad[:], body[:headerRTCP])
	binary.BigEndian.PutUint32(o.aad[headerRTCP:], word)
	_, err := o.rtcp.aead.Open(scratch[:0], o.nonce[:], body[headerRTCP:], o.aad[:])
	return err == nil
}
