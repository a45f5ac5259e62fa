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
	if !moderate(s.room, s.id, m) {
		return errNotOffered
	}
	return nil
}

// moderate asks something of a room; an empty id is this server itself. False: m is no
// such message.
func moderate(where *room.Room, by room.MemberID, m protocol.Message) bool {
	switch m := m.(type) {
	case *protocol.Hand:
		where.Hand(by, m.ID, room.MemberID(m.Member), m.Up)
	case *protocol.React:
		where.React(by, m.ID, m.Emoji)
	case *protocol.SetRole:
		where.SetRole(by, m.ID, room.MemberID(m.Member), roleOf(m.Role))
	case *protocol.Mute:
		where.Mute(by, m.ID, room.MemberID(m.Member), kindOf(m.Source), m.Hold)
	case *protocol.Unmute:
		where.Unmute(by, m.ID, room.MemberID(m.Member), kindOf(m.Source))
	case *protocol.Kick:
		where.Kick(by, m.ID, room.MemberID(m.Member), seconds(m.BanS))
	case *protocol.Lock:
		where.Lock(by, m.ID, m.Locked)
	case *protocol.Admit:
		where.Admit(by, m.ID, room.MemberID(m.Member))
	case *protocol.Deny:
		where.Deny(by, m.ID, room.MemberID(m.Member))
	case *protocol.Slow:
		where.Slow(by, m.ID, seconds(m.Seconds))
	case *protocol.Spotlight:
		where.Spotlight(by, m.ID, room.Spot{Member: room.MemberID(m.Member), Source: kindOf(m.Source)})
	case *protocol.Clear:
		where.ClearChat(by, m.ID)
	case *protocol.End:
		where.End(by, m.ID)
	default:
		return false
	}
	return true
}

// roleOf reads a role that the decoder has checked.
func roleOf(role protocol.Role) room.Role {
	is, _ := room.ParseRole(string(role))
	return is
}

func seconds(n int) time.Duration { return time.Duration(n) * time.Second }
