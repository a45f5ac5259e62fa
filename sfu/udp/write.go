package udp

import (
	"errors"
	"net"
	"net/netip"
	"sync"
)

// maxKnown is how many remotes a writer remembers; then it starts anew.
const maxKnown = 4096

// writer is the batch of all who write to the Conn itself.
type writer struct {
	mu     sync.Mutex
	batch  *Batch
	known  map[netip.AddrPort]*Remote
	corked bool
}

// errTooLong: no datagram can carry it.
var errTooLong = errors.New("udp: longer than a datagram")

// Cork has writes to the Conn wait and gather in a batch, until Uncork or until
// the batch is full. It concerns WriteTo and WriteToAddrPort by any goroutine,
// and no other batch. One goroutine corks, briefly.
func (c *Conn) Cork() {
	c.writer.mu.Lock()
	c.writer.corked = true
	c.writer.mu.Unlock()
}

// Uncork sends what has gathered. Writes go out at once again.
func (c *Conn) Uncork() {
	c.writer.mu.Lock()
	c.writer.corked = false
	c.writer.batch.Flush()
	c.writer.mu.Unlock()
}

// WriteToAddrPort sends b, or adds it to what has gathered since Cork. It never
// waits for the network: a datagram for which the kernel has no room is dropped
// and counted as a network would drop it, without an error.
func (c *Conn) WriteToAddrPort(b []byte, to netip.AddrPort) (int, error) {
	if err := c.writer.write(b, to); err != nil {
		return 0, err
	}
	return len(b), nil
}

// WriteTo is WriteToAddrPort for a *net.UDPAddr.
func (c *Conn) WriteTo(b []byte, to net.Addr) (int, error) {
	addr, ok := to.(*net.UDPAddr)
	if !ok {
		return 0, c.writeError(to, net.InvalidAddrError("not a UDP address"))
	}
	return c.WriteToAddrPort(b, addr.AddrPort())
}

func (c *Conn) writeError(to net.Addr, err error) error {
	return &net.OpError{Op: "write", Net: "udp", Source: c.local, Addr: to, Err: err}
}

func (w *writer) write(b []byte, to netip.AddrPort) error {
	w.mu.Lock()
	defer w.mu.Unlock()
	r, c := w.remote(to), w.batch.conn
	switch {
	case len(b) > maxPayload:
		return c.writeError(net.UDPAddrFromAddrPort(to), errTooLong)
	case !c.kernel.reaches(r):
		return c.writeError(net.UDPAddrFromAddrPort(to), net.InvalidAddrError("not of the socket's family"))
	}
	w.batch.Add(r, b)
	if w.corked {
		return nil
	}
	return w.batch.flush()
}

// remote finds what was made for an address.
func (w *writer) remote(to netip.AddrPort) *Remote {
	r := w.known[to]
	if r == nil {
		if w.known == nil || len(w.known) == maxKnown {
			w.known = map[netip.AddrPort]*Remote{}
		}
		r = NewRemote(to)
		w.known[to] = r
	}
	return r
}
