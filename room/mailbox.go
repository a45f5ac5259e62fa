package room

import "sync"

// mailboxSize is how many messages wait at most. A burst of joins fits; past
// it the posters wait, each on its own member's goroutine.
const mailboxSize = 1024

// bell wakes a goroutine once, however often it rings in the meantime.
type bell chan struct{}

func newBell() bell { return make(bell, 1) }

func (b bell) ring() {
	select {
	case b <- struct{}{}:
	default:
	}
}

// mailbox is the bounded way into a room's goroutine. Messages of one poster
// keep their order, and what was posted before close is still delivered.
type mailbox struct {
	bell   bell
	mu     sync.Mutex
	space  sync.Cond // signalled when the queue was taken or closed
	queue  []message
	spare  []message // the batch before, to be filled again
	closed bool
}

func newMailbox(b bell) *mailbox {
	m := &mailbox{bell: b}
	m.space.L = &m.mu
	return m
}

// post queues a message, waiting while the mailbox is full. False means that
// the mailbox is closed and the message will not be seen. Any goroutine but the
// room's own.
func (b *mailbox) post(m message) bool {
	b.mu.Lock()
	defer b.mu.Unlock()
	for len(b.queue) >= mailboxSize && !b.closed {
		b.space.Wait()
	}
	if b.closed {
		return false
	}
	b.queue = append(b.queue, m)
	b.bell.ring()
	return true
}

// take returns all that waits, and whether more may come. The batch is the
// room's until its next take. The room's goroutine.
func (b *mailbox) take() (batch []message, open bool) {
	b.mu.Lock()
	defer b.mu.Unlock()
	batch = b.queue
	clear(b.spare)
	b.queue, b.spare = b.spare[:0], batch
	b.space.Broadcast()
	return batch, !b.closed
}

// close refuses what comes from now on and lets waiting posters go. Any
// goroutine, any number of times.
func (b *mailbox) close() {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.closed = true
	b.space.Broadcast()
	b.bell.ring()
}
