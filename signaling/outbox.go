package signaling

import (
	"slices"
	"sync"
)

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
	// resting: the writer comes for the chat by itself, soon.
	resting bool
}

// chatRouses is how many lines wake a writer that rests: they may be a full
// message. To wake it for each would cost as much as to send each alone.
const chatRouses = 32

// chatKept is for how many lines a client's queues keep their place while they
// are empty: what comes on a beat.
const chatKept = 16

func newOutbox(limit int) *outbox {
	return &outbox{limit: limit, wake: make(chan struct{}, 1)}
}

// put queues something for the WebSocket; false when the queue is full.
func (o *outbox) put(item any) bool {
	ok, _ := o.add(&o.events, item)
	o.nudge()
	return ok
}

// putChat queues something for the chat; false when the queue is full.
func (o *outbox) putChat(item any) bool {
	ok, rests := o.add(&o.chat, item)
	if !rests {
		o.nudge()
	}
	return ok
}

// add queues an item; rests tells that the writer comes for chat without a nudge.
func (o *outbox) add(queue *[]any, item any) (ok, rests bool) {
	o.mu.Lock()
	defer o.mu.Unlock()
	if ok = len(*queue) < o.limit; ok {
		*queue = append(*queue, item)
	}
	return ok, o.resting && len(o.chat) < chatRouses
}

// rest says whether the writer comes for the chat by itself, soon.
func (o *outbox) rest(resting bool) {
	o.mu.Lock()
	o.resting = resting
	o.mu.Unlock()
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
	if *queue = slices.Delete(*queue, 0, 1); len(*queue) == 0 && cap(*queue) > chatKept {
		*queue = nil
	}
	return item, true
}
