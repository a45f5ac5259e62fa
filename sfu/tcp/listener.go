// Package tcp is TCP connections of clients that may be hostile or dead: how
// many there may be, how much of what is written may wait, and how long.
package tcp

import (
	"bufio"
	"errors"
	"net"
	"net/netip"
	"sync"
	"time"
)

// Limits bound the connections of a listener. Those that have not settled yet are
// anybody's; who settles has shown to be a client.
type Limits struct {
	// Strangers are connections that have not settled, in all and from one address.
	Strangers, StrangersPerAddress int
	// PerAddress are all connections from one address.
	PerAddress int
	// Stuck is how long a write may go without the client taking anything.
	Stuck time.Duration
}

// DefaultLimits let a school behind one address in, and a stranger fill nothing.
func DefaultLimits() Limits {
	return Limits{Strangers: 1024, StrangersPerAddress: 64, PerAddress: 1024, Stuck: 10 * time.Second}
}

// What the kernel may hold of one connection in each direction, in bytes; it takes
// twice as much for its own.
const kernelBuffer = 128 << 10

// readAhead is how much of what came is read at a time, in bytes.
const readAhead = 4 << 10

// alive is how it is found out that nobody is there any more: within 25 s.
var alive = net.KeepAliveConfig{Enable: true, Idle: 10 * time.Second, Interval: 5 * time.Second, Count: 3}

// After a failed accept, as for want of descriptors, the next try waits.
const (
	retryFirst = 5 * time.Millisecond
	retryMost  = time.Second
)

// Listener accepts connections within limits; beyond them it resets what comes.
type Listener struct {
	net.Listener
	limits  Limits
	closing chan struct{}
	once    sync.Once

	mu        sync.Mutex
	strangers int
	from      map[netip.Addr]*tally
}

// tally is the connections from one address.
type tally struct{ all, strangers int }

// NewListener puts limits on a TCP listener, which it closes.
func NewListener(l net.Listener, limits Limits) *Listener {
	return &Listener{Listener: l, limits: limits, closing: make(chan struct{}), from: map[netip.Addr]*tally{}}
}

// Accept waits for the next connection within the limits. It fails only when the
// listener was closed: other failures it waits out.
func (l *Listener) Accept() (*Conn, error) {
	for retry := retryFirst; ; {
		accepted, err := l.Listener.Accept()
		switch {
		case errors.Is(err, net.ErrClosed):
			return nil, err
		case err != nil:
			select {
			case <-l.closing:
			case <-time.After(retry):
			}
			retry = min(2*retry, retryMost)
			continue
		}
		retry = retryFirst
		if c := l.admit(accepted); c != nil {
			return c, nil
		}
	}
}

// Close ends Accept. Connections stay.
func (l *Listener) Close() error {
	l.once.Do(func() { close(l.closing) })
	return l.Listener.Close()
}

// admit counts a connection; nil: there are too many, and it was reset.
func (l *Listener) admit(accepted net.Conn) *Conn {
	conn, ok := accepted.(*net.TCPConn)
	if !ok {
		accepted.Close()
		return nil
	}
	from := conn.RemoteAddr().(*net.TCPAddr).AddrPort().Addr().Unmap()
	if !l.count(from) {
		_ = conn.SetLinger(0)
		conn.Close()
		return nil
	}
	_ = conn.SetReadBuffer(kernelBuffer) // a connection works without
	_ = conn.SetWriteBuffer(kernelBuffer)
	holdBack(conn)
	_ = conn.SetKeepAliveConfig(alive)
	return &Conn{TCPConn: conn, in: bufio.NewReaderSize(conn, readAhead), listener: l, from: from}
}

func (l *Listener) count(from netip.Addr) bool {
	l.mu.Lock()
	defer l.mu.Unlock()
	n := l.from[from]
	if n == nil {
		n = &tally{}
	}
	if l.strangers >= l.limits.Strangers || n.strangers >= l.limits.StrangersPerAddress || n.all >= l.limits.PerAddress {
		return false
	}
	l.strangers++
	n.strangers++
	n.all++
	l.from[from] = n
	return true
}

// settle counts a stranger less, and on leaving a connection less.
func (l *Listener) settle(from netip.Addr, stranger, leaves bool) {
	l.mu.Lock()
	defer l.mu.Unlock()
	n := l.from[from]
	if stranger {
		l.strangers--
		n.strangers--
	}
	if leaves {
		n.all--
	}
	if n.all == 0 {
		delete(l.from, from)
	}
}
