package signaling

import (
	"errors"
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
			s.room.Chat(s.id, m.CID, room.MemberID(m.To), m.Text)
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
	if s.pace.chat.Allow() {
		return true
	}
	s.tooFast(&protocol.Error{CID: cid, Code: protocol.TooFast, Message: "too many lines",
		RetryMS: max(1, until(s.pace.chat).Milliseconds())}, s.tellChat)
	return false
}

// withinPace counts one message; tell hears of it when it is one too many.
func (s *session) withinPace(tell func(*protocol.Error)) bool {
	if s.pace.messages.Allow() {
		return true
	}
	s.tooFast(&protocol.Error{Code: protocol.TooFast, Message: "too many messages",
		RetryMS: max(1, until(s.pace.messages).Milliseconds())}, tell)
	return false
}

// tooFast warns, and ends the session of who does not listen.
func (s *session) tooFast(warning *protocol.Error, tell func(*protocol.Error)) {
	if s.pace.abuse.Allow() {
		tell(warning)
		return
	}
	s.end(endTooFast())
}

// chatChannel is the member's data channel.
type chatChannel struct{ peer Peer }

// chatGap is how long chat waits after a message of the channel for company:
// what is due together travels together, since each costs the receiver's
// transport some 55 µs whatever its size.
const chatGap = 10 * time.Millisecond

// chatWriter brings chat to the client: by its data channel, coalesced, and by
// the WebSocket while that is not open. It belongs to the session's writer.
type chatWriter struct {
	session *session
	pending [][]byte // taken from the outbox, not sent yet
	notYet  time.Time
}

// flush sends what it may at now. retry, unless 0, is when to come again.
func (w *chatWriter) flush(now time.Time) (retry time.Duration, err error) {
	for w.fill() {
		channel := w.session.channel.Load()
		if channel == nil || !w.session.chatOpen.Load() {
			if err := w.session.socket.write(w.pending[0], nil); err != nil {
				return 0, err
			}
			w.sent(1)
			continue
		}
		if wait := w.notYet.Sub(now); wait > 0 {
			return wait, nil
		}
		batch, n := w.batch()
		switch err := channel.peer.SendChat(batch); {
		case err == nil:
			w.sent(n)
			if !w.fill() {
				w.notYet = now.Add(chatGap)
			}
		case errors.Is(err, sfu.ErrChatFull): // ChatWritable will come; until then it waits here
			return 0, nil
		default:
			w.session.chatOpen.Store(false)
		}
	}
	return 0, nil
}

// fill takes from the outbox until a batch is full; false when there is nothing.
func (w *chatWriter) fill() bool {
	size := 0
	for _, message := range w.pending {
		size += len(message)
	}
	for size < protocol.MaxChatBatch {
		item, ok := w.session.out.nextChat()
		if !ok {
			break
		}
		for _, message := range encodeChat(item) {
			w.pending = append(w.pending, message)
			size += len(message)
		}
	}
	return len(w.pending) > 0
}

// batch makes one message of the channel of the first n that wait.
func (w *chatWriter) batch() (message []byte, n int) {
	size := 2
	for n < len(w.pending) && (n == 0 || size+len(w.pending[n])+1 <= protocol.MaxChatBatch) {
		size += len(w.pending[n]) + 1
		n++
	}
	if n == 1 {
		return w.pending[0], 1
	}
	message = make([]byte, 0, size)
	message = append(message, '[')
	for i, one := range w.pending[:n] {
		if i > 0 {
			message = append(message, ',')
		}
		message = append(message, one...)
	}
	return append(message, ']'), n
}

func (w *chatWriter) sent(n int) {
	w.session.server.metrics.told.Add(float64(n))
	w.pending = w.pending[n:]
	if len(w.pending) == 0 {
		w.pending = nil
	}
}
