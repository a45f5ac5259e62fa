package relay

import (
	"bufio"
	"encoding/binary"
	"errors"
	"net"
	"sync"
	"time"
)

var errFrame = errors.New("relay: neither STUN nor channel data of a length that clients send")

// frames is one connection as a socket for messages (RFC 8656 section 3.1): it
// keeps no more than one of them.
type frames struct {
	net.Conn
	in *bufio.Reader

	writing sync.Mutex
}

func newFrames(c net.Conn) *frames {
	return &frames{Conn: c, in: bufio.NewReaderSize(c, messageMost+4)}
}

// ReadFrom reads one message.
func (f *frames) ReadFrom(b []byte) (int, net.Addr, error) {
	n, err := readFrame(f.in, b)
	return n, f.RemoteAddr(), err
}

// readFrame reads a STUN message (RFC 8489 section 5) or channel data, without the
// bytes that round it up (RFC 8656 section 12.5).
func readFrame(in *bufio.Reader, b []byte) (int, error) {
	header, err := in.Peek(4)
	if err != nil {
		return 0, err
	}
	length := int(binary.BigEndian.Uint16(header[2:]))
	padded := 0
	switch header[0] >> 6 {
	case 0:
		length += 20
		padded = length
	case 1:
		length += 4
		padded = (length + 3) &^ 3
	default:
		return 0, errFrame
	}
	if padded >= messageMost || length > len(b) {
		return 0, errFrame
	}
	whole, err := in.Peek(padded)
	if err != nil {
		return 0, err
	}
	copy(b, whole[:length])
	_, err = in.Discard(padded)
	return length, err
}

// WriteTo writes one message.
func (f *frames) WriteTo(b []byte, _ net.Addr) (int, error) {
	f.writing.Lock()
	defer f.writing.Unlock()
	return f.Conn.Write(b)
}

// SetDeadline leaves the deadlines to who owns the connection.
func (f *frames) SetDeadline(time.Time) error { return nil }
