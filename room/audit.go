package room

import (
	"net/netip"
	"time"
)

// Audit hears of every act by which somebody has power over others, be it refused, and
// of who takes over a room. It is called on the rooms' goroutines, several at a time,
// and must not block.
type Audit interface{ Note(Act) }

// Act is what somebody did to others, or tried to.
type Act struct {
	At   time.Time
	Room string
	// What is the act as the wire names it: kick, mute, lock and so on; succeed is
	// taking over the room of a moderator who left.
	What   string
	By     Party
	Of     Party  // empty for an act that concerns all
	Detail string // how: a source, a role, a time; no text of anybody
	// Outcome is ok, or the code of the refusal.
	Outcome string
}

// Party is a side of an act.
type Party struct {
	Member   MemberID // empty: the server itself
	Identity string   // as its token says, empty without one
	From     netip.Prefix
}

// Note has the audit hear of an act that is about a room and yet not done in it, as
// making an invitation. Any goroutine.
func (r *Rooms) Note(act Act) {
	if audit := r.cfg.Load().Audit; audit != nil {
		audit.Note(act)
	}
}

// deed is what an act is, in the words of its message.
type deed struct {
	what   string
	of     MemberID
	detail string
}

// noted is a message that the audit hears of.
type noted interface {
	message
	// deed says what it is; false for what is nobody else's affair.
	deed() (deed, bool)
}

// refusedEvery is how often the audit hears that one member was refused.
const refusedEvery = time.Second

// note tells the audit of an act that was done, or not.
func (s *state) note(m *member, d deed, of Party, err *Error, now time.Time) {
	if s.audit == nil {
		return
	}
	outcome := "ok"
	if err != nil {
		outcome = err.Code()
		if ok, _ := m.noted.ready(now, refusedEvery); !ok {
			return
		}
	}
	s.audit.Note(Act{
		At: now, Room: s.name, What: d.what, By: m.party(), Of: of, Detail: d.detail, Outcome: outcome,
	})
}

// party is who is meant by an id, in or waiting. Before the act: after it, it may be
// gone.
func (s *state) party(id MemberID) Party {
	if m := s.members[id]; m != nil {
		return m.party()
	}
	if w := s.lobby.find(id); w != nil {
		return Party{w.ID, w.Grant.Identity, w.From}
	}
	return Party{Member: id}
}
