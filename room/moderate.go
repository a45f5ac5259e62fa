package room

import (
	"slices"
	"time"

	"madang/sfu"
)

const (
	// maxBan is the longest ban.
	maxBan = 7 * 24 * time.Hour
	// maxSlow is the longest time that slow mode can ask for.
	maxSlow = time.Hour
)

// below finds the member on whom somebody acts: it must be of a lower role.
func (s *state) below(by *member, of MemberID) (*member, *Error) {
	m := s.members[of]
	switch {
	case m == nil:
		return nil, refuse(codeNotFound, "no such member is here")
	case m.role >= by.role:
		return nil, refuse(codeForbidden, "only those of a lower role can be acted on")
	}
	return m, nil
}

// setRole gives a member another role: one below one's own, but an owner any. What a
// moderator or an owner is needs more than what others are.
func (s *state) setRole(by *member, of MemberID, role Role, now time.Time) *Error {
	if role < Guest || role > Owner {
		return refuse(codeBadMessage, "there is no such role")
	}
	m, err := s.below(by, of)
	switch {
	case err != nil:
		return err
	case role >= by.role && by.role != Owner, m.role >= Moderator && !by.may.Has(MayAdmin):
		return errMayNot()
	}
	s.stand(m, s.as(role), now)
	return nil
}

// mute mutes a source of a member or, without an id, of everybody of a lower role.
func (s *state) mute(by *member, of MemberID, kind sfu.SourceKind, hold bool) *Error {
	if int(kind) >= sourceKinds {
		return errNoKind()
	}
	if of != "" {
		m, err := s.below(by, of)
		if err == nil {
			s.silence(by, m, kind, hold)
		}
		return err
	}
	for _, m := range s.arrived {
		if m.role < by.role {
			s.silence(by, m, kind, hold)
		}
	}
	return nil
}

// silence mutes one source, or ends it if it is of a screen: a screen with its sound.
func (s *state) silence(by, m *member, kind sfu.SourceKind, hold bool) {
	changes := false
	for _, kind := range together(kind) {
		if is := silenced(kind); m.live(kind) || m.shows(kind) && is == SourceEnded {
			m.states[kind], changes = is, true
		}
		if hold && !m.held.Has(kind) {
			m.held.add(kind)
			changes = true
		}
	}
	if !changes {
		return
	}
	m.describe()
	s.seen(m)
	s.routes.changed()
	m.conn.Send(&Muted{Source: kind, By: by.id, Hold: hold})
}

// silenced is how a source is that was muted by another.
func silenced(kind sfu.SourceKind) SourceState {
	if kind == sfu.Mic || kind == sfu.Camera {
		return SourceMuted
	}
	return SourceEnded
}

// together are the sources that a moderator means by one: a screen goes with its sound.
func together(kind sfu.SourceKind) []sfu.SourceKind {
	if kind == sfu.Screen {
		return []sfu.SourceKind{sfu.Screen, sfu.ScreenAudio}
	}
	return []sfu.SourceKind{kind}
}

// unmute lets a source go that was held, and asks its member to make it live.
func (s *state) unmute(by *member, of MemberID, kind sfu.SourceKind) *Error {
	if int(kind) >= sourceKinds {
		return errNoKind()
	}
	m, err := s.below(by, of)
	switch {
	case err != nil:
		return err
	case !m.may.Has(mayPublish(kind)):
		return refuse(codeConflict, "this member may not publish it")
	}
	for _, kind := range together(kind) {
		m.held.remove(kind)
	}
	m.describe()
	s.seen(m)
	m.conn.Send(&UnmuteAsked{Source: kind, By: by.id})
	return nil
}

// kick removes a member, or somebody who waits, and bans it for a time: then the other
// visits of its identity end too.
func (s *state) kick(by *member, of MemberID, ban time.Duration, now time.Time) *Error {
	if ban < 0 || ban > maxBan {
		return refuse(codeBadMessage, "a ban is for a week at most")
	}
	if s.lobby.find(of) == nil {
		if _, err := s.below(by, of); err != nil {
			return err
		}
	}
	is := s.party(of)
	s.evict(of, codeForbidden, now)
	if ban == 0 {
		return nil
	}
	s.bans.add(s.name, is, by.party(), now.Add(ban), now)
	for _, id := range s.visits(is.Identity) {
		if m := s.members[id]; m == nil || m.role < by.role {
			s.evict(id, codeForbidden, now)
		}
	}
	return nil
}

// visits are those of one identity, in the room and in the lobby; none without one.
func (s *state) visits(identity string) (ids []MemberID) {
	if identity == "" {
		return nil
	}
	for _, m := range s.arrived {
		if m.grant.Identity == identity {
			ids = append(ids, m.id)
		}
	}
	for _, w := range s.lobby.waiting {
		if w.Grant.Identity == identity {
			ids = append(ids, w.ID)
		}
	}
	return ids
}

// lock has newcomers refused, or not.
func (s *state) lock(locked bool) *Error {
	if s.locked != locked {
		s.locked = locked
		s.tell(&Locked{Locked: locked})
	}
	return nil
}

// slowDown has members wait between two lines.
func (s *state) slowDown(every time.Duration) *Error {
	if every < 0 || every > maxSlow {
		return refuse(codeBadMessage, "slow mode asks for an hour at most")
	}
	if s.slow != every {
		s.slow = every
		s.tell(&SlowMode{Every: every})
	}
	return nil
}

// close sends everybody away who is here or waits.
func (s *state) close(code string, now time.Time) {
	for _, w := range slices.Clone(s.lobby.waiting) {
		s.evict(w.ID, code, now)
	}
	for len(s.arrived) > 0 { // the last to come first: nobody takes over
		s.evict(s.arrived[len(s.arrived)-1].id, code, now)
	}
}

func errMayNot() *Error { return refuse(codeForbidden, "you may not") }
func errNoKind() *Error { return refuse(codeBadMessage, "there is no such source") }
