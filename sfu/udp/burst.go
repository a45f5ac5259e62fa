package udp

import (
	"net/netip"
	"time"
)

// maxMessage is the longest message of the kernel, in bytes: one datagram, or
// several of one size that it has put together (UDP_GRO). A shorter buffer
// would lose the datagrams that do not fit.
const maxMessage = 64 << 10

// Burst is what one system call received. It belongs to the goroutine that
// receives; what At gives is valid until the next Receive, and may be changed.
type Burst struct {
	pieces []piece
	inlet  inlet
}

// piece is one datagram among the messages of a burst.
type piece struct{ message, start, end int }

// NewBurst makes an empty burst. It holds some 2 MB of address space, of which
// only what arrives is touched.
func NewBurst() *Burst {
	b := &Burst{pieces: make([]piece, 0, 1024)}
	b.inlet.init(b)
	return b
}

// Len is how many datagrams there are.
func (b *Burst) Len() int { return len(b.pieces) }

// At is the datagram i and where it came from; IPv4 addresses come as such, also
// from a socket for both.
func (b *Burst) At(i int) (from netip.AddrPort, datagram []byte) {
	p := b.pieces[i]
	return b.inlet.from[p.message], b.inlet.buffer[p.start:p.end:p.end]
}

// Receive replaces b by what has arrived. If that is nothing it waits for it, at
// most so long: less than zero for ever, zero not at all. It comes back with
// nothing when the time is over or Wake is called, and with net.ErrClosed when the
// port is closed. One goroutine may receive at a time; on Linux it waits in the
// system call, unless the port is calm, so it holds a thread, but wakes up without
// Go's scheduler.
func (c *Conn) Receive(b *Burst, most time.Duration) error {
	b.pieces = b.pieces[:0]
	return b.inlet.receive(c, most)
}

// Calm says whether little comes over the port, some hundred times a second at most:
// then Receive waits through Go's poller, which costs more by itself and lets the rest
// of the scheduler sleep too. For the goroutine that receives.
func (c *Conn) Calm(is bool) { c.calm = is }

// Wake ends the Receive that waits, or else the next one before it does. Any
// goroutine; it does not wait.
func (c *Conn) Wake() { _ = c.kernel.ring() }

// PollFeedback is Receive without waiting for transport-wide feedback where that
// goes aside; else it finds nothing.
func (c *Conn) PollFeedback(b *Burst) error {
	b.pieces = b.pieces[:0]
	if c.aside == nil {
		return nil
	}
	return b.inlet.receive(c.aside, 0)
}

// take notes the datagrams of a message that begins at start, and returns how
// many were too long.
func (b *Burst) take(message, start, length, segment int) (oversized int) {
	b.pieces, oversized = split(b.pieces, message, start, length, segment)
	return oversized
}

// split appends the datagrams of one message, which all have the size of a
// segment but for the last, that may be shorter. Segment 0 is a message that is
// one datagram. What is longer than MaxDatagram is left out and counted.
func split(pieces []piece, message, start, length, segment int) (_ []piece, oversized int) {
	if segment <= 0 || segment > length {
		segment = length
	}
	for end := start + length; ; start += segment {
		next := min(start+segment, end)
		if next-start > MaxDatagram {
			oversized++
		} else {
			pieces = append(pieces, piece{message, start, next})
		}
		if next == end {
			return pieces, oversized
		}
	}
}
