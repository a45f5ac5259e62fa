package room

import (
	"time"

	"madang/sfu"
)

// message is something posted to a room. The types in this file and in act.go are all.
type message interface {
	from() MemberID
	// needs is what its sender must be allowed to do; 0: anybody may. All of them
	// stand in needs.go.
	needs() Permissions
	// apply does it for its sender, who is in. The room's goroutine; must not wait for
	// anything.
	apply(s *state, m *member, now time.Time) *Error
	// answer tells the sender what came of it.
	answer(m *member, err *Error)
}

// outsider is a message that somebody may send who is not in: then m is nil.
type outsider interface {
	message
	outside()
}

// take does what a message asks, if its sender may. What comes from who is not in is
// dropped, unless it is about coming and going.
func (s *state) take(msg message, now time.Time) {
	m := s.sender(msg)
	if _, ok := msg.(outsider); m == nil && !ok {
		return
	}
	var of Party
	act, isAct := deed{}, false
	if msg, ok := msg.(noted); ok {
		if act, isAct = msg.deed(); isAct && act.of != "" {
			of = s.party(act.of)
		}
	}
	var err *Error
	if m != nil && !m.may.Has(msg.needs()) {
		err = errMayNot()
	} else {
		err = msg.apply(s, m, now)
	}
	if isAct {
		s.note(m, act, of, err, now)
	}
	msg.answer(m, err)
}

// sender is who sent a message: nil if it is not in. The server itself sends nothing
// but what moderators do.
func (s *state) sender(msg message) *member {
	if id := msg.from(); id != "" {
		return s.members[id]
	}
	if msg.needs()&(MayModerate|MayAdmin) != 0 {
		return s.server
	}
	return nil
}

// sender is the member that a message comes from. It is told nothing more.
type sender struct{ id MemberID }

func (s sender) from() MemberID { return s.id }

func (sender) answer(*member, *Error) {}

// question is a message that is answered if it is refused.
type question struct {
	id MemberID
	re string // the id of the request
}

func (q question) from() MemberID { return q.id }

func (q question) answer(m *member, err *Error) {
	if err != nil {
		m.conn.Send(&Failed{Re: q.re, Err: err})
	}
}

type enter struct{ Joining }

func (*enter) outside() {}

func (e *enter) from() MemberID { return e.ID }

func (e *enter) apply(s *state, m *member, now time.Time) *Error {
	if m != nil && m.conn == e.Conn {
		s.welcome(m) // it has come back
		return nil
	}
	return s.enter(e.Joining, now)
}

func (e *enter) answer(_ *member, err *Error) {
	if err != nil {
		e.Conn.Send(&Refused{err})
	}
}

type leave struct {
	sender
	done chan struct{} // closed when the room has settled without the member
}

func (*leave) outside() {}

func (l *leave) apply(s *state, _ *member, now time.Time) *Error {
	s.lobby.forget(l.id)
	s.leave(l.id, now)
	return nil
}

type negotiated struct {
	sender
	sources []*sfu.Source
	pairs   []sfu.Pair
	voices  []*sfu.Slot
}

func (*negotiated) outside() {}

func (n *negotiated) apply(s *state, m *member, now time.Time) *Error {
	if m != nil {
		s.negotiated(m, n.sources, n.pairs, n.voices, now)
	} else if w := s.lobby.find(n.id); w != nil {
		w.relined(n.sources, n.pairs, n.voices)
	}
	return nil
}

type rejoin struct{ negotiated }

func (r *rejoin) apply(s *state, m *member, now time.Time) *Error {
	if m != nil {
		s.rejoin(m)
	}
	return r.negotiated.apply(s, m, now)
}

type renew struct{ sender }

func (*renew) apply(s *state, m *member, _ time.Time) *Error {
	s.welcome(m)
	return nil
}

type presence struct {
	sender
	is PersonState
}

func (p *presence) apply(s *state, m *member, _ time.Time) *Error {
	s.appear(m, p.is)
	return nil
}

type publish struct {
	question
	kind  sfu.SourceKind
	state SourceState
}

func (p *publish) apply(s *state, m *member, _ time.Time) *Error {
	return s.publish(m, p.kind, p.state)
}

type view struct {
	question
	tiles []Tile
}

func (v *view) apply(s *state, m *member, _ time.Time) *Error { return s.view(m, v.tiles) }

type chatPost struct {
	sender
	ChatPost
}

func (c *chatPost) apply(s *state, m *member, now time.Time) *Error {
	return s.chatPost(m, c.ChatPost, now)
}

func (c *chatPost) answer(m *member, err *Error) {
	if err != nil {
		m.conn.Send(&ChatRefused{CID: c.CID, Err: err})
	}
}

type chatSince struct {
	sender
	epoch string
	seq   uint64
}

func (c *chatSince) apply(s *state, m *member, now time.Time) *Error {
	s.chatSince(m, c.epoch, c.seq, now)
	return nil
}

func (*chatSince) answer(m *member, err *Error) {
	if err != nil {
		m.conn.Send(&ChatRefused{Err: err})
	}
}

type chatDelete struct {
	question
	line string
}

func (c *chatDelete) apply(s *state, m *member, now time.Time) *Error {
	return s.chatDelete(m, c.re, c.line, now)
}

type chatTyping struct {
	sender
	to MemberID
}

func (c *chatTyping) apply(s *state, m *member, now time.Time) *Error {
	s.chatTyping(m, c.to, now)
	return nil
}
