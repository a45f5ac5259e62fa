// Package demux shares one UDP port among the ICE agents of many peers. It is
// Pion's ice.UDPMux turned round: it reads nothing itself and has no goroutines.
// Whoever reads the port asks it whose each datagram is, keeps the media, and
// delivers the rest to Pion.
//
// It is also the port's door. Only authentic STUN passes, and an address belongs
// to the peer that has shown to be there: what strangers send, from whatever
// address they claim, changes nothing and allocates nothing.
package demux

import (
	"bytes"
	"net"
	"net/netip"
	"sync"
	"time"
)

// Mux says whose each datagram of one port is. T is what stands for a peer.
// Route is for the one goroutine that reads the port; all else is for any.
type Mux[T any] struct {
	write    func(b []byte, to netip.AddrPort) (int, error)
	local    net.Addr
	listen   []net.Addr
	packets  sync.Pool // of *packet
	counters counters

	// Scratch of the goroutine that calls Route.
	out    []byte
	number transaction

	mu          sync.Mutex // held for moments, never while hashing
	generations map[string]*generation[T]
	questions   map[transaction]question[T]
	holders     map[netip.AddrPort]*Conn[T]
}

// New makes a mux. write sends a datagram, never waits, and may be called from
// any goroutine; local is the address of the port; listen are the addresses that
// agents offer, all of them *net.UDPAddr.
func New[T any](write func(b []byte, to netip.AddrPort) (int, error), local net.Addr, listen []net.Addr) *Mux[T] {
	return &Mux[T]{
		write: write, local: local, listen: listen,
		packets:     sync.Pool{New: func() any { return new(packet) }},
		generations: map[string]*generation[T]{},
		questions:   map[transaction]question[T]{},
		holders:     map[netip.AddrPort]*Conn[T]{},
	}
}

// For makes the view of one peer, which is its agent's ice.UDPMux. It is to be
// closed.
func (m *Mux[T]) For(owner T) *View[T] { return &View[T]{mux: m, owner: owner} }

// Route says whose a datagram is; nil: nobody's, and counted, or one that needs no
// agent and was answered. from is without an IPv4-mapped address. Requests of STUN go by the ufrag that they were signed
// for, its responses by the request that they answer, all else by address.
func (m *Mux[T]) Route(datagram []byte, from netip.AddrPort, now time.Time) *Conn[T] {
	switch classOf(datagram) {
	case classSTUN:
		msg, ok := readMessage(datagram)
		switch {
		case !ok:
			m.counters.malformed.Add(1)
		case msg.kind == request:
			return m.routeRequest(&msg, from, now)
		case msg.kind == success || msg.kind == failure:
			return m.routeResponse(&msg, from, now)
		default: // an indication: nothing tells who sent it
			m.counters.forged.Add(1)
		}
		return nil
	case classDTLS, classMedia:
		m.mu.Lock()
		c := m.holders[from]
		m.mu.Unlock()
		if c == nil {
			m.counters.strangers.Add(1)
		}
		return c
	}
	m.counters.foreign.Add(1)
	return nil
}

// routeRequest checks a request with the password of the ufrag that stands first
// in its user name (RFC 8445 section 7.2.2).
func (m *Mux[T]) routeRequest(msg *message, from netip.AddrPort, now time.Time) *Conn[T] {
	ufrag, _, _ := bytes.Cut(msg.username, []byte{':'})
	var c *Conn[T]
	var key *integrity
	m.mu.Lock()
	if g := m.generations[string(ufrag)]; g != nil {
		c, key = g.conns[familyOf(from.Addr())], g.local
	}
	m.mu.Unlock()
	if c == nil || key == nil {
		m.counters.unknown.Add(1)
		return nil
	}
	if !key.signed(msg) {
		m.counters.forged.Add(1)
		return nil
	}
	m.mu.Lock()
	c = m.claimed(c, from, false, now)
	familiar := c != nil && c.familiar(msg, from)
	if familiar {
		c.alive(from, now)
	}
	m.mu.Unlock()
	if !familiar {
		return c
	}
	m.answer(key, msg, from)
	return nil
}

// routeResponse finds the request that is answered, which must have gone where
// the answer comes from (RFC 8445 section 7.2.5.2.1). Who answers with success
// is where it was asked: nobody else has seen the transaction's number.
func (m *Mux[T]) routeResponse(msg *message, from netip.AddrPort, now time.Time) *Conn[T] {
	var key *integrity
	m.mu.Lock()
	q, asked := m.questions[msg.transaction]
	if asked {
		key = q.conn.generation.remote
	}
	m.mu.Unlock()
	if !asked || q.to != from {
		m.counters.unasked.Add(1)
		return nil
	}
	if key == nil || !key.signed(msg) {
		m.counters.forged.Add(1)
		return nil
	}
	m.mu.Lock()
	defer m.mu.Unlock()
	q.conn.answered(msg.transaction)
	c := m.claimed(q.conn, from, msg.kind == success, now)
	if c == nil {
		return nil
	}
	if msg.kind == success && from == c.settled.at {
		c.settled.hear(now)
		c.alive(from, now)
	}
	if q.ours {
		return nil
	}
	return c
}

// claimed is a conn that heard authentic STUN, unless it may not hear this.
func (m *Mux[T]) claimed(c *Conn[T], from netip.AddrPort, proof bool, now time.Time) *Conn[T] {
	if c.gone {
		m.counters.unknown.Add(1)
		return nil
	}
	if !m.claim(c, from, proof, now) {
		m.counters.crowded.Add(1)
		return nil
	}
	return c
}
