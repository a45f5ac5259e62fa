package signaling

import (
	"fmt"
	"time"

	"madang/room"
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
		i.used.remove(p.id, func(used int) bool { return used == 0 }) // or who only looks in would fill the ledger
	}
}

// invite makes a token with which others may come into this room, as what the member
// is or less, and to do no more than it may itself.
func (s *session) invite(m *protocol.Invite) error {
	now := time.Now()
	invitation := token.Grant{
		Room: token.Exactly(s.roomName), Role: string(m.Role), ID: randomID(), Uses: m.Uses, Issued: now,
		Expires: now.Add(min(seconds(m.TTLS), s.server.config().Tokens.MaxTTL)),
	}
	own, given := s.stands.Load().May, s.server.rooms.Permits(roleOf(m.Role))
	if !own.Has(given) { // who invites came with less than its role may
		given &= own
		invitation.May = given.Names()
	}
	invitation.Reign = s.boundTo(roleOf(m.Role))
	if roleOf(m.Role) > s.role() || given == 0 {
		s.noteInvitation(invitation, string(protocol.Forbidden))
		return errMayNot
	}
	if own := s.pass.Load().expires; roleOf(m.Role) >= room.Moderator && !own.IsZero() && own.Before(invitation.Expires) {
		invitation.Expires = own // power is not handed on for longer than it lasts
	}
	text, err := s.server.tokens.Load().Sign(invitation)
	if err != nil {
		return err
	}
	s.noteInvitation(invitation, "ok")
	s.send(&protocol.Invitation{Re: m.ID, Token: text, ExpiresInMS: invitation.Expires.Sub(now).Milliseconds()})
	return nil
}

// boundTo is the reign to which an invitation to a role is bound, if it is. Power that
// somebody was given in the room, as by coming first, ends with it: else whoever once
// came first could keep it for a month.
func (s *session) boundTo(role room.Role) string {
	p := s.pass.Load()
	if role < room.Moderator || p.grant.Role >= role && p.reign == "" {
		return ""
	}
	return s.room.Reign()
}

// Who came with an invitation may come back with a token of its own for returnFor. The
// id of that token begins with the invitation's, so that both are revoked by one.
const (
	returnFor  = 24 * time.Hour
	returnMark = "~"
)

// handReturn gives who came with an invitation a token in its place: the invitation may
// be used up, or have expired, when the member has lost its session and comes back.
func (s *session) handReturn() {
	p := s.pass.Load()
	if p.uses == 0 {
		return
	}
	now, id := time.Now(), p.id+returnMark+randomID()
	in := min(returnFor, s.server.config().Tokens.MaxTTL)
	text, err := s.server.tokens.Load().Sign(token.Grant{
		Room: token.Exactly(s.roomName), Identity: p.grant.Identity, Name: p.name,
		Role: p.grant.Role.String(), May: p.grant.May.Names(),
		ID: id, Issued: now, Expires: now.Add(in), Reign: p.reign,
	})
	if err != nil {
		s.log.Error("no token for coming back", "err", err)
		return
	}
	s.returns.Store(&id)
	s.send(&protocol.Expiry{Token: text, ExpiresInMS: in.Milliseconds()})
}

// replaceReturned ends the session in whose place a visitor comes back: the token for that
// is of one person, or one use of an invitation would be many. With the server's lock held.
func (s *Server) replaceReturned(visitor *session) {
	p := visitor.pass.Load()
	if p.id == p.origin {
		return
	}
	for other := range s.sessions {
		handed := other.returns.Load()
		if other.pass.Load().id == p.id || handed != nil && *handed == p.id {
			other.end(endReplaced)
		}
	}
}

// noteInvitation tells the audit; by its id an invitation can be revoked.
func (s *session) noteInvitation(invitation token.Grant, outcome string) {
	detail := fmt.Sprintf("%s, %d uses, until %s", invitation.Role, invitation.Uses, invitation.Expires.UTC().Format(time.RFC3339))
	if outcome == "ok" {
		detail += ", id " + invitation.ID
	}
	s.server.rooms.Note(room.Act{
		At: invitation.Issued, Room: s.roomName, What: "invite", Detail: detail, Outcome: outcome,
		By: room.Party{Member: s.id, Identity: s.pass.Load().grant.Identity, From: s.from},
	})
}
