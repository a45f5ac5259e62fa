package signaling

import (
	"time"

	"madang/signaling/protocol"
	"madang/signaling/token"
)

// maxInvitations bounds the invitations whose uses are counted.
const maxInvitations = 100_000

// invitations counts how many came with each. It forgets with the process: then an
// invitation that a configured key has signed may be used as often again.
type invitations struct{ used *ledger[int] }

func newInvitations() invitations { return invitations{newLedger[int](maxInvitations)} }

// take counts one use; an error says that there is none left.
func (i invitations) take(p *pass, now time.Time) error {
	if p.uses == 0 {
		return nil
	}
	spent := false
	if !i.used.change(p.id, p.invites, now, func(used int) (int, bool) { spent = used >= p.uses; return used + 1, !spent }) {
		if spent {
			return errSpent
		}
		return errBusy
	}
	return nil
}

// giveBack takes back the use of somebody who never went in.
func (i invitations) giveBack(p *pass, now time.Time) {
	if p.uses > 0 {
		i.used.change(p.id, p.invites, now, func(used int) (int, bool) { return used - 1, used > 0 })
	}
}

// invite makes a token with which others may come into this room, as what the member
// is or less.
func (s *session) invite(m *protocol.Invite) error {
	role := roleOf(m.Role)
	if role > s.role() {
		return errMayNot
	}
	now := time.Now()
	expires := now.Add(min(time.Duration(m.TTLS)*time.Second, s.server.config().Tokens.MaxTTL))
	text, err := s.server.tokens.Load().Sign(token.Grant{
		Room: token.Exactly(s.roomName), Role: role.String(), ID: randomID(),
		Issued: now, Expires: expires, Uses: m.Uses,
	})
	if err != nil {
		return err
	}
	s.log.Info("invitation made", "role", role.String(), "uses", m.Uses, "until", expires.UTC())
	s.send(&protocol.Invitation{Re: m.ID, Token: text, ExpiresInMS: expires.Sub(now).Milliseconds()})
	return nil
}
