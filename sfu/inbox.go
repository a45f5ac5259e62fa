package sfu

import (
	"sync"

	"madang/sfu/lane"
)

// Bounds of what may wait for a worker. At 100,000 packets a second the worker
// has 80 ms to come back before packets are lost.
const (
	inboxPackets  = 8192
	inboxBytes    = 8 << 20
	inboxCommands = 1024
	inboxOfOne    = 2048 // packets of one peer: a flood does not crowd out the others
)

// inbox is the one way into a worker: packets and commands, in order of their
// kind. Packets are copied into a common arena under the lock, so that posting
// costs one copy and no allocation. When it is full, or holds the share of one
// peer, packets are dropped and counted; who posts a command waits.
type inbox struct {
	mu      sync.Mutex
	room    sync.Cond // for commands
	filling *batch
	spare   []*parcel // emptied
	turn    uint64    // counts the batches
	closed  bool
	asleep  bool   // the worker is, and is to be woken
	long    bool   // and nothing else will wake it soon
	wake    func() // wakes it; it must not wait
}

// batch is what gathered between two turns of the worker.
type batch struct {
	arena    []byte
	packets  []posted
	commands []func()
	parcels  []*parcel    // of other workers
	wings    []*wing      // with a new order; each stands there once
	lanes    []*lane.Lane // over which something came; each stands there once
}

// posted is one packet in a batch's arena.
type posted struct {
	from       *endpoint
	rtcp       bool
	start, end int
}

// share is how much of the batch that is filling comes from one peer. The
// inbox's lock guards it.
type share struct {
	turn    uint64
	packets int
}

// newInbox makes an inbox; wake ends the sleep that rest allowed, also one that
// has yet to begin.
func newInbox(wake func()) *inbox {
	in := &inbox{filling: &batch{}, wake: wake}
	in.room.L = &in.mu
	return in
}

// post copies a packet in and wakes the worker. Any goroutine; never waits longer
// than the copy of another packet. False: the inbox is full or closed.
func (in *inbox) post(from *endpoint, packet []byte, rtcp bool) bool {
	in.mu.Lock()
	taken := in.put(from, packet, rtcp)
	in.release(taken)
	return taken
}

// leave is post for what may wait until the worker wakes for something else, at
// the latest for its tick.
func (in *inbox) leave(from *endpoint, packet []byte, rtcp bool) bool {
	in.mu.Lock()
	taken := in.put(from, packet, rtcp)
	in.release(taken && in.long)
	return taken
}

// put copies a packet in. The lock is held.
func (in *inbox) put(from *endpoint, packet []byte, rtcp bool) bool {
	b := in.filling
	if from.posted.turn != in.turn {
		from.posted = share{turn: in.turn}
	}
	if in.closed || len(b.packets) == inboxPackets || len(b.arena)+len(packet) > inboxBytes || from.posted.packets == inboxOfOne {
		return false
	}
	from.posted.packets++
	start := len(b.arena)
	b.arena = append(b.arena, packet...)
	b.packets = append(b.packets, posted{from: from, rtcp: rtcp, start: start, end: len(b.arena)})
	return true
}

// command hands the worker something to do. Any goroutine but the worker's;
// waits while too many commands do. False: the worker has stopped.
func (in *inbox) command(do func()) bool {
	in.mu.Lock()
	for len(in.filling.commands) >= inboxCommands && !in.closed {
		in.room.Wait()
	}
	if in.closed {
		in.mu.Unlock()
		return false
	}
	in.filling.commands = append(in.filling.commands, do)
	in.release(true)
	return true
}

// route says that a wing has a new order. Any goroutine; never waits: a wing
// stands in a batch at most once.
func (in *inbox) route(g *wing) {
	if !g.queued.CompareAndSwap(false, true) {
		return
	}
	in.mu.Lock()
	in.filling.wings = append(in.filling.wings, g)
	in.release(true)
}

// arrived says that something came over a lane. Any goroutine; never waits: a lane
// stands in a batch at most once, and keeps what came.
func (in *inbox) arrived(l *lane.Lane) {
	if !l.Queued.CompareAndSwap(false, true) {
		return
	}
	in.mu.Lock()
	in.filling.lanes = append(in.filling.lanes, l)
	in.release(true)
}

// release ends the lock and, if there is something new for the worker, its sleep:
// not before, or the first thing that it did would be to wait for the lock. A worker
// that sleeps again by then wakes for nothing, once.
func (in *inbox) release(something bool) {
	wake := something && in.asleep
	if wake {
		in.asleep = false
	}
	in.mu.Unlock()
	if wake {
		in.wake()
	}
}

// rest tells the worker whether it may sleep: nothing waits for it. What comes
// from now on wakes it; in a long sleep also what may wait for a tick.
func (in *inbox) rest(long bool) bool {
	in.mu.Lock()
	defer in.mu.Unlock()
	b := in.filling
	if in.closed || len(b.packets)+len(b.commands)+len(b.parcels)+len(b.wings)+len(b.lanes) > 0 {
		return false
	}
	in.asleep, in.long = true, long
	return true
}

// take returns what gathered and gives back the emptied batch of last time.
// Not open: it is the last one.
func (in *inbox) take(empty *batch) (full *batch, open bool) {
	empty.reset()
	in.mu.Lock()
	full, open = in.filling, !in.closed
	in.taken(full, empty)
	in.filling = empty
	in.turn++
	in.asleep = false
	in.room.Broadcast()
	in.mu.Unlock()
	return full, open
}

// close refuses everything from now on and lets those who wait go. Commands
// that were taken in are still in the batch.
func (in *inbox) close() {
	in.mu.Lock()
	in.closed = true
	in.room.Broadcast()
	in.release(true)
}

func (b *batch) reset() {
	clear(b.packets)
	clear(b.commands)
	clear(b.wings)
	clear(b.lanes)
	b.arena, b.packets, b.commands, b.wings, b.lanes = b.arena[:0], b.packets[:0], b.commands[:0], b.wings[:0], b.lanes[:0]
}
