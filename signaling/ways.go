package signaling

import "time"

// testFor is how long a session lasts that only tests the ways here: nobody has to
// be let in for it, so it is not to hold anything.
const testFor = time.Minute

// tests tells whether the session only tests which ways lead here.
func (s *session) tests() bool { return s.roomName == "" }

// placement is what the media plane places the session by: members of a room are
// kept together, tests are spread, so that several of them see several media ports.
func (s *session) placement() string {
	if s.tests() {
		return string(s.id)
	}
	return s.roomName
}

// mayUseOthers tells whether the client hears of the TURN servers of others, which
// relay to anywhere: where rooms ask for a password or a token, only who has given one.
func (s *session) mayUseOthers() bool {
	policy := s.server.rooms.Policy(s.roomName)
	return !s.tests() || policy.Password == "" && !policy.NeedsToken()
}
