package tcp

import (
	"bufio"
	"errors"
	"net"
	"net/netip"
	"os"
	"sync"
	"time"
)

// Conn is one connection. It is to be closed, also after errors. Where nobody is at
// the other end any more, reads and writes fail within 25 s.
type Conn struct {
	*net.TCPConn
	in       *bufio.Reader
	listener *Listener
	from     netip.Addr

	mu      sync.Mutex
	settled bool
	closed  bool
}

// From is the client's address, without an IPv4-mapped one.
func (c *Conn) From() netip.Addr { return c.from }

// Settle says that the client is not a stranger any more. Any goroutine.
func (c *Conn) Settle() {
	c.mu.Lock()
	defer c.mu.Unlock()
	if !c.settled && !c.closed {
		c.settled = true
		c.listener.settle(c.from, true, false)
	}
}

// Read reads what comes. For one goroutine, as Peek and Discard.
func (c *Conn) Read(b []byte) (int, error) { return c.in.Read(b) }

// Peek waits for the next n bytes, at most 4,096, and leaves them to be read. It
// can be called again after a deadline has passed.
func (c *Conn) Peek(n int) ([]byte, error) { return c.in.Peek(n) }

// Discard skips bytes that were peeked at.
func (c *Conn) Discard(n int) (int, error) { return c.in.Discard(n) }

// Write writes all of b, or ends the connection: a client that has taken nothing
// for too long is gone. For one goroutine at a time.
func (c *Conn) Write(b []byte) (written int, err error) {
	for written < len(b) {
		if err := c.SetWriteDeadline(time.Now().Add(c.listener.limits.Stuck)); err != nil {
			return written, err
		}
		n, err := c.TCPConn.Write(b[written:])
		written += n
		if err != nil && (n == 0 || !errors.Is(err, os.ErrDeadlineExceeded)) {
			c.Close()
			return written, err
		}
	}
	return written, nil
}

// Close closes the connection at once: what waits to be sent is dropped, as it
// would be for a client that reads nothing.
func (c *Conn) Close() error {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.closed {
		return nil
	}
	c.closed = true
	c.listener.settle(c.from, !c.settled, true)
	_ = c.SetLinger(0)
	return c.TCPConn.Close()
}
