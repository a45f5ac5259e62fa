package signaling

import (
	"context"
	"errors"
	"log/slog"
	"net/netip"
	"runtime/debug"
	"sync"
	"sync/atomic"
	"time"

	"madang/room"
	"madang/sfu"
	"madang/signaling/protocol"
)

// phase is how far a session has come.
type phase int32

const (
	fresh    phase = iota // nothing but hello is taken
	lobby                 // authorised
	entering              // the room has been asked
	inside                // the room has said welcome
)

// inboxSize bounds the messages that wait while the session is busy with SDP.
// Full: the WebSocket is not read on; who sends still more by the chat channel
// is cut off.
const inboxSize = 128

// inbound is one message as it came.
type inbound struct {
	data []byte
	chat bool // by the chat channel
	text bool
	left bool // none: the client closed the WebSocket
}

// session is one member's visit. Its own goroutine (run) handles messages in
// order and does what takes time; a reader and a writer serve the WebSocket.
// The room (room.Conn) and the media plane (sfu.PeerEvents) call into it from
// their goroutines; those methods stand in events.go and never wait.
type session struct {
	server *Server
	log    *slog.Logger
	from   netip.Prefix
	socket *socket
	out    *outbox
	inbox  chan inbound
	pace   *pace

	ctx    context.Context // ends with the session
	cancel context.CancelFunc
	once   sync.Once
	ended  ending // set before ctx ends

	phase    atomic.Int32
	chatOpen atomic.Bool
	joinedAt atomic.Int64 // UnixNano of the join, 0 once its media is up
	channel  atomic.Pointer[chatChannel]

	// What follows belongs to run's goroutine.
	id         room.MemberID
	name       string
	roomName   string
	helloTimer *time.Timer
	peer       Peer
	negotiated *sfu.Negotiated
	answered   string // the newest answered offer that is not ready
	room       *room.Room

	// enterID is written before the room is asked and read by what it answers.
	enterID string
}

func newSession(server *Server, socket *socket, from netip.Prefix) *session {
	s := &session{
		server: server, socket: socket, from: from,
		id:    room.MemberID(randomID()),
		out:   newOutbox(server.cfg.Limits.SendQueue),
		inbox: make(chan inbound, inboxSize),
		pace:  newPace(server.cfg.Limits),
	}
	s.log = server.log.With("member", string(s.id))
	s.ctx, s.cancel = context.WithCancel(context.Background())
	return s
}

// end ends the session; the first of several holds. Any goroutine; never waits.
func (s *session) end(how ending) {
	s.once.Do(func() {
		s.ended = how
		if e, ok := how.last.(*protocol.Error); ok {
			s.server.metrics.refused(e.Code)
		}
		s.socket.hurry()
		s.cancel()
	})
}

// run is the visit: it returns when nothing of the session is left.
func (s *session) run() {
	var io sync.WaitGroup
	read := make(chan struct{})
	s.helloTimer = time.AfterFunc(s.server.cfg.Limits.HelloTimeout, func() {
		s.end(endBadMessage(&protocol.Error{Code: protocol.BadMessage, Message: "no hello came in time"}))
	})
	defer s.helloTimer.Stop()
	io.Go(func() {
		defer close(read)
		defer s.contain()
		s.read()
	})
	io.Go(func() {
		defer s.socket.conn.Close()
		defer s.contain()
		s.write(read)
	})

	for s.ctx.Err() == nil {
		select {
		case <-s.ctx.Done():
		case message := <-s.inbox:
			s.handle(message)
		}
	}
	s.server.metrics.endings.WithLabelValues(s.ended.why).Inc()
	s.log.Info("session ended", "why", s.ended.why)
	s.teardown()
	io.Wait()
}

// teardown takes the member out of the room first, so that nobody is shown a
// picture whose transport is going, and then ends its media.
func (s *session) teardown() {
	if s.room != nil {
		s.room.Leave(s.id)
		s.room.Release()
	}
	s.closePeer()
}

