package room

import "time"

// enter brings a newcomer in, has it wait in the lobby, or refuses it. One that waits
// already keeps its place, and the name by which it may be known there.
func (s *state) enter(j Joining, now time.Time) *Error {
	s.succeed(now) // before somebody comes to whom nobody moderates
	name, err := cleanName(j.Name)
	if err != nil {
		return err
	}
	j.Name = name
	if err := s.refuses(j, now); err != nil {
		return err
	}
	if w := s.lobby.find(j.ID); w != nil {
		j.Name = w.Name
		*w = j
		return nil
	}
	is, waits := s.receives(j, now)
	switch {
	case waits && len(s.lobby.waiting) >= s.policy.MaxMembers, !waits && len(s.arrived) >= s.policy.MaxMembers:
		return errFull()
	case waits:
		s.lobby.join(j)
	default:
		s.arrive(j, is, now)
	}
	return nil
}

// refuses says why somebody may not even wait.
func (s *state) refuses(j Joining, now time.Time) *Error {
	may := s.stands(j.Grant)
	waiting := s.lobby.find(j.ID)
	switch {
	case s.members[j.ID] != nil, waiting != nil && waiting.Conn != j.Conn:
		return refuse(codeConflict, "you are in this room already")
	case !may.may.Has(MayJoin), s.bans.identity(s.name, j.Grant.Identity, now):
		return refuse(codeForbidden, "you may not come in")
	case s.lobby.refuses(j.ID, now):
		return errDenied()
	case s.locked && waiting == nil && !may.moderates():
		return refuse(codeRoomLocked, "the room is locked")
	}
	return nil
}

// receives says what a newcomer is, and whether it waits for that. Who moderates by
// its grant does not wait. Where nobody moderates the first who is free to gets the
// room, but nobody that was banned from it.
func (s *state) receives(j Joining, now time.Time) (is standing, waits bool) {
	is = s.stands(j.Grant)
	if is.moderates() {
		return is, false
	}
	banned := j.Grant.Identity == "" && s.bans.address(s.name, j.From, now)
	if first, ok := s.first(j.Grant, is); ok && !banned && !s.moderated() {
		return first, false
	}
	return is, banned || j.Grant.Waits || s.policy.HasLobby()
}

// arrive brings in somebody for whom nothing is in the way.
func (s *state) arrive(j Joining, is standing, now time.Time) {
	m := &member{
		id: j.ID, conn: j.Conn, from: j.From, since: now, grant: j.Grant, standing: is, media: nothingTold(),
		person: Person{ID: j.ID, Name: j.Name, State: PersonIn, Role: is.role},
	}
	m.describe()
	s.members[m.id] = m
	s.arrived = append(s.arrived, m)
	s.count.members.Add(1)
	s.roster.joined(m)
	s.floor.join(m)
	s.negotiated(m, j.Sources, j.Pairs, j.Voices, now)
	s.welcome(m)
	s.news.joined(m)
}
