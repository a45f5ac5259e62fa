package signaling

import (
	"slices"
	"sync"
)

// outbox is what waits to be told to one client: messages for the WebSocket,
// and chat, which waits apart because its channel may be slow on its own. Both
// are bounded; when one is full the client does not read, and its WebSocket is cut
// off (4008). Any goroutine puts, the session's writer takes.
type outbox struct {
	limit int
	wake  chan struct{} // holds one token while there may be something to do

	mu    sync.Mutex
	to    *socket // nil: the client is away
	story story
	chat  []any // room.Event or *protocol.Error
	full  bool  // the client did not read what waited
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
	return &outbox{limit: limit, wake: make(chan struct{}, 1), story: story{limit: limit}}
}

// attach has all go to a WebSocket from now on, first of all a greeting, then what
// comes after seq. False: nothing of before follows, as seq is 0 or that is
// forgotten.
func (o *outbox) attach(to *socket, greeting any, seq uint64) (replays bool) {
	o.mu.Lock()
	defer o.mu.Unlock()
	o.to, o.full = to, false
	if replays = o.story.rewind(seq); !replays {
		o.chat = nil
	}
	o.story.begin(greeting)
	o.nudge()
	return replays
}

// detach has nothing go to a WebSocket any more.
func (o *outbox) detach(from *socket) {
	o.mu.Lock()
	defer o.mu.Unlock()
	if o.to == from {
		o.to = nil
		o.story.pause()
	}
}

// socket is where all goes; nil: nowhere.
func (o *outbox) socket() *socket {
	o.mu.Lock()
	defer o.mu.Unlock()
	return o.to
}

// hurry bounds a write that is under way.
func (o *outbox) hurry() {
	if to := o.socket(); to != nil {
		to.hurry()
	}
}

// overflowed tells whether the client did not read what waited for it.
func (o *outbox) overflowed() bool {
	o.mu.Lock()
	defer o.mu.Unlock()
	return o.full
}

// put queues something for the WebSocket; false when the client does not read.
// What a client that is away would be told, and has a number, is kept for it.
func (o *outbox) put(item any) bool {
	o.mu.Lock()
	defer o.mu.Unlock()
	fits := o.story.put(item, o.to != nil)
	if o.to == nil {
		return true
	}
	o.full = o.full || !fits
	o.nudge()
	return !o.full
}

// putChat queues something for the chat; false when the client does not read. One
// that is away asks for what it missed.
func (o *outbox) putChat(item any) bool {
	o.mu.Lock()
	defer o.mu.Unlock()
	if len(o.chat) == o.limit {
		o.chat, o.full = nil, o.full || o.to != nil
		return !o.full
	}
	o.chat = append(o.chat, item)
	if !o.resting || len(o.chat) >= chatRouses {
		o.nudge()
	}
	return true
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

// next takes the oldest for the WebSocket, with its number, 0 for none.
func (o *outbox) next() (to *socket, item any, seq uint64, ok bool) {
	o.mu.Lock()
	defer o.mu.Unlock()
	if o.to == nil {
		return nil, nil, 0, false
	}
	item, seq, ok = o.story.next()
	return o.to, item, seq, ok
}

// nextChat takes the oldest of the chat.
func (o *outbox) nextChat() (item any, ok bool) {
	o.mu.Lock()
	defer o.mu.Unlock()
	if len(o.chat) == 0 {
		return nil, false
	}
	item = o.chat[0]
	if o.chat = slices.Delete(o.chat, 0, 1); len(o.chat) == 0 && cap(o.chat) > chatKept {
		o.chat = nil
	}
	return item, true
}
