package signaling

import (
	"madang/room"
	"madang/signaling/protocol"
)

// lobbyFor is what a client hears whose hello was good.
func (s *session) lobbyFor(re string, resumed bool) *protocol.Lobby {
	media := s.server.media.Config()
	return &protocol.Lobby{
		Re: re, Session: s.secret, You: string(s.id),
		ICE:      s.iceServers(),
		Slots:    protocol.SlotCounts{Pairs: media.Slots.Pairs, Audio: media.Slots.Audio},
		Codecs:   media.Codecs,
		Bitrates: protocol.Bitrates{Q: media.Bitrates.Q, H: media.Bitrates.H, F: media.Bitrates.F, Screen: media.Bitrates.Screen},
		State:    s.lobbyState(),
		Epoch:    s.server.epoch,
		Resumed:  resumed,
	}
}

// lobbyState says whether somebody must admit the client, as far as can be told before
// it enters: whoever comes where nobody moderates may be let in at once.
func (s *session) lobbyState() protocol.LobbyState {
	grant := s.pass.Load().grant
	banned := grant.Identity == "" && s.server.rooms.Banned(s.roomName, "", s.from)
	waits := banned || grant.Waits || s.server.rooms.Policy(s.roomName).HasLobby()
	if !waits || s.tests() || grant.Role >= room.Moderator || phase(s.phase.Load()) == inside {
		return protocol.StateIn
	}
	return protocol.StateWaiting
}

// enter asks the room to take the member, or to welcome it once more; events.go
// hears what it says.
func (s *session) enter(m *protocol.Enter) error {
	switch {
	case s.tests():
		return errTestsOnly
	case phase(s.phase.Load()) != lobby:
		return errEnterTwice
	case s.negotiated == nil:
		return errJoinFirst
	}
	if m.Name != "" {
		name, err := s.pass.Load().nameOf(m.Name)
		if err != nil {
			return err
		}
		s.name = name
	}
	if s.room == nil {
		opened, err := s.server.rooms.Open(s.roomName)
		if err != nil {
			return err
		}
		s.room = opened
		s.handReturn()
	}
	if reign := s.pass.Load().reign; reign != "" && reign != s.room.Reign() { // who waited for the room to be empty
		return errOtherReign
	}
	s.mayRejoin = false
	s.enterID.Store(&m.ID)
	s.phase.Store(int32(entering))
	s.room.Enter(room.Joining{
		ID: s.id, Name: s.name, Conn: s, Grant: s.pass.Load().grant, From: s.from,
		Sources: s.negotiated.Sources, Pairs: s.negotiated.Pairs, Voices: s.negotiated.Voices,
	})
	return nil
}
