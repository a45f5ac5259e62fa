package signaling

import (
	"time"

	"madang/room"
	"madang/sfu"
	"madang/signaling/protocol"
)

// welcome is the room's Welcome with the request that it answers.
type welcome struct {
	*room.Welcome
	re string
}

// Send implements [room.Conn].
func (s *session) Send(event room.Event) {
	switch e := event.(type) {
	case *room.Welcome:
		if s.phase.CompareAndSwap(int32(entering), int32(inside)) {
			s.stands.Store(&room.May{Role: e.Role, May: e.May})
			s.send(welcome{e, *s.enterID.Load()})
		}
	case *room.Refused:
		if s.phase.CompareAndSwap(int32(entering), int32(lobby)) { // it may try again
			s.tell(s.errorFor(*s.enterID.Load(), e.Err))
		}
	case *room.ChatLine, *room.ChatPage, *room.ChatCaughtUp, *room.ChatDeleted, *room.ChatCleared, *room.ChatTyping:
		s.sendChat(e)
	case *room.ChatRefused:
		answer := s.errorFor("", e.Err)
		answer.CID = e.CID
		s.tellChat(answer)
	case *room.Done:
		s.send(&protocol.Done{Re: e.Re})
	case *room.Failed:
		s.tell(s.errorFor(e.Re, e.Err))
	default:
		if may, ok := e.(*room.May); ok {
			s.stands.Store(may)
		}
		if phase(s.phase.Load()) == inside { // else a welcome will say it
			s.send(e)
		}
	}
}

// Close implements [room.Conn].
func (s *session) Close(code string) { s.end(endRemoved(protocol.Code(code))) }

// PeerStateChanged implements [sfu.PeerEvents].
func (s *session) PeerStateChanged(state sfu.PeerState) {
	switch state {
	case sfu.PeerConnected:
		if at := s.joinedAt.Swap(0); at != 0 {
			s.server.metrics.joined(time.Since(time.Unix(0, at)))
		}
		if s.mediaFailed.Swap(false) {
			s.rouse()
		}
	case sfu.PeerFailed:
		s.mediaFailed.Store(true)
		s.rouse()
	case sfu.PeerBroken:
		s.end(endMediaFailed())
	case sfu.PeerClosed:
		if s.channel.Load() != nil { // not by us
			s.end(endMediaFailed())
		}
	}
}

// ChatOpened implements [sfu.PeerEvents].
func (s *session) ChatOpened() {
	s.chatOpen.Store(true)
	s.out.nudge()
}

// ChatWritable implements [sfu.PeerEvents].
func (s *session) ChatWritable() { s.out.nudge() }

// ChatReceived implements [sfu.PeerEvents].
func (s *session) ChatReceived(data []byte, text bool) {
	channel := s.channel.Load()
	if channel == nil || !s.withinPace(s.tellChat) {
		return
	}
	select {
	case s.inbox <- inbound{data: data, text: text}:
	case <-channel.closing:
	case <-s.ctx.Done():
	}
}
