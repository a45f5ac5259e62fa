package signaling

import (
	"fmt"
	"time"
)

// listen takes messages off a WebSocket of the session, on the WebSocket's own
// goroutine, until it ends or is no longer the session's.
func (s *session) listen(socket *socket) {
	defer s.contain()
	socket.watch()
	for s.ctx.Err() == nil && !socket.isClosing() {
		data, err := socket.read()
		if err != nil {
			s.post(inbound{socket: socket, err: err})
			return
		}
		socket.alive()
		if s.withinPace(s.tell) {
			s.post(inbound{socket: socket, data: data})
		}
	}
}

// post hands something to the session's goroutine, when that has time.
func (s *session) post(message inbound) {
	select {
	case s.inbox <- message:
	case <-s.ctx.Done():
	}
}

// write tells the client what waits in the outbox until the session ends, and
// then why it ended. It is the only writer of the session's WebSockets.
func (s *session) write() {
	w := &writer{session: s, chat: chatWriter{session: s, beat: beat{every: s.server.chatEvery}}}
	w.run()
	w.farewell() // after a panic, too
}

// run tells what waits, until the session ends.
func (w *writer) run() {
	s := w.session
	defer s.contain()
	pings := time.NewTicker(pingEvery)
	defer pings.Stop()
	again := time.NewTimer(time.Hour)
	again.Stop() // until chat asks for it
	defer again.Stop()
	for s.ctx.Err() == nil {
		select {
		case <-s.ctx.Done():
		case <-pings.C:
			if to := s.out.socket(); to != nil {
				to.ping()
			}
		case <-s.out.wake:
			if s.ctx.Err() == nil { // what came after the end is for the farewell
				w.flush(again)
			}
		case <-again.C:
			w.flush(again)
		}
	}
}

// writer is what the writing goroutine keeps.
type writer struct {
	session *session
	chat    chatWriter
	number  []byte // scratch
}

// flush tells all that waits; again is set when chat is to be tried later.
func (w *writer) flush(again *time.Timer) {
	w.events()
	if retry := w.chat.flush(time.Now()); retry > 0 {
		again.Reset(retry)
	}
}

// events tells what waits for the WebSocket. One that fails is cut off, which its
// reader sees: what was said in vain is said again to the next.
func (w *writer) events() {
	for {
		to, item, seq, ok := w.session.out.next()
		if !ok {
			return
		}
		if w.one(to, item, seq) != nil {
			w.session.out.detach(to)
			to.cut()
		}
	}
}

func (w *writer) one(to *socket, item any, seq uint64) error {
	w.session.server.metrics.told.Inc()
	w.number = w.number[:0]
	if seq != 0 {
		w.number = fmt.Appendf(w.number, `,"seq":%d}`, seq)
	}
	return to.write(encode(item), w.number)
}

// farewell says why the session has ended.
func (w *writer) farewell() {
	how := w.session.ended
	if !how.mute {
		w.events()
	}
	to := w.session.out.socket()
	if to == nil {
		return
	}
	if how.last != nil {
		_ = w.one(to, how.last, 0) // it closes all the same
	}
	to.close(how.close, how.why)
}
