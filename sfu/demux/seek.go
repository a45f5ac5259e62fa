package demux

import (
	"net/netip"
	"time"
)

// A NAT may give a client another port in the middle of a call. The client's next
// check says so, which with some comes 5 s later. What it seals comes from there at
// once: whoever can tell may have it asked there.

// seekEvery is how often one client is asked elsewhere at most, as what is asked
// there may be said with anybody's address.
const seekEvery = 100 * time.Millisecond

// seeking is what a client was asked elsewhere of late.
type seeking struct {
	after  time.Time      // when it may be asked again
	checks [8]transaction // that may still be answered: the answer takes less than a second
	next   int
}

// Seek asks the client for its consent at an address where it was not heard yet,
// but something came from that it alone can have sealed, lately. That is a hint: the
// address is the client's when it has answered there, and until then it gets nothing
// but the question (RFC 8445 section 7.2.2). False: nothing was asked, as the address
// is somebody's, the agent has settled nowhere, or it was asked just now. For the
// goroutine that calls Route.
func (v *View[T]) Seek(at netip.AddrPort, now time.Time) bool {
	m := v.mux
	m.mu.Lock()
	c := v.current()
	if c == nil || c.family != familyOf(at.Addr()) || m.holders[at] != nil || now.Before(c.settled.seeking.after) {
		m.mu.Unlock()
		return false
	}
	key := c.generation.remote
	c.seek(c.compose(), at, now)
	m.mu.Unlock()
	m.out = key.sign(m.out)
	_, _ = m.write(m.out, at)
	return true
}

// seek notes a request of ours to elsewhere. The mux's lock is held.
func (c *Conn[T]) seek(number transaction, at netip.AddrPort, now time.Time) {
	s := &c.settled.seeking
	s.after = now.Add(seekEvery)
	c.answered(s.checks[s.next])
	s.checks[s.next] = number
	s.next = (s.next + 1) % len(s.checks)
	c.asks(number, question[T]{c, at, true})
}
