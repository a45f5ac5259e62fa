package room

import "madang/sfu"

// Spot is what a moderator has put on everybody's stage. The zero value is nothing.
type Spot struct {
	Member MemberID
	Source sfu.SourceKind // a camera or a screen
}

// spotlit puts something on everybody's stage in place of what was there; the zero
// value puts nothing there. It takes power over nobody: anybody here can be in it.
func (s *state) spotlit(spot Spot) *Error {
	switch {
	case spot.Member == "":
		spot = Spot{}
	case s.members[spot.Member] == nil:
		return refuse(codeNotFound, "no such member is here")
	case spot.Source != sfu.Camera && spot.Source != sfu.Screen:
		return refuse(codeBadMessage, "a spotlight is for a camera or a screen")
	case !s.stays(spot):
		return refuse(codeNotFound, "this member shares no screen")
	}
	if s.spot != spot {
		s.spot = spot
		s.tell(&Spotlight{Spot: spot})
	}
	return nil
}

// dim ends the spotlight of who has left, or of a screen that has ended.
func (s *state) dim() {
	if s.spot != (Spot{}) && !s.stays(s.spot) {
		s.spot = Spot{}
		s.tell(&Spotlight{})
	}
}

// stays tells whether what is in the spotlight is still there. A camera may be off: its
// place is its member's.
func (s *state) stays(spot Spot) bool {
	m := s.members[spot.Member]
	return m != nil && (spot.Source == sfu.Camera || m.shows(spot.Source))
}
