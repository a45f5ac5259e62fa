package signaling

import (
	"errors"
	"slices"
	"time"

	"madang/room"
	"madang/sfu"
	"madang/signaling/protocol"
)

// handleChat handles one message of the chat channel.
func (s *session) handleChat(message inbound) {
	if !message.text {
		s.tellChat(&protocol.Error{Code: protocol.BadMessage, Message: "messages are text, not binary"})
		return
	}
	messages, err := protocol.DecodeChat(message.data)
	for i, m := range messages {
		if i > 0 && !s.withinPace(s.tellChat) { // the first was counted as it came
			return
		}
		s.chat(m)
	}
	if err != nil {
		s.misread(err, s.tellChat)
	}
}

// chat handles one message of chat, whichever way it came.
func (s *session) chat(m protocol.Message) {
	if p := phase(s.phase.Load()); p != inside && p != entering {
		refused := s.errorFor("", errEnterFirst)
		if line, ok := m.(*protocol.ChatMsg); ok {
			refused.CID = line.CID
		}
		s.tellChat(refused)
		return
	}
	switch m := m.(type) {
	case *protocol.ChatMsg:
		if s.withinChatPace(m.CID) {
			s.room.Chat(s.id, room.ChatPost{CID: m.CID, To: room.MemberID(m.To), Reply: m.Reply, Text: m.Text})
		}
	case *protocol.Since:
		if s.withinChatPace("") { // it may cost as much as many lines
			s.room.ChatSince(s.id, m.Epoch, m.Seq)
		}
	case *protocol.Del:
		s.room.ChatDelete(s.id, m.ID, m.ID)
	case *protocol.Typing:
		s.room.ChatTyping(s.id, room.MemberID(m.To))
	}
}

// withinChatPace counts one line or its like.
func (s *session) withinChatPace(cid string) bool {
	warning, abused := s.pace.line(cid)
	s.tooFast(warning, abused, s.tellChat)
	return warning == nil
}

// withinPace counts one message; tell hears of it when it is one too many.
func (s *session) withinPace(tell func(*protocol.Error)) bool {
	warning, abused := s.pace.message()
	s.tooFast(warning, abused, tell)
	return warning == nil
}

// tooFast warns, and ends the session of who does not listen.
func (s *session) tooFast(warning *protocol.Error, abused bool, tell func(*protocol.Error)) {
	switch {
	case abused:
		s.end(endTooFast())
	case warning != nil:
		tell(warning)
	}
}

// chatChannel is the member's data channel.
type chatChannel struct {
	peer    Peer
	closing chan struct{} // closed before the peer is
	// What follows belongs to the session's writer.
	beside *socket // the WebSocket of when it was asked last
	proved bool    // it was acknowledged since
}

// nothing is a message of the chat channel without any messages in it.
const nothing = "[]"

// chatWriter brings chat to the client: by its data channel, coalesced, and by
// the WebSocket while that cannot be relied on. It belongs to the session's writer. It
// holds a message of the channel at most; what a slow reader leaves waits in the
// outbox, which is bounded.
type chatWriter struct {
	session *session
	beat    beat
	pending [][]byte // taken from the outbox, not sent yet
	size    int      // of pending as one message, in bytes
}

// flush sends what it may at now. retry, unless 0, is when to come again.
func (w *chatWriter) flush(now time.Time) (retry time.Duration) {
	w.session.out.rest(false)
	for channel := w.channel(); w.fill(); channel = w.channel() {
		if channel == nil {
			to := w.session.out.socket()
			if to == nil { // who comes back asks for it
				w.sent(len(w.pending))
				continue
			}
			if to.write(w.pending[0], nil) != nil {
				to.cut() // which its reader sees
			}
			w.sent(1)
			continue
		}
		full := w.size >= protocol.MaxChatBatch // to wait would not make it better
		if wait := w.beat.wait(now); wait > 0 && !full {
			w.session.out.rest(true)
			return wait
		}
		message, n := w.batch()
		switch err := channel.peer.SendChat(message); {
		case err == nil:
			w.sent(n)
			if !full {
				w.beat.sent(now)
			}
		case errors.Is(err, sfu.ErrChatFull): // ChatWritable will come; until then it waits here
			return 0
		default:
			w.session.chatOpen.Store(false)
		}
	}
	wait := w.beat.wait(now) // nothing waits: what comes until then shall not wake us
	w.session.out.rest(wait > 0)
	return wait
}

// channel is the data channel; nil: chat goes by the WebSocket. That our side is open
// says nothing of the client's: an outage may part them while they open, for a minute
// or for good, and later one may leave the channel waiting as long. So for each WebSocket
// the client is sent nothing by the channel first, which counts once all that is under
// way is acknowledged.
func (w *chatWriter) channel() *chatChannel {
	c := w.session.channel.Load()
	if c == nil || !w.session.chatOpen.Load() {
		return nil
	}
	if to := w.session.out.socket(); to != nil && to != c.beside {
		c.beside, c.proved = to, false
		_ = c.peer.SendChat([]byte(nothing)) // one that is full or closed shows as such
	}
	if c.proved = c.proved || c.peer.ChatBuffered() == 0; !c.proved {
		return nil
	}
	return c
}

// fill takes from the outbox until a batch is full; false when there is nothing.
func (w *chatWriter) fill() bool {
	for w.size < protocol.MaxChatBatch {
		item, ok := w.session.out.nextChat()
		if !ok {
			break
		}
		waited := len(w.pending)
		w.pending = appendChat(w.pending, item)
		for _, message := range w.pending[waited:] {
			w.size += len(message) + 1 // a comma or bracket
		}
	}
	return len(w.pending) > 0
}

// batch makes one message of the channel of the first n that wait.
func (w *chatWriter) batch() (message []byte, n int) {
	size := 1
	for n < len(w.pending) && (n == 0 || size+len(w.pending[n])+1 <= protocol.MaxChatBatch) {
		size += len(w.pending[n]) + 1
		n++
	}
	if n == 1 {
		return w.pending[0], 1
	}
	message = make([]byte, 0, size)
	for i, one := range w.pending[:n] {
		message = append(message, "[,"[min(i, 1)])
		message = append(message, one...)
	}
	return append(message, ']'), n
}

// sent forgets the first n that waited.
func (w *chatWriter) sent(n int) {
	w.session.server.metrics.told.Add(float64(n))
	for _, message := range w.pending[:n] {
		w.size -= len(message) + 1
	}
	w.pending = slices.Delete(w.pending, 0, n)
	if len(w.pending) == 0 && cap(w.pending) > chatKept {
		w.pending = nil
	}
}
