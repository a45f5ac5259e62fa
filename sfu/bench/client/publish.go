package client

import (
	"encoding/binary"
	"time"

	"github.com/pion/rtp"
)

// Stream is one thing that a client publishes.
type Stream struct {
	client *Client
	packet rtp.Packet
	video  bool
	size   int // bytes of payload
	mid    string
	loud   bool
	count  int
	raw    []byte
	frame  uint16
	key    bool // the frame being sent is a keyframe
}

// Publish begins the stream of a line: payloads of size bytes. Loud: of a
// microphone, somebody speaks into it.
func (c *Client) Publish(l Line, size int, loud bool) *Stream {
	s := &Stream{client: c, video: l.Video, size: size, mid: l.Mid, loud: loud, key: true}
	s.packet.Header = rtp.Header{Version: 2, PayloadType: l.payloadType(), SSRC: l.SSRC}
	s.packet.Payload = make([]byte, size+1)
	return s
}

// Frame begins the next frame, elapsed after the one before.
func (s *Stream) Frame(elapsed time.Duration) {
	s.frame++
	rate := time.Duration(48_000)
	if s.video {
		rate = 90_000
		s.key = s.client.received.keyframe.Swap(false)
	}
	s.packet.Timestamp += uint32(elapsed * rate / time.Second)
}

// cut gives a packet its size: encoders split a frame about equally, and what
// does not divide makes its last packets longer by a byte.
func (s *Stream) cut(i, n int) {
	s.packet.Payload = s.packet.Payload[:s.size]
	if s.video && n-i <= int(s.frame)%n {
		s.packet.Payload = s.packet.Payload[:s.size+1]
	}
}

// Send sends the i-th of n packets of the frame. It says whether it could.
func (s *Stream) Send(i, n int) bool {
	c := s.client
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.out == nil {
		return false
	}
	s.label(i == n-1)
	s.cut(i, n)
	if s.video {
		s.describe(i == 0)
	}
	binary.BigEndian.PutUint64(s.packet.Payload[stampAt:], uint64(time.Now().UnixNano()))
	if need := s.packet.MarshalSize(); cap(s.raw) < need {
		s.raw = make([]byte, need)
	}
	length, err := s.packet.MarshalTo(s.raw[:cap(s.raw)])
	if err != nil {
		return false
	}
	sealed, err := c.out.EncryptRTP(c.scratch[:0], s.raw[:length], nil)
	if err != nil {
		return false
	}
	c.scratch = sealed
	_, err = c.socket.WriteToUDPAddrPort(sealed, c.server)
	return err == nil
}

// label writes the header as a browser would.
func (s *Stream) label(last bool) {
	h, c := &s.packet.Header, s.client
	h.SequenceNumber++
	h.Marker = s.video && last
	h.Extension, h.Extensions = false, h.Extensions[:0]
	if s.count++; s.count < 100 { // until surely one has arrived
		_ = h.SetExtension(midID, []byte(s.mid))
	}
	if c.options.Feedback {
		_ = h.SetExtension(transportID, binary.BigEndian.AppendUint16(nil, c.transport))
		c.transport++
	}
	if !s.video {
		level := byte(127)
		if s.loud {
			level = 0x80 | 20 // voice at −20 dBov
		}
		_ = h.SetExtension(levelID, []byte{level})
	}
}

// describe writes a VP8 payload descriptor with a 15-bit picture id, and the
// beginning of a frame (RFC 7741 section 4).
func (s *Stream) describe(start bool) {
	payload := s.packet.Payload
	clear(payload[:stampAt])
	payload[0], payload[1], payload[2], payload[3] = 0x80, 0x80, 0x80|byte(s.frame>>8), byte(s.frame)
	payload[4] = 1
	if start {
		payload[0] |= 0x10
	}
	if s.key {
		copy(payload[4:], []byte{0x10, 0, 0, 0x9d, 0x01, 0x2a, 0x40, 0x01, 0xb4, 0x00})
	}
}
