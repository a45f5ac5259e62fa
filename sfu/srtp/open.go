package srtp

import (
	"encoding/binary"
	"errors"
)

// Why a packet was not opened. No packet changes anything unless it is authentic.
var (
	// ErrShort: it is shorter than the shortest there is.
	ErrShort = errors.New("srtp: the packet is too short")
	// ErrReplayed: it came before, or is older than what is remembered.
	ErrReplayed = errors.New("srtp: the packet came before")
	// ErrForged: its tag is not that of its bytes.
	ErrForged = errors.New("srtp: the packet is not authentic")
	// ErrStreams: the peer sends under more SSRCs than are kept.
	ErrStreams = errors.New("srtp: too many streams")
)

const (
	// streamsMost bounds the SSRCs that one peer may send under.
	streamsMost = 256
	// turnedMost is how many packets of a stream may have gone elsewhere, to who
	// opened them before us.
	turnedMost = 4096
	// firstMost is how long the first packet of such a stream may be.
	firstMost = 1600
)

// Opener opens what the other side sends. One goroutine owns it.
type Opener struct {
	rtp, rtcp session
	streams   map[uint32]*stream
	last      uint32     // SSRC of the newest packet
	newest    *stream    // of that
	reports   []reporter // of most peers there is one
	reporter  int        // the one of the newest report
	nonce     [saltLen]byte
	aad       [headerRTCP + 4]byte
	tag       [Overhead]byte
	copy      []byte // of the first packet of a stream; nil until there is one
}

// stream is what is known of one SSRC that was authentic once.
type stream struct {
	highest uint64
	seen    window
}

// reporter is one SSRC that a peer reports under.
type reporter struct {
	ssrc uint32
	stream
}

// NewOpener makes an opener; its only error is a key that is none.
func NewOpener(m Master) (*Opener, error) {
	o := &Opener{streams: map[uint32]*stream{}}
	var err error
	if o.rtp, err = m.session(labelRTPKey, labelRTPSalt); err != nil {
		return nil, err
	}
	o.rtcp, err = m.session(labelRTCPKey, labelRTCPSalt)
	return o, err
}

// RTP opens a packet in place and returns it without its tag: the header as it
// was, and the payload. headerLen is the length of its whole RTP header, with
// contributing sources and extensions, at least 12 bytes.
func (o *Opener) RTP(packet []byte, headerLen int) ([]byte, error) {
	if headerLen < 12 || len(packet) < headerLen+Overhead {
		return nil, ErrShort
	}
	ssrc := binary.BigEndian.Uint32(packet[8:])
	sequence := binary.BigEndian.Uint16(packet[2:])
	st := o.newest
	if st == nil || o.last != ssrc {
		if st = o.streams[ssrc]; st == nil {
			return o.first(packet, headerLen, ssrc, sequence)
		}
		o.last, o.newest = ssrc, st
	}
	index := guess(st.highest, sequence)
	if st.seen.has(st.highest, index) {
		return nil, ErrReplayed
	}
	opened, err := o.open(packet, headerLen, ssrc, index)
	if err == nil {
		st.note(index)
	}
	return opened, err
}

// first opens a packet of an SSRC that was not heard before. Where its number is
// low, the ones before the turn may have gone elsewhere: then it turned once.
func (o *Opener) first(packet []byte, headerLen int, ssrc uint32, sequence uint16) ([]byte, error) {
	if len(o.streams) == streamsMost {
		return nil, ErrStreams
	}
	index := uint64(sequence)
	turned := sequence < turnedMost && len(packet) <= firstMost
	if turned {
		if o.copy == nil {
			o.copy = make([]byte, firstMost)
		}
		copy(o.copy, packet) // what fails to open is destroyed
	}
	opened, err := o.open(packet, headerLen, ssrc, index)
	if err != nil && turned {
		copy(packet, o.copy)
		index += 1 << 16
		opened, err = o.open(packet, headerLen, ssrc, index)
	}
	if err != nil {
		return nil, err
	}
	st := &stream{highest: index}
	st.note(index)
	o.streams[ssrc] = st
	return opened, nil
}

func (o *Opener) open(packet []byte, headerLen int, ssrc uint32, index uint64) ([]byte, error) {
	o.rtp.nonce(&o.nonce, ssrc, index)
	opened, err := o.rtp.aead.Open(packet[headerLen:headerLen], o.nonce[:], packet[headerLen:], packet[:headerLen])
	if err != nil {
		return nil, ErrForged
	}
	return packet[:headerLen+len(opened)], nil
}

// RTCP opens a packet in place and returns it without its tag and index.
func (o *Opener) RTCP(packet []byte) ([]byte, error) {
	if len(packet) < headerRTCP+OverheadRTCP {
		return nil, ErrShort
	}
	body := packet[:len(packet)-4]
	word := binary.BigEndian.Uint32(packet[len(body):])
	ssrc, index := binary.BigEndian.Uint32(packet[4:]), uint64(word&^encrypted)
	st := o.reported(ssrc)
	if st != nil && st.seen.has(st.highest, index) {
		return nil, ErrReplayed
	}
	if st == nil && len(o.reports) == streamsMost {
		return nil, ErrStreams
	}
	o.rtcp.nonce(&o.nonce, ssrc, index)
	opened, err := o.openRTCP(body, word)
	if err != nil {
		return nil, ErrForged
	}
	if st == nil {
		o.reports = append(o.reports, reporter{ssrc, stream{highest: index}})
		st = o.reported(ssrc)
	}
	st.note(index)
	return opened, nil
}

// reported is what is known of an SSRC that the peer reports under, nil before
// the first report that was authentic.
func (o *Opener) reported(ssrc uint32) *stream {
	if o.reporter < len(o.reports) && o.reports[o.reporter].ssrc == ssrc {
		return &o.reports[o.reporter].stream
	}
	for i := range o.reports {
		if o.reports[i].ssrc == ssrc {
			o.reporter = i
			return &o.reports[i].stream
		}
	}
	return nil
}

// openRTCP opens what is encrypted, or checks what is only authenticated (RFC
// 7714 sections 9.2 and 9.3).
func (o *Opener) openRTCP(body []byte, word uint32) ([]byte, error) {
	if word&encrypted != 0 {
		copy(o.aad[:], body[:headerRTCP])
		binary.BigEndian.PutUint32(o.aad[headerRTCP:], word)
		opened, err := o.rtcp.aead.Open(body[headerRTCP:headerRTCP], o.nonce[:], body[headerRTCP:], o.aad[:])
		return body[:headerRTCP+len(opened)], err
	}
	plain, tag := body[:len(body)-Overhead], o.tag[:]
	copy(tag, body[len(plain):])
	binary.BigEndian.PutUint32(body[len(plain):], word) // it is authenticated as if it stood there
	_, err := o.rtcp.aead.Open(nil, o.nonce[:], tag, body[:len(plain)+4])
	return plain, err
}

// note takes that a packet with this index was authentic.
func (s *stream) note(index uint64) {
	s.seen.add(s.highest, index)
	s.highest = max(s.highest, index)
}
