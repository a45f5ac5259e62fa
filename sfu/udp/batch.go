package udp

const (
	// arenaSize is room for the datagrams of a batch, in bytes. What waits longer
	// than it takes to fill this has left the cache by the time it is sent.
	arenaSize = 512 << 10
	// maxQueue is how many datagrams wait at most. It is also how many messages
	// sendmmsg takes (UIO_MAXIOV).
	maxQueue = 1024
	// maxPayload is the longest payload of a datagram, in bytes (RFC 768, over
	// IPv4: 65,535 less 20 and 8 of headers).
	maxPayload = 65_507
)

// Batch gathers datagrams and sends them by as few system calls as it can: all
// of one remote, then the next, each remote's in the order of Add. It is bounded
// and flushes itself when it is full. It never waits: what the kernel has no room
// for, or refuses, is dropped and counted in Stats. It belongs to one goroutine.
type Batch struct {
	conn    *Conn
	arena   []byte
	used    int        // bytes of the arena
	queue   []datagram // in the order of Add
	remotes []*Remote  // that have datagrams in the queue, by their first
	ordered []datagram // the queue by remote, while it is sent
	outlet  outlet
}

// datagram is one that waits in the arena.
type datagram struct {
	to          *Remote
	start, size int32
	next        int32 // the next to the same remote, if this is not its last
}

// NewBatch makes an empty batch. It holds some 0.7 MB.
func (c *Conn) NewBatch() *Batch {
	b := &Batch{
		conn:    c,
		arena:   make([]byte, arenaSize),
		queue:   make([]datagram, 0, maxQueue),
		remotes: make([]*Remote, 0, maxQueue),
		ordered: make([]datagram, 0, maxQueue),
	}
	b.outlet.init(b)
	return b
}

// Room is an empty slice with room for n bytes, at most 65,507, to build one
// datagram in. It is valid until the next call to the batch.
func (b *Batch) Room(n int) []byte {
	if len(b.arena)-b.used < n {
		b.Flush()
	}
	return b.arena[b.used : b.used : b.used+n]
}

// Add takes a datagram that was built in the latest Room. One that stands
// elsewhere, because it outgrew the room for example, is copied. A datagram
// above 65,507 bytes is dropped and counted.
func (b *Batch) Add(to *Remote, payload []byte) {
	if len(payload) > maxPayload || !b.conn.kernel.reaches(to) {
		b.conn.counters.sendErrors.Add(1)
		return
	}
	if !b.holds(payload) {
		payload = append(b.Room(len(payload)), payload...)
	}
	i := int32(len(b.queue))
	if to.waiting {
		b.queue[to.last].next = i
	} else {
		to.waiting, to.first = true, i
		b.remotes = append(b.remotes, to)
	}
	to.last = i
	b.queue = append(b.queue, datagram{to: to, start: int32(b.used), size: int32(len(payload))})
	b.used += len(payload)
	if len(b.queue) == maxQueue {
		b.Flush()
	}
}

// holds tells whether a datagram stands where the next one belongs.
func (b *Batch) holds(payload []byte) bool {
	return cap(payload) > 0 && b.used < len(b.arena) && &payload[:1][0] == &b.arena[b.used]
}

// Flush sends all that was added.
func (b *Batch) Flush() { _ = b.flush() }

// flush returns why the first datagram that was lost was, if not for want of
// room.
func (b *Batch) flush() error {
	if len(b.queue) == 0 {
		return nil
	}
	b.sort()
	sent, err := b.outlet.send(b.ordered)
	b.conn.counters.add(sent)
	clear(b.ordered) // let go of the remotes
	clear(b.queue)
	clear(b.remotes)
	b.queue, b.remotes, b.ordered, b.used = b.queue[:0], b.remotes[:0], b.ordered[:0], 0
	return err
}

// sort puts the queue in order of remotes.
func (b *Batch) sort() {
	for _, r := range b.remotes {
		for i := r.first; ; i = b.queue[i].next {
			b.ordered = append(b.ordered, b.queue[i])
			if i == r.last {
				break
			}
		}
		r.waiting = false
	}
}
