package room

// hand raises or lowers a hand. Hands are numbered in the order in which they went up;
// one that is up keeps its number.
func (s *state) hand(by *member, of MemberID, up bool) *Error {
	m := by
	if of != "" && of != by.id {
		if up {
			return refuse(codeBadMessage, "a hand is raised by whose it is")
		}
		var err *Error
		if m, err = s.below(by, of); err != nil {
			return err
		}
	}
	switch raised := m.person.Hand != 0; {
	case raised == up:
		return nil
	case up:
		s.hands++
		m.person.Hand = s.hands
	default:
		m.person.Hand = 0
	}
	s.seen(m)
	return nil
}
