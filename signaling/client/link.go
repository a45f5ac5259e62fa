package client

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"sync"
	"time"

	"github.com/gorilla/websocket"

	"madang/signaling/protocol"
)

const (
	// writeTimeout bounds one write to a server that does not read.
	writeTimeout = 5 * time.Second
	// silence is how long the server may say nothing before it is taken for dead:
	// it pings every 10 s.
	silence = 30 * time.Second
	// maxFromServer is the longest message that is read, in bytes.
	maxFromServer = 4 << 20
	// byeTimeout bounds the wait for the server to close after a bye.
	byeTimeout = 2 * time.Second
)

// Error is a refusal by the server.
type Error struct {
	// Code is the stable code of the wire.
	Code protocol.Code
	// Message is for people.
	Message string
	// Retry says after how long to try again; 0 where that would not help.
	Retry time.Duration
}

func (e *Error) Error() string {
	return fmt.Sprintf("client: the server says %s: %s", e.Code, e.Message)
}

// ErrClosed is the end of a client that left by itself.
var ErrClosed = errors.New("client: closed")

// link is the WebSocket: messages out from any goroutine, messages in on its
// own, answers matched to their requests.
type link struct {
	conn *websocket.Conn

	writing sync.Mutex // one writer at a time

	mu       sync.Mutex
	requests int
	waiting  map[string]chan protocol.Message // by request id; each takes one answer
	err      error                            // why the link ended

	heard chan struct{} // holds a token when anything was heard
	ended chan struct{} // closed when the reader is done
}

// dial opens the WebSocket.
func dial(ctx context.Context, o *Options) (*link, error) {
	endpoint, err := o.endpoint()
	if err != nil {
		return nil, err
	}
	dialer := websocket.Dialer{
		NetDialContext: o.Dial, HandshakeTimeout: dialWithin,
		Proxy: http.ProxyFromEnvironment, TLSClientConfig: o.TLS, Subprotocols: []string{protocol.Subprotocol},
	}
	conn, response, err := dialer.DialContext(ctx, endpoint.String(), nil)
	if err != nil {
		if response != nil {
			return nil, fmt.Errorf("client: %s answers %s: %w", endpoint.Host, response.Status, err)
		}
		return nil, fmt.Errorf("client: no server at %s: %w", endpoint.Host, err)
	}
	if conn.Subprotocol() != protocol.Subprotocol {
		conn.Close()
		return nil, fmt.Errorf("client: %s does not speak %s", endpoint.Host, protocol.Subprotocol)
	}
	return &link{conn: conn, waiting: map[string]chan protocol.Message{}, heard: make(chan struct{}, 1), ended: make(chan struct{})}, nil
}

// send writes one message.
func (l *link) send(m protocol.Message) error {
	l.writing.Lock()
	defer l.writing.Unlock()
	l.conn.SetWriteDeadline(time.Now().Add(writeTimeout))
	if err := l.conn.WriteMessage(websocket.TextMessage, protocol.Encode(m)); err != nil {
		return fmt.Errorf("client: sending %s: %w", m.Type(), err)
	}
	return nil
}

// ask sends the request that build makes for an id, and waits for its answer.
func ask[T protocol.Message](ctx context.Context, l *link, build func(id string) protocol.Message) (answer T, err error) {
	l.mu.Lock()
	l.requests++
	id := fmt.Sprintf("%d", l.requests)
	answers := make(chan protocol.Message, 1)
	l.waiting[id] = answers
	l.mu.Unlock()
	defer func() {
		l.mu.Lock()
		delete(l.waiting, id)
		l.mu.Unlock()
	}()

	request := build(id)
	if err := l.send(request); err != nil {
		// What the server said before it closed tells more than the broken pipe.
		select {
		case <-l.ended:
			return answer, l.cause()
		case <-time.After(writeTimeout):
			return answer, err
		}
	}
	select {
	case m := <-answers:
		if answer, ok := m.(T); ok {
			return answer, nil
		}
		if refusal, ok := m.(*protocol.Error); ok {
			return answer, refused(refusal)
		}
		return answer, fmt.Errorf("client: %s was answered by %s", request.Type(), m.Type())
	case <-l.ended:
		return answer, l.cause()
	case <-ctx.Done():
		return answer, fmt.Errorf("client: waiting for the answer to %s: %w", request.Type(), ctx.Err())
	}
}

func refused(e *protocol.Error) *Error {
	return &Error{Code: e.Code, Message: e.Message, Retry: time.Duration(e.RetryMS) * time.Millisecond}
}

// read hands each message to handle and then to the request that it answers,
// until the connection ends. It runs on the link's goroutine.
func (l *link) read(handle func(protocol.Message)) {
	defer close(l.ended)
	defer l.conn.Close()
	l.conn.SetReadLimit(maxFromServer)
	pong := l.conn.PingHandler()
	l.conn.SetPingHandler(func(data string) error {
		l.conn.SetReadDeadline(time.Now().Add(silence))
		return pong(data)
	})
	var reason error // what the server complained of last, in no answer
	for {
		l.conn.SetReadDeadline(time.Now().Add(silence))
		_, data, err := l.conn.ReadMessage()
		if err != nil {
			var closed *websocket.CloseError
			if errors.As(err, &closed) && reason != nil {
				err = fmt.Errorf("%w (%w)", reason, err)
			} else {
				err = fmt.Errorf("client: the connection ended: %w", err)
			}
			l.end(err)
			return
		}
		select {
		case l.heard <- struct{}{}:
		default:
		}
		m, err := protocol.DecodeServer(data)
		if err != nil {
			continue // of a newer protocol: ignored, as it asks for
		}
		switch m := m.(type) {
		case *protocol.Ping:
			_ = l.send(&protocol.Pong{TS: m.TS}) // a broken link shows in the next read
			continue
		case *protocol.Error:
			if m.Re == "" && m.CID == "" {
				reason = refused(m)
			}
		}
		handle(m)
		l.answer(m)
	}
}

// end notes why the link ended: the first reason stands.
func (l *link) end(reason error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.err == nil {
		l.err = reason
	}
}

// answer gives m to who waits for it.
func (l *link) answer(m protocol.Message) {
	reply, ok := m.(protocol.Reply)
	if !ok {
		return
	}
	l.mu.Lock()
	answers, ok := l.waiting[reply.ReplyTo()]
	delete(l.waiting, reply.ReplyTo())
	l.mu.Unlock()
	if ok {
		answers <- m // has room: one request has one answer
	}
}

// answers asks whether the server is there.
func (l *link) answers(within time.Duration) bool {
	select {
	case <-l.heard: // of before
	default:
	}
	if l.send(&protocol.Ping{TS: 1}) != nil {
		return false
	}
	select {
	case <-l.heard:
		return true
	case <-l.ended:
		return false
	case <-time.After(within):
		return false
	}
}

// cut ends the link from this side without a word, and waits for the reader.
func (l *link) cut(reason error) {
	l.end(reason)
	l.conn.Close()
	<-l.ended
}

// over tells whether the link has ended.
func (l *link) over() bool {
	select {
	case <-l.ended:
		return true
	default:
		return false
	}
}

// cause is why the link ended.
func (l *link) cause() error {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.err
}

// close ends the link for good, with a bye first if the server is to know, and
// waits for the reader.
func (l *link) close(bye bool) {
	l.end(ErrClosed)
	if bye && l.send(&protocol.Bye{}) == nil {
		select {
		case <-l.ended:
		case <-time.After(byeTimeout):
		}
	}
	l.conn.Close()
	<-l.ended
}
