package signaling

import (
	"context"
	"errors"
	"io"
	"net/http"
	"slices"
	"sync"
	"time"

	"github.com/gorilla/websocket"

	"madang/signaling/protocol"
)

// The clock of a WebSocket.
const (
	pingEvery    = 10 * time.Second
	deadAfter    = 25 * time.Second // without a pong or anything else
	writeWithin  = 10 * time.Second
	lingerWithin = time.Second // for the client to read why it is closed
)

// serveWS is one member's visit, from the opening of the WebSocket until all of
// it is gone.
func (s *Server) serveWS(w http.ResponseWriter, r *http.Request) {
	switch {
	case s.draining.Load():
		w.Header().Set("Retry-After", "2")
		refuse(w, http.StatusServiceUnavailable, protocol.Unavailable, "draining")
		return
	case !slices.Contains(websocket.Subprotocols(r), protocol.Subprotocol):
		refuse(w, http.StatusBadRequest, protocol.BadMessage, "the subprotocol must be "+protocol.Subprotocol)
		return
	case !originAllowed(r, s.cfg.Server):
		refuse(w, http.StatusForbidden, protocol.Forbidden, "this origin may not open a WebSocket here")
		return
	}
	from := addressOf(r.RemoteAddr)
	if !s.doors.enter(from) {
		w.Header().Set("Retry-After", "5")
		refuse(w, http.StatusServiceUnavailable, protocol.Unavailable, "too many connections")
		return
	}
	defer s.doors.leave(from)

	upgrader := websocket.Upgrader{
		Subprotocols:    []string{protocol.Subprotocol},
		CheckOrigin:     func(*http.Request) bool { return true }, // checked above
		ReadBufferSize:  4 << 10,
		WriteBufferPool: &s.buffers,
	}
	conn, err := upgrader.Upgrade(w, r, nil)
	if err != nil {
		return // it has been answered
	}
	visitor := newSession(s, &socket{conn: conn}, from)
	if !s.admit(visitor) {
		conn.Close()
		return
	}
	defer s.dismiss(visitor)
	visitor.run()
}

// socket is a WebSocket of messages. One goroutine reads, one writes.
type socket struct{ conn *websocket.Conn }

// Mistakes of a client that its frames show.
var (
	errBinary = errors.New("signaling: a binary frame")
	errTooBig = errors.New("signaling: a message over the limit")
)

// watch starts the clock by which a silent connection is dead. Before reading.
func (s *socket) watch() {
	s.conn.SetReadDeadline(time.Now().Add(deadAfter))
	s.conn.SetPongHandler(func(string) error {
		return s.conn.SetReadDeadline(time.Now().Add(deadAfter))
	})
}

// read returns the next message of text. What is too big is never held in
// memory: the library's own limit would close without telling why.
func (s *socket) read() ([]byte, error) {
	kind, frames, err := s.conn.NextReader()
	if err != nil {
		return nil, err
	}
	s.conn.SetReadDeadline(time.Now().Add(deadAfter))
	if kind != websocket.TextMessage {
		return nil, errBinary
	}
	data, err := io.ReadAll(io.LimitReader(frames, protocol.MaxSDP+1))
	if err == nil && len(data) > protocol.MaxSDP {
		return nil, errTooBig
	}
	return data, err
}

// skip reads on without keeping anything, until the connection ends.
func (s *socket) skip() {
	for {
		if _, _, err := s.conn.NextReader(); err != nil {
			return
		}
	}
}

// write sends one message; seq, unless 0, becomes its last field. The message
// may be shared with other sessions.
func (s *socket) write(message []byte, seq []byte) error {
	s.conn.SetWriteDeadline(time.Now().Add(writeWithin))
	if len(seq) == 0 {
		return s.conn.WriteMessage(websocket.TextMessage, message)
	}
	w, err := s.conn.NextWriter(websocket.TextMessage)
	if err != nil {
		return err
	}
	w.Write(message[:len(message)-1]) // errors stay until Close
	w.Write(seq)
	return w.Close()
}

func (s *socket) ping() error {
	return s.conn.WriteControl(websocket.PingMessage, nil, time.Now().Add(writeWithin))
}

// hurry bounds a write that is under way, from any goroutine.
func (s *socket) hurry() { s.conn.NetConn().SetWriteDeadline(time.Now().Add(lingerWithin)) }

// farewell closes: it says why, gives the client a moment to read it (closing
// over unread input would reset the connection and lose those words), and cuts.
func (s *socket) farewell(code protocol.CloseCode, why string, read <-chan struct{}) {
	frame := websocket.FormatCloseMessage(int(code), why)
	if s.conn.WriteControl(websocket.CloseMessage, frame, time.Now().Add(lingerWithin)) == nil {
		ctx, cancel := context.WithTimeout(context.Background(), lingerWithin)
		defer cancel()
		select {
		case <-read:
		case <-ctx.Done():
		}
	}
	s.conn.Close()
}

// bufferPool lends write buffers for as long as a message is written.
type bufferPool struct{ pool sync.Pool }

// Get implements websocket.BufferPool.
func (p *bufferPool) Get() any { return p.pool.Get() }

// Put implements websocket.BufferPool.
func (p *bufferPool) Put(buffer any) { p.pool.Put(buffer) }
