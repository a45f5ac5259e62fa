package signaling

import (
	"time"

	"madang/room"
	"madang/signaling/protocol"
)

// moderate hands on what a member asks of the room beside its own media and its
// chat. The room decides whether it may, and answers.
func (s *session) moderate(m protocol.Message) error {
	if phase(s.phase.Load()) != inside {
		return errEnterFirst // the room would not answer
	}
	switch m := m.(type) {
	case *protocol.Hand:
		s.room.Hand(s.id, m.ID, room.MemberID(m.Member), m.Up)
	case *protocol.React:
		s.room.React(s.id, m.ID, m.Emoji)
	case *protocol.SetRole:
		s.room.SetRole(s.id, m.ID, room.MemberID(m.Member), roleOf(m.Role))
	case *protocol.Mute:
		s.room.Mute(s.id, m.ID, room.MemberID(m.Member), kindOf(m.Source), m.Hold)
	case *protocol.Unmute:
		s.room.Unmute(s.id, m.ID, room.MemberID(m.Member), kindOf(m.Source))
	case *protocol.Kick:
		s.room.Kick(s.id, m.ID, room.MemberID(m.Member), seconds(m.BanS))
	case *protocol.Lock:
		s.room.Lock(s.id, m.ID, m.Locked)
	case *protocol.Admit:
		s.room.Admit(s.id, m.ID, room.MemberID(m.Member))
	case *protocol.Deny:
		s.room.Deny(s.id, m.ID, room.MemberID(m.Member))
	case *protocol.Slow:
		s.room.Slow(s.id, m.ID, seconds(m.Seconds))
	case *protocol.Clear:
		s.room.ClearChat(s.id, m.ID)
	case *protocol.End:
		s.room.End(s.id, m.ID)
	default:
		return errNotOffered
	}
	return nil
}

// roleOf reads a role that the decoder has checked.
func roleOf(role protocol.Role) room.Role {
	is, _ := room.ParseRole(string(role))
	return is
}

func seconds(n int) time.Duration { return time.Duration(n) * time.Second }
