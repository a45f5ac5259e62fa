package signaling

import (
	"time"

	"madang/room"
	"madang/signaling/protocol"
)

// hello authorises the client and takes it into the lobby.
func (s *session) hello(m *protocol.Hello) error {
	if phase(s.phase.Load()) != fresh {
		return errHelloTwice
	}
	if m.Resume != nil {
		return errNoResume
	}
	if !validRoomName(m.Room) {
		return errNoSuchRoom
	}
	name, err := room.CleanName(m.Name)
	if err != nil {
		return err
	}
	if err := s.checkPassword(m); err != nil {
		s.end(endUnauthorized(s.errorFor(m.ID, err)))
		return nil
	}
	s.helloTimer.Stop()
	s.name, s.roomName = name, m.Room
	s.log = s.log.With("room", m.Room)
	s.log.Info("session opened")
	s.phase.Store(int32(lobby))

	media := s.server.media.Config()
	s.send(&protocol.Lobby{
		Re: m.ID, Session: randomSecret(), You: string(s.id),
		ICE:      []protocol.ICEServer{},
		Slots:    protocol.SlotCounts{Pairs: media.Slots.Pairs, Audio: media.Slots.Audio},
		Codecs:   media.Codecs,
		Bitrates: protocol.Bitrates{Q: media.Bitrates.Q, H: media.Bitrates.H, F: media.Bitrates.F, Screen: media.Bitrates.Screen},
		State:    protocol.StateIn,
		Epoch:    s.server.epoch,
	})
	return nil
}

// checkPassword counts tries for rooms that have a password only.
func (s *session) checkPassword(m *protocol.Hello) error {
	policy := s.server.rooms.Policy(m.Room)
	if policy.Password == "" {
		return nil
	}
	if ok, retry := s.server.tries.allow(s.from, time.Now()); !ok {
		return &refusal{code: protocol.TooFast, message: "too many passwords were tried", retry: retry}
	}
	return policy.CheckPassword(m.Password)
}

// enter asks the room to take the member; events.go hears what it says.
func (s *session) enter(m *protocol.Enter) error {
	switch {
	case phase(s.phase.Load()) != lobby:
		return errEnterTwice
	case s.negotiated == nil:
		return errJoinFirst
	}
	if s.room == nil {
		opened, err := s.server.rooms.Open(s.roomName)
		if err != nil {
			return err
		}
		s.room = opened
	}
	s.enterID = m.ID
	s.phase.Store(int32(entering))
	s.room.Enter(room.Joining{
		ID: s.id, Name: s.name, Conn: s,
		Sources: s.negotiated.Sources, Pairs: s.negotiated.Pairs, Voices: s.negotiated.Voices,
	})
	return nil
}
