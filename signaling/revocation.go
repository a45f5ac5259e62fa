package signaling

import (
	"errors"
	"time"

	"madang/room"
)

// maxRevoked bounds the tokens, and the identities, that are remembered as revoked.
const maxRevoked = 100_000

// Why something cannot be revoked.
var (
	ErrRevocationsFull = errors.New("signaling: too much is revoked to remember more")
	ErrNoToken         = errors.New("signaling: nobody is here with a token by this id")
)

// revocations is which tokens are good no more. It is asked once for each token that
// comes; whoever is in hears of it by its pass.
type revocations struct {
	tokens     *ledger[struct{}]  // by their ids
	identities *ledger[time.Time] // up to when what was issued is revoked
}

func newRevocations() revocations {
	return revocations{tokens: newLedger[struct{}](maxRevoked), identities: newLedger[time.Time](maxRevoked)}
}

// hold tells whether a pass is revoked. Dates in tokens are whole seconds, and one
// without a date is as old as can be.
func (r revocations) hold(p *pass, now time.Time) bool {
	for _, id := range []string{p.id, p.origin} {
		if _, revoked := r.tokens.get(id, now); id != "" && revoked {
			return true
		}
	}
	since, revoked := r.identities.get(p.grant.Identity, now)
	return p.grant.Identity != "" && revoked && !p.issued.After(since)
}

// RevokeToken has the token with an id be good no more, and ends the sessions that
// came with it; ended is how many. For an invitation that is everybody who came with it.
// Any goroutine. It is remembered while such a token could be good, by this process.
func (s *Server) RevokeToken(id string) (ended int, err error) {
	now := time.Now()
	if !s.revoked.tokens.change(id, s.unforgotten(now), now, func(v struct{}) (struct{}, bool) { return v, true }) {
		return 0, ErrRevocationsFull
	}
	return s.endRevoked(now), nil
}

// RevokeIdentity does the same with all tokens of one identity that were issued
// before now; later ones are good.
func (s *Server) RevokeIdentity(identity string) (ended int, err error) {
	now := time.Now()
	if !s.revoked.identities.change(identity, s.unforgotten(now), now, func(time.Time) (time.Time, bool) { return now, true }) {
		return 0, ErrRevocationsFull
	}
	return s.endRevoked(now), nil
}

// RevokeMember revokes what a member came with: its token, and those of its identity.
func (s *Server) RevokeMember(member room.MemberID) (ended int, err error) {
	visitor := s.sessionOf(member)
	if visitor == nil {
		return 0, ErrNoToken
	}
	p := visitor.pass.Load()
	if p.id == "" && p.grant.Identity == "" {
		return 0, ErrNoToken
	}
	if p.origin != "" {
		ended, err = s.RevokeToken(p.origin)
	}
	if p.grant.Identity != "" && err == nil {
		var more int
		more, err = s.RevokeIdentity(p.grant.Identity)
		ended += more
	}
	return ended, err
}

// unforgotten is until when tokens of now could be good.
func (s *Server) unforgotten(now time.Time) time.Time {
	tokens := s.config().Tokens
	return now.Add(tokens.MaxTTL + 2*tokens.Leeway)
}

// sessionOf is whose session goes by this id; nil: nobody's.
func (s *Server) sessionOf(member room.MemberID) *session {
	s.mu.Lock()
	defer s.mu.Unlock()
	for visitor := range s.sessions {
		if visitor.id == member {
			return visitor
		}
	}
	return nil
}

// endRevoked ends the sessions whose pass is revoked.
func (s *Server) endRevoked(now time.Time) (ended int) {
	s.mu.Lock()
	defer s.mu.Unlock()
	for visitor := range s.sessions {
		if s.heedRevocations(visitor, now) {
			ended++
		}
	}
	return ended
}

// heedRevocations ends a session whose pass is revoked, and tells whether that is so.
// It is asked of each that begins too: what let it in may have been revoked since it
// was read.
func (s *Server) heedRevocations(visitor *session, now time.Time) bool {
	p := visitor.pass.Load()
	if !s.revoked.hold(p, now) || p.revoked.Swap(true) {
		return false
	}
	visitor.end(endPass(errRevoked.message))
	return true
}
