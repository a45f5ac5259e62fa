package room

import (
	"time"

	"madang/sfu"
)

// message is something posted to a room. The types in this file are all.
type message interface {
	from() MemberID
	// apply does it. The room's goroutine; must not wait for anything.
	apply(s *state, now time.Time)
}

// sender is the member that a message comes from.
type sender struct{ id MemberID }

func (s sender) from() MemberID { return s.id }

type enter struct{ Joining }

func (e *enter) from() MemberID { return e.ID }

func (e *enter) apply(s *state, now time.Time) { s.enter(e.Joining, now) }

type leave struct {
	sender
	done chan struct{} // closed when the room has settled without the member
}

func (l *leave) apply(s *state, now time.Time) { s.leave(l.id, now) }

type negotiated struct {
	sender
	sources []*sfu.Source
	pairs   []sfu.Pair
	voices  []*sfu.Slot
}

func (n *negotiated) apply(s *state, now time.Time) {
	if m := s.members[n.id]; m != nil {
		s.negotiated(m, n.sources, n.pairs, n.voices, now)
	}
}

type rejoin struct{ negotiated }

func (r *rejoin) apply(s *state, now time.Time) {
	if m := s.members[r.id]; m != nil {
		s.rejoin(m)
		s.negotiated(m, r.sources, r.pairs, r.voices, now)
	}
}

type renew struct{ sender }

func (r *renew) apply(s *state, _ time.Time) {
	if m := s.members[r.id]; m != nil {
		s.welcome(m)
	}
}

type presence struct {
	sender
	is PersonState
}

func (p *presence) apply(s *state, _ time.Time) {
	if m := s.members[p.id]; m != nil {
		s.appear(m, p.is)
	}
}

type publish struct {
	sender
	re    string
	kind  sfu.SourceKind
	state SourceState
}

func (p *publish) apply(s *state, _ time.Time) {
	if m := s.members[p.id]; m != nil {
		m.answer(p.re, s.publish(m, p.kind, p.state))
	}
}

type view struct {
	sender
	re    string
	tiles []Tile
}

func (v *view) apply(s *state, _ time.Time) {
	if m := s.members[v.id]; m != nil {
		m.answer(v.re, s.view(m, v.tiles))
	}
}

type chatPost struct {
	sender
	cid  string
	to   MemberID
	text string
}

func (c *chatPost) apply(s *state, now time.Time) {
	if m := s.members[c.id]; m != nil {
		if err := s.chatPost(m, c.cid, c.to, c.text, now); err != nil {
			m.conn.Send(&ChatRefused{CID: c.cid, Err: err})
		}
	}
}

type chatSince struct {
	sender
	epoch string
	seq   uint64
}

func (c *chatSince) apply(s *state, now time.Time) {
	if m := s.members[c.id]; m != nil {
		s.chatSince(m, c.epoch, c.seq, now)
	}
}

type chatDelete struct {
	sender
	re   string
	line string
}

func (c *chatDelete) apply(s *state, now time.Time) {
	if m := s.members[c.id]; m != nil {
		m.answer(c.re, s.chatDelete(m, c.re, c.line, now))
	}
}

type chatTyping struct {
	sender
	to MemberID
}

func (c *chatTyping) apply(s *state, now time.Time) {
	if m := s.members[c.id]; m != nil {
		s.chatTyping(m, c.to, now)
	}
}

// policyChanged is from nobody.
type policyChanged struct {
	sender
	policy Policy
}

func (p *policyChanged) apply(s *state, _ time.Time) { s.policy = p.policy }
