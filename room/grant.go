package room

import (
	"time"

	"madang/sfu"
)

// Grant is what somebody who comes is and may do by its token or its password. The zero
// value is that of who has neither.
type Grant struct {
	// Identity as the token says; empty without one.
	Identity string
	// Role; 0: the room's policy says.
	Role Role
	// May is what it may do; 0: what its role may.
	May Permissions
	// Waits: it must be admitted, whatever the room's policy says.
	Waits bool
}

// free tells whether the policy says what the holder is, and may give it the first
// role.
func (g Grant) free() bool { return g.Role == 0 && g.May == 0 && !g.Waits }

// standing is what somebody is and may do in a room.
type standing struct {
	role Role
	may  Permissions
}

func (s standing) moderates() bool { return s.may.Has(MayModerate) }

// stands is what a grant comes to in this room.
func (s *state) stands(g Grant) standing {
	role := g.Role
	if role == 0 {
		role = s.policy.role()
	}
	if g.May != 0 {
		return standing{role, g.May}
	}
	return s.as(role)
}

// as is what one with this role is and may do.
func (s *state) as(role Role) standing { return standing{role, s.roles[role]} }

// moderated tells whether anybody is here who moderates.
func (s *state) moderated() bool {
	for _, m := range s.arrived {
		if m.moderates() {
			return true
		}
	}
	return false
}

// first is what a newcomer with a grant is where nobody moderates; false: nothing else
// than elsewhere.
func (s *state) first(g Grant, otherwise standing) (standing, bool) {
	role := s.policy.firstRole()
	if !g.free() || role <= otherwise.role {
		return standing{}, false
	}
	return s.as(role), true
}

// succeed has the one who is here longest take over when the last has left who
// moderated.
func (s *state) succeed(now time.Time) {
	orphaned := s.orphaned
	s.orphaned = false
	if !orphaned || s.moderated() {
		return
	}
	for _, m := range s.arrived {
		if is, ok := s.first(m.grant, m.standing); ok {
			s.stand(m, is, now)
			s.note(m, deed{what: "succeed", detail: is.role.String()}, m.party(), nil, now)
			return
		}
	}
}

// stand has a member be and do other things than before: what it publishes and may not
// any more has ended.
func (s *state) stand(m *member, is standing, now time.Time) {
	if m.standing == is {
		return
	}
	was := m.standing
	m.standing, m.person.Role = is, is.role
	if is.moderates() && !was.moderates() {
		m.held = 0 // there may be nobody left who could let go
	}
	if !is.may.Has(MayJoin) {
		s.evict(m.id, codeForbidden, now)
		return
	}
	for kind := range m.states {
		if kind := sfu.SourceKind(kind); m.shows(kind) && !is.may.Has(mayPublish(kind)) {
			m.states[kind] = SourceEnded
		}
	}
	m.describe()
	s.seen(m)
	s.routes.relined() // it may be sent more, or nothing
	m.conn.Send(&May{Role: is.role, May: is.may})
	if is.moderates() && !was.moderates() {
		s.lobby.greet(m)
	}
}

// regrant takes over what a member's token says now.
func (s *state) regrant(m *member, g Grant, now time.Time) {
	if m.grant == g {
		return // and what was given to it here stays
	}
	m.grant = g
	s.stand(m, s.stands(g), now)
}
