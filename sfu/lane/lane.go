// Package lane carries the datagrams of clients that do not come to the media
// port by UDP: over a TCP connection of their own, or through this server's own
// TURN. A lane has an address of a range that no network routes, so to ICE, to the
// demultiplexer and to the workers it is one more remote address, and a client
// moves between UDP and a lane as it would between two networks.
//
// Both directions are bounded queues, and nobody who puts something in ever waits:
// what does not fit is dropped, as a network would.
package lane

import (
	"net/netip"
	"sync"
	"sync/atomic"
)

// What may wait in each direction, in bytes. What comes is a worker's, soon; what
// leaves waits for the client's network. With what a consumer holds of the batch
// before, a lane holds at most twice as much.
const (
	upBytes   = 64 << 10
	downBytes = 128 << 10
)

// MaxDatagram is the longest datagram that a lane takes, in bytes: what an
// Ethernet carries, and some.
const MaxDatagram = 2048

// Lane is one client's way. Its methods are for any goroutine, but for Take and
// Next, which have one caller each.
type Lane struct {
	table *Table
	at    netip.AddrPort

	bound    atomic.Pointer[func(*Lane)]
	up, down queue

	// Queued is its worker's: whether the lane stands in its inbox.
	Queued atomic.Bool
}

// Addr is what the lane is known by, instead of its client's address.
func (l *Lane) Addr() netip.AddrPort { return l.at }

// Bind says who is told that something has come: a function that does not wait.
// The first call holds; it tells whether this was the first.
func (l *Lane) Bind(arrived func(*Lane)) bool { return l.bound.CompareAndSwap(nil, &arrived) }

// Arrive puts in what the client sent; false: it was dropped.
func (l *Lane) Arrive(datagram []byte) bool {
	told := l.bound.Load()
	if told == nil || !l.up.put(datagram) {
		return false
	}
	(*told)(l)
	return true
}

// Take returns what has come, as datagrams that Cut takes apart, and waits for
// nothing. It takes the memory of the last time to use it again.
func (l *Lane) Take(empty []byte) (framed []byte) { return l.up.take(empty) }

// Send puts in what is for the client; false: it was dropped.
func (l *Lane) Send(datagram []byte) bool { return l.down.put(datagram) }

// Next waits until there is something for the client, and returns all of it, framed
// as RFC 4571 says. It takes the memory of the last time to use it again. Not open:
// the lane was closed.
func (l *Lane) Next(empty []byte) (framed []byte, open bool) { return l.down.wait(empty) }

// Close gives up the lane and its address. What waits is dropped.
func (l *Lane) Close() {
	l.table.remove(l)
	l.up.close()
	l.down.close()
}

// queue is datagrams that wait, each with its length before it.
type queue struct {
	most int // bytes

	mu     sync.Mutex
	ready  sync.Cond
	framed []byte
	closed bool
}

func (q *queue) init(most int) { q.most, q.ready.L = most, &q.mu }

func (q *queue) put(datagram []byte) bool {
	q.mu.Lock()
	defer q.mu.Unlock()
	if q.closed || len(datagram) > MaxDatagram || len(q.framed)+headerBytes+len(datagram) > q.most {
		return false
	}
	q.framed = Append(q.framed, datagram)
	q.ready.Signal()
	return true
}

func (q *queue) take(empty []byte) []byte {
	q.mu.Lock()
	defer q.mu.Unlock()
	return q.swap(empty)
}

func (q *queue) wait(empty []byte) ([]byte, bool) {
	q.mu.Lock()
	defer q.mu.Unlock()
	for len(q.framed) == 0 && !q.closed {
		q.ready.Wait()
	}
	return q.swap(empty), !q.closed
}

// swap is under the lock.
func (q *queue) swap(empty []byte) (full []byte) {
	full, q.framed = q.framed, empty[:0]
	return full
}

func (q *queue) close() {
	q.mu.Lock()
	defer q.mu.Unlock()
	q.closed, q.framed = true, nil
	q.ready.Broadcast()
}