// closePeer ends the media transport, if there is one, and waits for it.
func (s *session) closePeer() {
	if s.peer == nil {
		return
	}
	s.chatOpen.Store(false)
	s.channel.Store(nil)
	s.peer.Close()
	s.peer = nil
	s.negotiated = nil
}

// contain is deferred by each of the session's goroutines: a panic in one
// member's handling ends that member only.
func (s *session) contain() {
	if problem := recover(); problem != nil {
		s.server.metrics.panics.Inc()
		s.log.Error("panic in a session", "panic", problem, "stack", string(debug.Stack()))
		s.end(endPanicked())
	}
}

// handle handles one message.
func (s *session) handle(message inbound) {
	defer s.contain()
	if message.left { // after all that it had sent before
		s.end(endLeft)
		return
	}
	s.server.metrics.heard.Inc()
	if message.chat {
		s.handleChat(message)
		return
	}
	m, err := protocol.Decode(message.data)
	if err != nil {
		s.misread(err, s.tell)
		return
	}
	if err := s.dispatch(m); err != nil {
		var re string
		if request, ok := m.(protocol.Request); ok {
			re = request.RequestID()
		}
		s.tell(s.errorFor(re, err))
	}
}

// misread answers what could not be decoded, by tell, and closes if it must.
func (s *session) misread(err error, tell func(*protocol.Error)) {
	var wrong *protocol.DecodeError
	if !errors.As(err, &wrong) {
		wrong = &protocol.DecodeError{Code: protocol.Internal, Message: "the message could not be read"}
	}
	switch {
	case wrong.Close != 0:
		s.end(endBadMessage(wrong.Reply()))
	case wrong.Unknown && wrong.Re == "":
		s.server.metrics.ignored.Inc()
	default:
		tell(wrong.Reply())
	}
}

// dispatch hands a message to its handler. An error becomes the answer.
func (s *session) dispatch(m protocol.Message) error {
	switch m := m.(type) {
	case *protocol.Hello:
		return s.hello(m)
	case *protocol.Ping:
		s.send(&protocol.Pong{TS: m.TS})
		return nil
	case *protocol.Pong:
		return nil
	case *protocol.Bye:
		s.end(endLeft)
		return nil
	}
	if phase(s.phase.Load()) == fresh {
		return errHelloFirst
	}
	switch m := m.(type) {
	case *protocol.Join:
		return s.join(m)
	case *protocol.Offer:
		return s.offer(m)
	case *protocol.Ready:
		return s.ready(m)
	case *protocol.ICE:
		return s.candidate(m)
	case *protocol.Enter:
		return s.enter(m)
	}
	return s.dispatchInside(m)
}

// dispatchInside hands on what is for members who are in the room.
func (s *session) dispatchInside(m protocol.Message) error {
	switch m.(type) {
	case *protocol.ChatMsg, *protocol.Since, *protocol.Del, *protocol.Typing:
		s.chat(m)
		return nil
	}
	if phase(s.phase.Load()) == lobby {
		return errEnterFirst
	}
	switch m := m.(type) {
	case *protocol.Publish:
		return s.publish(m)
	case *protocol.View:
		return s.view(m)
	case *protocol.Hand, *protocol.React:
		return errNotOffered
	}
	return errMayNot // the moderation of later versions
}

// send queues a message for the WebSocket. Any goroutine; never waits.
func (s *session) send(m any) {
	if !s.out.put(m) {
		s.end(endTooSlow)
	}
}

// sendChat queues something for the chat. Any goroutine; never waits.
func (s *session) sendChat(m any) {
	if !s.out.putChat(m) {
		s.end(endTooSlow)
	}
}

// tell sends an error over the WebSocket.
func (s *session) tell(e *protocol.Error) {
	s.server.metrics.refused(e.Code)
	s.send(e)
}

// tellChat sends an error by the chat.
func (s *session) tellChat(e *protocol.Error) {
	s.server.metrics.refused(e.Code)
	s.sendChat(e)
}
