package signaling

import (
	"errors"
	"time"

	"madang/signaling/protocol"
)

// handle handles one thing that has come in.
func (s *session) handle(message inbound) {
	defer s.contain()
	switch {
	case message.back != nil:
		s.resume(message.back)
	case message.look != nil:
		message.look()
	case message.err != nil: // after all that it had sent before
		s.lose(message.socket, message.err)
	case message.socket == nil:
		s.server.metrics.heard.Inc()
		s.handleChat(message)
	case message.socket == s.socket: // else it was replaced
		s.server.metrics.heard.Inc()
		s.handleMessage(message.data)
	}
}

// handleMessage handles one message of the WebSocket.
func (s *session) handleMessage(data []byte) {
	m, err := protocol.Decode(data)
	if err != nil {
		s.misread(err, s.tell)
		return
	}
	if err := s.dispatch(m); err != nil {
		s.tell(s.errorFor(requestID(m), err))
	}
}

// requestID is what an answer to a message says as its re, if anything.
func requestID(m protocol.Message) string {
	if request, ok := m.(protocol.Request); ok {
		return request.RequestID()
	}
	return ""
}

// misread says what is wrong with what could not be decoded.
func misread(err error) *protocol.DecodeError {
	var wrong *protocol.DecodeError
	if errors.As(err, &wrong) {
		return wrong
	}
	return &protocol.DecodeError{Code: protocol.Internal, Message: "the message could not be read"}
}

// misread answers what could not be decoded, by tell, and closes if it must.
func (s *session) misread(err error, tell func(*protocol.Error)) {
	switch wrong := misread(err); {
	case wrong.Close != 0:
		s.end(endBadMessage(wrong.Reply()))
	case wrong.Unknown && wrong.Re == "":
		s.server.metrics.ignored.Inc()
	default:
		tell(wrong.Reply())
	}
}

// dispatch hands a message to its handler, if the member may send it. An error
// becomes the answer.
func (s *session) dispatch(m protocol.Message) error {
	if err := s.permit(m); err != nil {
		return err
	}
	switch m := m.(type) {
	case *protocol.Hello:
		return errHelloTwice
	case *protocol.Ping:
		s.send(&protocol.Pong{TS: m.TS})
		return nil
	case *protocol.Pong:
		return nil
	case *protocol.Bye:
		if m.HoldMS > 0 {
			s.hold(time.Duration(m.HoldMS) * time.Millisecond)
		} else {
			s.end(endLeft)
		}
		return nil
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
	case *protocol.Token:
		return s.refresh(m)
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
	case *protocol.Invite:
		return s.invite(m)
	}
	return s.moderate(m)
}

// send queues a message for the WebSocket. Any goroutine; never waits.
func (s *session) send(m any) {
	if !s.out.put(m) {
		s.rouse()
	}
}

// sendChat queues something for the chat. Any goroutine; never waits.
func (s *session) sendChat(m any) {
	if !s.out.putChat(m) {
		s.rouse()
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
