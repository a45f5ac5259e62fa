package demux

import (
	"bytes"
	"crypto/rand"
	"encoding/binary"
	mathrand "math/rand/v2"
	"net/netip"
	"time"
)

// Pion's agent makes connections, restarts them and ends them. Once it has settled
// on a pair, all that it hears and says is the question whether the other is still
// there, for hours, at a hundred allocations each. Those are asked and answered
// here (RFC 7675). The agent hears of anything new, and now and then that the
// client is there, as its states hang on that.

const (
	// lookEvery is how often View.Check is to be called.
	lookEvery = time.Second
	// quietAfter is when a client that lets nothing be heard is asked why. One that
	// is heard is asked only for its consent.
	quietAfter = 2 * time.Second
	// Between two checks for consent are 4 to 6 s (RFC 7675 section 5.1).
	checkLeast, checkSpread = 4 * time.Second, 2 * time.Second
	// unanswered is how long the agent is told that a client is there which answers
	// nothing. The agent fails 20 s later: as long as consent lasts, in all.
	unanswered = 10 * time.Second
)

// sign is what the agent is told of a client that is there: a Binding indication,
// which is good for nothing else (RFC 8445 section 11).
const sign = "\x00\x11\x00\x00\x21\x12\xA4\x42------------"

// settled is where the agent has settled, and what it need not be told.
type settled struct {
	at       netip.AddrPort // zero: nowhere
	answered time.Time      // when a request to there was last answered
	checkAt  time.Time      // when it needs to be answered again
	signAt   time.Time      // when the agent may be told again that the client is there
	checks   [2]transaction // of ours that may still be answered
	seeking  seeking        // elsewhere
}

// pattern is what the agent asks with; it does so alike everywhere.
type pattern struct {
	body   []byte // of a request, before its signature
	theirs []byte // the remote ufrag
	role   uint16
}

// learn takes a request of the agent's for a pattern. The mux's lock is held.
func (p *pattern) learn(msg *message) {
	if msg.nominates || msg.tag == nil {
		return
	}
	theirs, _, _ := bytes.Cut(msg.username, []byte{':'})
	p.body, p.theirs, p.role = append(p.body[:0], msg.body...), append(p.theirs[:0], theirs...), msg.role
}

// Select tells where the agent has settled, an address without an IPv4-mapped one.
// Consent is looked after there if the client has answered from there. For the
// goroutine that calls Route.
func (v *View[T]) Select(at netip.AddrPort, now time.Time) {
	v.mux.mu.Lock()
	defer v.mux.mu.Unlock()
	for _, c := range v.conns {
		s := c.source(at)
		switch {
		case c.gone || s == nil || !s.proven || c.pattern.body == nil || c.generation.remote == nil:
			c.unsettle()
		case c.settled.at != at:
			c.unsettle()
			c.settled.at = at
			c.settled.hear(now)
		}
	}
}

// Settled is where the agent has settled, if consent is looked after there, and
// when the client was last heard from there. Any goroutine.
func (v *View[T]) Settled() (at netip.AddrPort, heard time.Time, ok bool) {
	v.mux.mu.Lock()
	defer v.mux.mu.Unlock()
	c := v.current()
	if c == nil {
		return at, heard, false
	}
	return c.settled.at, c.heard(), true
}

// Heard is when authentic traffic of the client came last, to a second, from
// wherever it was; zero: never. Any goroutine.
func (v *View[T]) Heard() (last time.Time) {
	v.mux.mu.Lock()
	defer v.mux.mu.Unlock()
	for _, c := range v.conns {
		for i := range c.sources {
			if seen := c.sources[i].seen; seen.After(last) {
				last = seen
			}
		}
	}
	return last
}

// Check asks for the client's consent if that is due. It is to be called again
// after a second; false: the agent has settled nowhere. For the goroutine that
// calls Route.
func (v *View[T]) Check(now time.Time) bool {
	m := v.mux
	m.mu.Lock()
	c := v.current()
	if c == nil {
		m.mu.Unlock()
		return false
	}
	to, key, due := c.settled.at, c.generation.remote, !now.Before(c.settled.checkAt) || now.Sub(c.heard()) >= quietAfter
	if due {
		c.check(c.compose())
	}
	m.mu.Unlock()
	if due {
		m.out = key.sign(m.out)
		_, _ = m.write(m.out, to)
	}
	return true
}

// current is the conn that the agent uses. The mux's lock is held.
func (v *View[T]) current() *Conn[T] {
	for _, c := range v.conns {
		if c.settled.at.IsValid() {
			return c
		}
	}
	return nil
}

// The mux's lock is held in all that follows.

// compose begins a request of ours, to be signed, in the mux's scratch.
func (c *Conn[T]) compose() transaction {
	m := c.mux
	_, _ = rand.Read(m.number[:]) // it never fails
	m.out = append(m.out[:0], c.pattern.body...)
	copy(m.out[8:stunHeader], m.number[:])
	return m.number
}

// unsettle leaves all to the agent again.
func (c *Conn[T]) unsettle() {
	for _, number := range c.settled.checks {
		c.answered(number)
	}
	for _, number := range c.settled.seeking.checks {
		c.answered(number)
	}
	c.settled = settled{}
}

// heard is when the client was last heard from where the agent has settled.
func (c *Conn[T]) heard() (seen time.Time) {
	if s := c.source(c.settled.at); s != nil {
		seen = s.seen
	}
	return seen
}

// check notes a request of ours. Of those before only the last may still be
// answered.
func (c *Conn[T]) check(number transaction) {
	s := &c.settled
	c.answered(s.checks[0])
	s.checks = [...]transaction{s.checks[1], number}
	c.asks(number, question[T]{c, s.at, true})
}

// hear notes that a request was answered.
func (s *settled) hear(now time.Time) {
	s.answered, s.checkAt = now, now.Add(checkLeast+mathrand.N(checkSpread))
}

// alive tells the agent that the client is there, where it has settled.
func (c *Conn[T]) alive(from netip.AddrPort, now time.Time) {
	s := &c.settled
	if from != s.at || now.Before(s.signAt) || now.Sub(s.answered) > unanswered {
		return
	}
	s.signAt = now.Add(lookEvery)
	c.Deliver([]byte(sign), from)
}

// familiar tells whether a request is none that the agent must hear: it comes from
// where that has settled, as did the one before, and says nothing new. A nomination
// of the pair that is used is nothing new either.
func (c *Conn[T]) familiar(msg *message, from netip.AddrPort) bool {
	_, theirs, _ := bytes.Cut(msg.username, []byte{':'})
	known := from == c.settled.at && from == c.asker &&
		!msg.novel && msg.role != c.pattern.role && bytes.Equal(theirs, c.pattern.theirs)
	if !known {
		c.asker = from
	}
	return known
}

// answer is a success response (RFC 8445 section 7.3), as the agent would send it.
func (m *Mux[T]) answer(key *integrity, msg *message, to netip.AddrPort) {
	b := binary.BigEndian.AppendUint16(m.out[:0], bindingSuccess)
	b = binary.BigEndian.AppendUint16(b, 0) // set as it is signed
	b = binary.BigEndian.AppendUint32(b, stunCookie)
	b = append(b, msg.transaction[:]...)
	m.out = key.sign(appendMapped(b, to, msg.transaction))
	_, _ = m.write(m.out, to)
}
