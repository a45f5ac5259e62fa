package room

// A member whose connection was lost stays a member. It may be seen to be gone
// for a while, and it may come back with another transport.

// appear takes over how a member is seen.
func (s *state) appear(m *member, is PersonState) {
	if m.person.State == is {
		return
	}
	m.person.State = is
	s.seen(m)
}

// rejoin forgets what a member published and looked at with the transport that it
// had. The caller takes over the lines of the new one.
func (s *state) rejoin(m *member) {
	m.viewed, m.tiles, m.media = false, nil, nothingTold()
	if m.states == [sourceKinds]SourceState{} {
		return
	}
	m.states = [sourceKinds]SourceState{}
	m.describe()
	s.seen(m)
}
