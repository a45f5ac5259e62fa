package demux

import (
	"net/netip"
	"slices"
	"time"
)

// sourcesMost bounds the addresses that one conn hears authentic STUN from: Pion
// keeps a candidate for each. Beyond, new ones are refused until one has been
// silent for as long as consent lasts.
const sourcesMost = 32

// consent is how long an address stays a peer's without an authentic packet from
// it (RFC 7675 section 5.1).
const consent = 30 * time.Second

// source is an address that a conn heard authentic packets from.
type source struct {
	from netip.AddrPort
	seen time.Time
	// proven: a request that was sent there was answered. Anybody can write
	// anybody's address on a signed request; an answer comes from the one who is
	// there.
	proven bool
}

// claim notes authentic STUN from an address and gives the address to the conn,
// unless another peer is there. False: the conn hears from too many. m.mu is held.
func (m *Mux[T]) claim(c *Conn[T], from netip.AddrPort, proof bool, now time.Time) bool {
	s := c.source(from)
	if s == nil {
		if s = m.admit(c, from, now); s == nil {
			return false
		}
	}
	s.seen = now
	s.proven = s.proven || proof
	holder := m.holders[from]
	switch {
	case holder == c:
		return true
	case holder == nil:
	case holder.view == c.view: // ICE was restarted: it is the same peer
		s.proven = s.proven || holder.source(from).proven
		holder.drop(from)
	case proof || !holder.isAt(from, now):
		holder.drop(from)
	default:
		return true
	}
	m.holders[from] = c
	return true
}

// admit makes a source, in the place of one that fell silent if there is no
// other; nil: there is none.
func (m *Mux[T]) admit(c *Conn[T], from netip.AddrPort, now time.Time) *source {
	if len(c.sources) == sourcesMost {
		oldest := slices.MinFunc(c.sources, func(a, b source) int { return a.seen.Compare(b.seen) })
		if now.Sub(oldest.seen) < consent {
			return nil
		}
		if m.holders[oldest.from] == c {
			delete(m.holders, oldest.from)
		}
		c.drop(oldest.from)
	}
	c.sources = append(c.sources, source{from: from})
	return &c.sources[len(c.sources)-1]
}

// release gives up all addresses of a conn. m.mu is held.
func (m *Mux[T]) release(c *Conn[T]) {
	for _, s := range c.sources {
		if m.holders[s.from] == c {
			delete(m.holders, s.from)
		}
	}
	c.sources = nil
}

func (c *Conn[T]) source(from netip.AddrPort) *source {
	for i := range c.sources {
		if c.sources[i].from == from {
			return &c.sources[i]
		}
	}
	return nil
}

func (c *Conn[T]) drop(from netip.AddrPort) {
	c.sources = slices.DeleteFunc(c.sources, func(s source) bool { return s.from == from })
}

// isAt tells whether the conn's peer has shown to be at an address, and lately.
func (c *Conn[T]) isAt(from netip.AddrPort, now time.Time) bool {
	s := c.source(from)
	return s.proven && now.Sub(s.seen) < consent
}

// seenEvery is how often media refreshes what is known of its address; a second
// is nothing beside consent.
const seenEvery = time.Second

// Seen says that a packet of media from an address that Route gave this conn
// for was authentic. For the goroutine that calls Route.
func (c *Conn[T]) Seen(from netip.AddrPort, now time.Time) {
	if c.latest.from == from && now.Sub(c.latest.seen) < seenEvery {
		return
	}
	c.latest = source{from: from, seen: now}
	c.mux.mu.Lock()
	defer c.mux.mu.Unlock()
	if s := c.source(from); s != nil {
		s.seen = now
		c.alive(from, now)
	}
}

// Proven tells whether the conn's peer has answered from an address, and was there
// lately. Any goroutine.
func (c *Conn[T]) Proven(at netip.AddrPort, now time.Time) bool {
	c.mux.mu.Lock()
	defer c.mux.mu.Unlock()
	return c.source(at) != nil && c.isAt(at, now)
}
