package signaling

import (
	"cmp"
	"strings"
	"sync/atomic"
	"time"

	"madang/room"
	"madang/signaling/protocol"
	"madang/signaling/token"
)

// warnBefore is how long before its end a client is told that its token expires.
const warnBefore = time.Minute

// pass is what let a session in: a token, a password, or that anybody may. Nothing of it
// changes but that it may be revoked.
type pass struct {
	grant   room.Grant
	name    string // by which the others know the member; empty: as it says itself
	id      string // of the token, if it has one
	origin  string // the same, or the id of the invitation in whose place the token is
	token   bool
	reign   string // of the room, to which the token is bound; empty: to none
	issued  time.Time
	expires time.Time // of the session; zero: never
	// uses is how many may come with the token, as long as invites; 0: any number.
	uses    int
	invites time.Time
	revoked atomic.Bool
}

// passByToken reads the token of somebody who wants to be in a room.
func (s *Server) passByToken(text, roomName string, now time.Time) (*pass, error) {
	granted, err := s.tokens.Load().Verify(text, now)
	switch {
	case err != nil:
		return nil, &refusal{code: protocol.Unauthorized, message: err.Error()}
	case !granted.Covers(roomName):
		return nil, errOtherRoom
	case granted.Reign != "" && !s.rooms.Reigns(roomName, granted.Reign):
		return nil, errOtherReign
	}
	origin, _, _ := strings.Cut(granted.ID, returnMark)
	p := &pass{
		name: granted.Name, id: granted.ID, origin: origin, token: true, reign: granted.Reign,
		issued: granted.Issued, expires: granted.Expires, uses: granted.Uses, invites: granted.Expires,
	}
	if p.uses > 0 {
		p.expires = time.Time{} // who was invited stays
	}
	if p.grant, err = grantOf(granted, s.rooms.Policy(roomName)); err != nil {
		return nil, err
	}
	if s.revoked.hold(p, now) {
		return nil, errRevoked
	}
	return p, nil
}

// grantOf is what a token gives in a room, in the room's words.
func grantOf(granted token.Grant, policy room.Policy) (room.Grant, error) {
	out := room.Grant{Identity: granted.Identity}
	if policy.Owns(granted.Identity) {
		out.Role = room.Owner
		return out, nil
	}
	known := true
	if granted.Role != "" {
		out.Role, known = room.ParseRole(granted.Role)
	}
	may, err := room.ParsePermissions(granted.May)
	nothing := granted.May != nil && may == 0 // which is not what none means, the role's
	if out.May = may; err != nil || !known || nothing {
		return room.Grant{}, errStrangeToken
	}
	return out, nil
}

// nameOf is by which the others know a member that calls itself so.
func (p *pass) nameOf(called string) (string, error) { return room.CleanName(cmp.Or(p.name, called)) }

// expired tells whether the pass was good up to now at most.
func (p *pass) expired(now time.Time) bool { return !p.expires.IsZero() && !now.Before(p.expires) }

// expiresIn is what a client is told of it, at least 1 ms.
func (p *pass) expiresIn(now time.Time) int64 { return max(1, p.expires.Sub(now).Milliseconds()) }

// mayGoOn ends the session whose pass is no good any more. It is asked before each
// message, and so costs next to nothing.
func (s *session) mayGoOn(now time.Time) bool {
	switch p := s.pass.Load(); {
	case p.revoked.Load():
		s.end(endPass(errRevoked.message))
	case p.expired(now):
		s.end(endPass(token.ErrExpired.Error()))
	default:
		return true
	}
	return false
}

// warn tells the client once that its token will expire, and returns when the pass is
// to be looked at again; zero: never.
func (s *session) warn(now time.Time) (again time.Time) {
	p := s.pass.Load()
	if p.expires.IsZero() {
		return time.Time{}
	}
	if soon := p.expires.Add(-warnBefore); now.Before(soon) {
		return soon
	}
	if s.warned != p && s.socket != nil {
		s.warned = p
		s.send(&protocol.Expiry{ExpiresInMS: p.expiresIn(now)})
	}
	return p.expires
}

// refresh takes another token in the place of the one that the session came with.
func (s *session) refresh(m *protocol.Token) error {
	now := time.Now()
	before := s.pass.Load()
	next, err := s.server.passByToken(m.Token, s.roomName, now)
	switch {
	case err == errOtherRoom:
		return errOtherToken
	case err != nil:
		return err
	case !before.token || next.uses > 0 || next.grant.Identity != before.grant.Identity:
		return errOtherToken
	}
	s.pass.Store(next)
	if s.server.heedRevocations(s, now) {
		return nil
	}
	if s.room != nil && next.grant != before.grant {
		s.room.Regrant(s.id, next.grant)
	}
	s.send(&protocol.Expiry{Re: m.ID, ExpiresInMS: next.expiresIn(now)})
	s.look()
	return nil
}
