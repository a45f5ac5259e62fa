package signaling

import (
	"fmt"
	"time"
)

// read takes messages off the WebSocket until the session ends, and then skips
// the rest until the connection is closed.
func (s *session) read() {
	s.socket.watch()
	for s.ctx.Err() == nil {
		data, err := s.socket.read()
		if saidGoodbye(err) {
			s.post(inbound{left: true})
			return
		}
		if err != nil {
			s.end(endOfReading(err))
			break
		}
		if s.withinPace(s.tell) {
			s.post(inbound{data: data, text: true})
		}
	}
	s.socket.skip()
}

// post hands a message to the session's goroutine, when that has time.
func (s *session) post(message inbound) {
	select {
	case s.inbox <- message:
	case <-s.ctx.Done():
	}
}

// write tells the client what waits in the outbox until the session ends, and
// then why it ended. It is the only writer of the WebSocket; read is closed
// when the client has closed its side.
func (s *session) write(read <-chan struct{}) {
	w := &writer{session: s, chat: chatWriter{session: s, beat: beat{every: s.server.chatEvery}}}
	pings := time.NewTicker(pingEvery)
	defer pings.Stop()
	again := time.NewTimer(time.Hour)
	again.Stop() // until chat asks for it
	defer again.Stop()
	for s.ctx.Err() == nil {
		var err error
		select {
		case <-s.ctx.Done():
		case <-pings.C:
			err = s.socket.ping()
		case <-s.out.wake:
			err = w.flush(again)
		case <-again.C:
			err = w.flush(again)
		}
		if err != nil {
			s.end(endLost)
		}
	}
	if !s.ended.mute {
		w.events()
	}
	if s.ended.last != nil {
		w.one(s.ended.last)
	}
	s.socket.farewell(s.ended.close, s.ended.why, read)
}

// writer is what the writing goroutine keeps.
type writer struct {
	session *session
	chat    chatWriter
	seq     uint64
	buffer  []byte
}

// flush tells all that waits; again is set when chat is to be tried later.
func (w *writer) flush(again *time.Timer) error {
	if err := w.events(); err != nil {
		return err
	}
	retry, err := w.chat.flush(time.Now())
	if retry > 0 {
		again.Reset(retry)
	}
	return err
}

func (w *writer) events() error {
	for {
		item, ok := w.session.out.next()
		if !ok {
			return nil
		}
		if err := w.one(item); err != nil {
			return err
		}
	}
}

func (w *writer) one(item any) error {
	message, numbered := encode(item)
	w.session.server.metrics.told.Inc()
	w.buffer = w.buffer[:0]
	if numbered {
		w.seq++
		w.buffer = fmt.Appendf(w.buffer, `,"seq":%d}`, w.seq)
	}
	return w.session.socket.write(message, w.buffer)
}
