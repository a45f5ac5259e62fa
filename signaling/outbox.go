package signaling

import "sync"

// outbox is what waits to be told to one client: messages for the WebSocket,
// and chat, which waits apart because its channel may be slow on its own. Both
// are bounded; when one is full the client does not read, and is cut off
// (4008). Any goroutine puts, the session's writer takes.
type outbox struct {
	limit int
	wake  chan struct{} // holds one token while there may be something to do

	mu     sync.Mutex
	events []any // room.Event, [welcome] or protocol.Message
	chat   []any // room.Event or *protocol.Error
}

func newOutbox(limit int) *outbox {
	return &outbox{limit: limit, wake: make(chan struct{}, 1)}
}

// put queues something for the WebSocket; false when the queue is full.
func (o *outbox) put(item any) bool { return o.add(&o.events, item) }

// putChat queues something for the chat; false when the queue is full.
func (o *outbox) putChat(item any) bool { return o.add(&o.chat, item) }

func (o *outbox) add(queue *[]any, item any) bool {
	o.mu.Lock()
	full := len(*queue) >= o.limit
	if !full {
		*queue = append(*queue, item)
	}
	o.mu.Unlock()
	o.nudge()
	return !full
}

// nudge wakes the writer.
func (o *outbox) nudge() {
	select {
	case o.wake <- struct{}{}:
	default:
	}
}

// next takes the oldest for the WebSocket.
func (o *outbox) next() (item any, ok bool) { return o.take(&o.events) }

// nextChat takes the oldest of the chat.
func (o *outbox) nextChat() (item any, ok bool) { return o.take(&o.chat) }

func (o *outbox) take(queue *[]any) (item any, ok bool) {
	o.mu.Lock()
	defer o.mu.Unlock()
	if len(*queue) == 0 {
		return nil, false
	}
	item = (*queue)[0]
	(*queue)[0] = nil
	if *queue = (*queue)[1:]; len(*queue) == 0 {
		*queue = nil
	}
	return item, true
}
