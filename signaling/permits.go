package signaling

import (
	"madang/room"
	"madang/signaling/protocol"
)

// needs is what a message asks of its sender before the session looks at it. A
// message that is not known here is nobody's to send.
func needs(m protocol.Message) (may room.Permissions, known bool) {
	switch m.(type) {
	case *protocol.Hello, *protocol.Ready, *protocol.ICE, *protocol.Bye, *protocol.Ping, *protocol.Pong, *protocol.Token:
		return 0, true // it is about one's own connection
	case *protocol.Join, *protocol.Enter, *protocol.Offer:
		return room.MayJoin, true
	case *protocol.Invite:
		return room.MayModerate, true
	case *protocol.Record:
		return room.MayRecord, true
	case *protocol.Publish, *protocol.View,
		*protocol.ChatMsg, *protocol.Since, *protocol.Del, *protocol.Typing,
		*protocol.Hand, *protocol.React, *protocol.SetRole, *protocol.Mute, *protocol.Unmute, *protocol.Kick,
		*protocol.Lock, *protocol.Admit, *protocol.Deny, *protocol.Slow, *protocol.Spotlight, *protocol.Clear, *protocol.End:
		return 0, true // the room asks for it: each of its messages says what it needs
	}
	return 0, false
}

// role is what the member is, as the room said last.
func (s *session) role() room.Role { return s.stands.Load().Role }

// permit refuses what the member may not send.
func (s *session) permit(m protocol.Message) error {
	if may, known := needs(m); !known || !s.stands.Load().May.Has(may) {
		return errMayNot
	}
	return nil
}
