package demux

import (
	"net/netip"
	"slices"
)

// questionsMost bounds the requests of one conn that may still be answered. An
// agent sends five a second to each candidate while it connects; when there are
// more, the oldest is forgotten.
const questionsMost = 128

// question is a request that a conn has sent.
type question[T any] struct {
	conn *Conn[T]
	to   netip.AddrPort
	ours bool // the agent knows nothing of it
}

// ask notes the request that a datagram is, if it is one.
func (c *Conn[T]) ask(datagram []byte, to netip.AddrPort) {
	if classOf(datagram) != classSTUN {
		return
	}
	msg, ok := readMessage(datagram)
	if !ok || msg.kind != request {
		return
	}
	m := c.mux
	m.mu.Lock()
	defer m.mu.Unlock()
	if _, twice := m.questions[msg.transaction]; twice || c.gone {
		return
	}
	c.pattern.learn(&msg)
	c.asks(msg.transaction, question[T]{c, netip.AddrPortFrom(to.Addr().Unmap(), to.Port()), false})
}

// asks keeps a request until it is answered. The mux's lock is held.
func (c *Conn[T]) asks(number transaction, q question[T]) {
	if len(c.asked) == questionsMost {
		c.answered(c.asked[0])
	}
	c.asked = append(c.asked, number)
	c.mux.questions[number] = q
}

// answered forgets a request. The mux's lock is held.
func (c *Conn[T]) answered(number transaction) {
	if i := slices.Index(c.asked, number); i >= 0 {
		c.asked = slices.Delete(c.asked, i, i+1)
		delete(c.mux.questions, number)
	}
}
