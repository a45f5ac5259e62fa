package demux

import (
	"net/netip"
	"sync"
)

// Bounds of what waits for the agent to read. What comes when it is full is
// dropped, as a socket would; ICE, DTLS and SCTP all repeat themselves.
const (
	queuePackets = 128
	queueBytes   = 64 << 10
)

// Conn is where the datagrams of one ufrag and family go.
type Conn[T any] struct {
	mux        *Mux[T]
	owner      T      // what every datagram needs lies side by side
	latest     source // as Seen last said; of the goroutine that calls Route
	view       *View[T]
	generation *generation[T]
	family     int

	// The mux's lock guards these.
	handles int
	gone    bool // no more STUN goes here
	asked   []transaction
	sources []source
	asker   netip.AddrPort // whose request the agent heard last
	pattern pattern
	settled settled

	mu          sync.Mutex // taken after the mux's, if both
	ready       sync.Cond
	first, last *packet
	packets     int
	bytes       int
	closed      bool
}

// packet is a datagram that waits to be read.
type packet struct {
	next *packet
	from netip.AddrPort
	data []byte
}

func newConn[T any](g *generation[T], family int) *Conn[T] {
	c := &Conn[T]{mux: g.view.mux, owner: g.view.owner, view: g.view, generation: g, family: family}
	c.ready.L = &c.mu
	return c
}

// Owner is whose the conn is. Any goroutine.
func (c *Conn[T]) Owner() T { return c.owner }

// retire has the conn get no more STUN; media of where its peer is still comes
// to it. The mux's lock is held.
func (c *Conn[T]) retire() {
	if c.gone {
		return
	}
	c.gone = true
	c.unsettle()
	c.generation.conns[c.family] = nil
	for _, number := range c.asked {
		delete(c.mux.questions, number)
	}
	c.asked = nil
}

// Deliver copies a datagram for the agent to read. It never waits: where the
// agent is behind, the datagram is dropped and counted. Any goroutine.
func (c *Conn[T]) Deliver(datagram []byte, from netip.AddrPort) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.closed {
		c.mux.counters.late.Add(1)
		return
	}
	if c.packets == queuePackets || c.bytes+len(datagram) > queueBytes {
		c.mux.counters.overflowed.Add(1)
		return
	}
	p := c.mux.packets.Get().(*packet)
	p.from, p.data = from, append(p.data[:0], datagram...)
	if c.last == nil {
		c.first = p
	} else {
		c.last.next = p
	}
	c.last = p
	c.packets++
	c.bytes += len(datagram)
	c.ready.Signal()
}

// pop copies the oldest datagram to b. The conn's lock is held.
func (c *Conn[T]) pop(b []byte) (int, netip.AddrPort) {
	p := c.first
	if c.first = p.next; c.first == nil {
		c.last = nil
	}
	c.packets--
	c.bytes -= len(p.data)
	n, from := copy(b, p.data), p.from
	p.next = nil
	c.mux.packets.Put(p)
	return n, from
}

// close drops what waits and ends all reads.
func (c *Conn[T]) close() {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.closed = true
	for c.first != nil {
		c.pop(nil)
	}
	c.ready.Broadcast()
}
