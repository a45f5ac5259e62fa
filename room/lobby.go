package room

import (
	"slices"
	"time"

	"madang/sfu"
)

const (
	// waitingEvery is the shortest time between two Waiting events.
	waitingEvery = 100 * time.Millisecond
	// deniedFor is how long who was sent away may not ask again.
	deniedFor = 30 * time.Second
)

// lobby is who waits to be admitted, by arrival. They hear nothing of the room until
// they are. It holds no more than may be in the room.
type lobby struct {
	waiting []*Joining
	changed []MemberID // since the last event, none twice
	denied  map[MemberID]time.Time
	pace    throttle
}

func newLobby() lobby { return lobby{denied: map[MemberID]time.Time{}} }

// find returns who waits under an id, or nil.
func (l *lobby) find(id MemberID) *Joining {
	for _, w := range l.waiting {
		if w.ID == id {
			return w
		}
	}
	return nil
}

// join has somebody wait.
func (l *lobby) join(j Joining) {
	l.waiting = append(l.waiting, &j)
	l.change(j.ID)
}

// remove takes somebody out; nil if it does not wait.
func (l *lobby) remove(id MemberID) *Joining {
	w := l.find(id)
	if w != nil {
		l.waiting = slices.DeleteFunc(l.waiting, func(other *Joining) bool { return other == w })
		l.change(id)
	}
	return w
}

func (l *lobby) change(id MemberID) {
	if !slices.Contains(l.changed, id) {
		l.changed = append(l.changed, id)
	}
}

// deny has somebody not ask again for a while.
func (l *lobby) deny(id MemberID, now time.Time) { l.denied[id] = now.Add(deniedFor) }

// refuses tells whether somebody was sent away just now.
func (l *lobby) refuses(id MemberID, now time.Time) bool { return now.Before(l.denied[id]) }

// forget takes out who will not come any more under this id.
func (l *lobby) forget(id MemberID) {
	l.remove(id)
	delete(l.denied, id)
}

// list is who waits, as moderators see them; nil for nobody.
func (l *lobby) list() []Waiter {
	var all []Waiter
	for _, w := range l.waiting {
		all = append(all, Waiter{w.ID, w.Name})
	}
	return all
}

// greet tells one who moderates from now on who waits.
func (l *lobby) greet(m *member) {
	if len(l.waiting) > 0 {
		m.conn.Send(&Waiting{Add: l.list()})
	}
}

// settle returns what those who moderate are to be told, nil for nothing, or when it is
// time for that.
func (l *lobby) settle(now time.Time) (*Waiting, time.Time) {
	if len(l.changed) == 0 {
		return nil, time.Time{}
	}
	if ok, again := l.pace.ready(now, waitingEvery); !ok {
		return nil, again
	}
	e := &Waiting{}
	for _, id := range l.changed {
		if w := l.find(id); w != nil {
			e.Add = append(e.Add, Waiter{w.ID, w.Name})
		} else {
			e.Del = append(e.Del, id)
		}
	}
	l.changed = nil
	return e, time.Time{}
}

// tellWaiting tells those who moderate what changed in the lobby, when it is time.
func (s *state) tellWaiting(now time.Time) time.Time {
	e, again := s.lobby.settle(now)
	if e == nil {
		return again
	}
	for _, m := range s.arrived {
		if m.moderates() {
			m.conn.Send(e)
		}
	}
	return time.Time{}
}

// relined takes over the lines of one who waits.
func (w *Joining) relined(sources []*sfu.Source, pairs []sfu.Pair, voices []*sfu.Slot) {
	w.Sources, w.Pairs, w.Voices = sources, pairs, voices
}

// admit lets somebody in who waits, or, without an id, all of them, as far as there
// is room.
func (s *state) admit(id MemberID, now time.Time) *Error {
	chosen := slices.Clone(s.lobby.waiting)
	if id != "" {
		w := s.lobby.find(id)
		if w == nil {
			return errNotWaiting()
		}
		chosen = []*Joining{w}
	}
	for _, w := range chosen {
		if len(s.arrived) >= s.policy.MaxMembers {
			return errFull()
		}
		s.lobby.remove(w.ID)
		s.arrive(*w, s.stands(w.Grant), now)
	}
	return nil
}

// deny sends somebody away who waits.
func (s *state) deny(id MemberID, now time.Time) *Error {
	w := s.lobby.remove(id)
	if w == nil {
		return errNotWaiting()
	}
	s.lobby.deny(id, now)
	w.Conn.Send(&Refused{errDenied()})
	return nil
}

func errNotWaiting() *Error { return refuse(codeNotFound, "nobody waits under this id") }
func errDenied() *Error     { return refuse(codeForbidden, "you were not let in") }
func errFull() *Error       { return refuse(codeRoomFull, "the room is full") }
