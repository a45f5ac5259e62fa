package lane

import (
	"math/rand/v2"
	"net/netip"
	"sync"
)

// The ranges of lanes' addresses. No packet of a network comes from there or goes
// there: 240.0.0.0/4 is reserved (RFC 1112 section 4), 100::/64 is discarded (RFC
// 6666).
const (
	firstByte4, bytes4 = 240, 15 // up to 254: 255.255.255.255 means everybody
	firstByte6         = 1
)

// Table is the lanes of one server by their addresses. Its methods are for any
// goroutine.
type Table struct {
	mu    sync.RWMutex
	lanes map[netip.AddrPort]*Lane
}

// NewTable makes an empty table.
func NewTable() *Table { return &Table{lanes: map[netip.AddrPort]*Lane{}} }

// Open makes a lane with an address of a client's family. It is to be closed.
func (t *Table) Open(ipv6 bool) *Lane {
	l := &Lane{table: t}
	l.up.init(upBytes)
	l.down.init(downBytes)
	t.mu.Lock()
	defer t.mu.Unlock()
	for l.at = anywhere(ipv6); t.lanes[l.at] != nil; {
		l.at = anywhere(ipv6)
	}
	t.lanes[l.at] = l
	return l
}

// anywhere is an address of a lane, with a port that browsers let candidates have.
func anywhere(ipv6 bool) netip.AddrPort {
	const firstPort, lastPort = 1024, 65535
	random, port := rand.Uint64(), uint16(firstPort+rand.IntN(lastPort-firstPort+1))
	if ipv6 {
		at := [16]byte{0: firstByte6}
		for i := range 8 {
			at[8+i] = byte(random >> (8 * i))
		}
		return netip.AddrPortFrom(netip.AddrFrom16(at), port)
	}
	at := [4]byte{byte(firstByte4 + random>>24%bytes4), byte(random >> 16), byte(random >> 8), byte(random)}
	return netip.AddrPortFrom(netip.AddrFrom4(at), port)
}

// Is tells whether an address, without an IPv4-mapped one, is of a lane that is or
// may have been: nothing for it may leave by the network.
func Is(at netip.AddrPort) bool {
	a := at.Addr()
	if a.Is4() {
		first := a.As4()[0]
		return first >= firstByte4 && first < firstByte4+bytes4
	}
	b := a.As16()
	return [8]byte(b[:8]) == [8]byte{0: firstByte6}
}

// Find is the lane with an address; nil: there is none, or not any more.
func (t *Table) Find(at netip.AddrPort) *Lane {
	t.mu.RLock()
	defer t.mu.RUnlock()
	return t.lanes[at]
}

// Len is how many lanes there are.
func (t *Table) Len() int {
	t.mu.RLock()
	defer t.mu.RUnlock()
	return len(t.lanes)
}

func (t *Table) remove(l *Lane) {
	t.mu.Lock()
	defer t.mu.Unlock()
	if t.lanes[l.at] == l {
		delete(t.lanes, l.at)
	}
}
