package signaling

import (
	"time"

	"madang/room"
	"madang/signaling/protocol"
)

// authorise finds out what whoever says hello may: by a token, which is looked at
// first, by a password, or as anybody. Whether the room exists makes no difference,
// to the answer and to its time: all that is asked of is what rooms of its name need.
func (g *greeting) authorise(m *protocol.Hello) (*pass, error) {
	now := time.Now()
	if m.Token != "" {
		return g.server.passByToken(m.Token, m.Room, now)
	}
	policy := g.server.rooms.Policy(m.Room)
	opens, err := g.tryPassword(m, policy)
	switch {
	case err != nil:
		return nil, err
	case opens == room.OpensAsOwner:
		return &pass{grant: room.Grant{Role: room.Owner}}, nil
	case m.Password != "" && opens == room.OpensNothing: // also where none is asked for
		return nil, errWrongPassword
	case policy.NeedsToken():
		return nil, errTokenFirst
	case policy.Password != "" && m.Password == "":
		return nil, errPasswordFirst
	}
	return new(pass), nil
}

// tryPassword finds out what the password of a hello opens.
func (g *greeting) tryPassword(m *protocol.Hello, policy room.Policy) (opens room.Opens, err error) {
	if m.Password == "" {
		return room.OpensNothing, nil
	}
	guessed := target{policy.Password, policy.OwnerPassword}
	err = g.server.passwords.try(g.server.open, g.from, guessed, func() bool {
		opens = g.server.rooms.TryPassword(m.Room, m.Password)
		return opens != room.OpensNothing
	})
	return opens, err
}
