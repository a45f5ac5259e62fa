package signaling

import (
	"errors"
	"io"
	"net"
	"sync"
	"time"

	"github.com/gorilla/websocket"
	"golang.org/x/time/rate"

	"madang/signaling/protocol"
)

// The clock of a WebSocket.
const (
	pingEvery    = 10 * time.Second
	deadAfter    = 25 * time.Second // without a pong or anything else
	writeWithin  = 10 * time.Second
	lingerWithin = time.Second // for the client to read why it is closed

	pingsPerSecond = 10 // of a client's that are answered, beside a burst of as many
)

// socket is a WebSocket of messages. One goroutine reads, one writes; the other
// methods are for any.
type socket struct {
	conn  *websocket.Conn
	pings *rate.Limiter // of the client that are answered

	mu      sync.Mutex
	heard   time.Time
	closing bool
	host    string // by which the client reached us; empty: unknown
}

// Mistakes of a client that its frames show.
var (
	errBinary = errors.New("signaling: a binary frame")
	errTooBig = errors.New("signaling: a message over the limit")
)

func newSocket(conn *websocket.Conn) *socket {
	s := &socket{conn: conn, pings: rate.NewLimiter(pingsPerSecond, pingsPerSecond), heard: time.Now()}
	conn.SetPingHandler(func(data string) error {
		if s.pings.Allow() { // who does not read shows in the next write
			_ = conn.WriteControl(websocket.PongMessage, []byte(data), time.Now().Add(lingerWithin/10))
		}
		return nil
	})
	return s
}

// kernelBytes is what the kernel may hold of a WebSocket, each way; it takes twice as
// much for its own. By itself it would go up to megabytes for who reads nothing.
const kernelBytes = 64 << 10

// limitKernel bounds what the kernel holds of a connection that is to be a WebSocket.
func limitKernel(conn net.Conn) {
	conn = beneath(conn)
	if s, ok := conn.(*stranger); ok {
		conn = s.Conn
	}
	if plain, ok := conn.(*net.TCPConn); ok { // it works without, too
		_ = plain.SetWriteBuffer(kernelBytes)
		_ = plain.SetReadBuffer(kernelBytes)
	}
}

// watch starts the clock by which a silent connection is dead. Before reading.
func (s *socket) watch() {
	s.alive()
	s.conn.SetPongHandler(func(string) error {
		s.alive()
		return nil
	})
}

// alive notes that the client was heard.
func (s *socket) alive() {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.heard = time.Now()
	if !s.closing {
		s.conn.SetReadDeadline(s.heard.Add(deadAfter))
	}
}

// lastHeard is when anything came from the client.
func (s *socket) lastHeard() time.Time {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.heard
}

// read returns the next message of text. What is too big is never held in
// memory: the library's own limit would close without telling why.
func (s *socket) read() ([]byte, error) {
	kind, frames, err := s.conn.NextReader()
	if err != nil {
		return nil, err
	}
	if kind != websocket.TextMessage {
		return nil, errBinary
	}
	data, err := io.ReadAll(io.LimitReader(frames, protocol.MaxSDP+1))
	if err == nil && len(data) > protocol.MaxSDP {
		return nil, errTooBig
	}
	return data, err
}

// drain reads on without keeping anything, until the connection ends.
func (s *socket) drain() {
	for {
		if _, _, err := s.conn.NextReader(); err != nil {
			s.conn.Close()
			return
		}
	}
}

// write sends one message; seq, unless empty, becomes its last field. The message
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

// ping asks the client whether it is there. One that does not read is not asked.
func (s *socket) ping() {
	_ = s.conn.WriteControl(websocket.PingMessage, nil, time.Now().Add(lingerWithin/10))
}

// hurry bounds a write that is under way.
func (s *socket) hurry() { s.conn.NetConn().SetWriteDeadline(time.Now().Add(lingerWithin)) }

// close says why, once, and gives the client a moment to read it: closing over
// unread input would reset the connection and lose those words. Whoever reads is
// to drain then. It may take [lingerWithin] with a client that does not read.
func (s *socket) close(code protocol.CloseCode, why string) {
	s.mu.Lock()
	closing := s.closing
	s.closing = true
	s.mu.Unlock()
	if closing {
		return
	}
	s.hurry()
	frame := websocket.FormatCloseMessage(int(code), why)
	if s.conn.WriteControl(websocket.CloseMessage, frame, time.Now().Add(lingerWithin)) != nil {
		s.conn.Close()
		return
	}
	s.conn.SetReadDeadline(time.Now().Add(lingerWithin))
}

// isClosing tells whether close was called.
func (s *socket) isClosing() bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.closing
}

// cut ends the connection without a word.
func (s *socket) cut() { s.conn.Close() }

// bufferPool lends write buffers for as long as a message is written.
type bufferPool struct{ pool sync.Pool }

// Get implements websocket.BufferPool.
func (p *bufferPool) Get() any { return p.pool.Get() }

// Put implements websocket.BufferPool.
func (p *bufferPool) Put(buffer any) { p.pool.Put(buffer) }
