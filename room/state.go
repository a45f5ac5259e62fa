package room

import (
	"slices"
	"time"

	"madang/sfu"
)

// maxTiles is how many tiles of a view are read; the rest matters least.
const maxTiles = 4 * sfu.MaxPairs

// state is all that a room knows. It waits for nothing, and is told the time.
// The room's goroutine.
type state struct {
	name   string
	policy Policy
	count  *counters

	members map[MemberID]*member
	arrived []*member // by arrival
	roster  roster
	lines   lines
	floor   floor
	routes  routes

	news     news
	speakers speakers
	quality  qualities
	chat     chat
}

func newState(name string, policy Policy, chat ChatConfig, router Router, count *counters) *state {
	return &state{
		name: name, policy: policy, count: count,
		members: map[MemberID]*member{},
		lines:   newLines(),
		routes:  routes{router: router},
		news:    newNews(),
		chat:    newChat(chat),
	}
}

// enter brings a member in, or refuses it. One that is in is welcomed anew.
func (s *state) enter(j Joining, now time.Time) {
	name, err := cleanName(j.Name)
	if m := s.members[j.ID]; m != nil && m.conn == j.Conn {
		s.welcome(m) // it has come back
		return
	}
	switch {
	case err != nil:
	case s.members[j.ID] != nil:
		err = refuse(codeConflict, "you are in this room already")
	case len(s.arrived) >= s.policy.MaxMembers:
		err = refuse(codeRoomFull, "the room is full")
	}
	if err != nil {
		j.Conn.Send(&Refused{err})
		return
	}
	m := &member{id: j.ID, conn: j.Conn, media: nothingTold(), person: Person{ID: j.ID, Name: name, State: PersonIn}}
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

// welcome tells a member all that it needs to know.
func (s *state) welcome(m *member) {
	m.conn.Send(&Welcome{
		Room: s.name, People: s.roster.list(s.arrived),
		ChatLast: s.chat.seq, Epoch: s.chat.epoch,
	})
	s.lines.greet(m)
	s.speakers.greet(m)
	s.quality.greet(m)
}

// leave takes a member out, if it is in.
func (s *state) leave(id MemberID, now time.Time) {
	m := s.members[id]
	if m == nil {
		return
	}
	delete(s.members, id)
	s.arrived = slices.DeleteFunc(s.arrived, func(other *member) bool { return other == m })
	s.count.members.Add(-1)
	s.roster.changed()
	s.floor.leave(m)
	s.lines.leave(m, now)
	s.routes.relined()
	s.news.left(m)
	s.quality.left(m)
}

// evict ends a member's connection and takes it out.
func (s *state) evict(id MemberID, code string, now time.Time) {
	if m := s.members[id]; m != nil {
		m.conn.Close(code)
		s.leave(id, now)
	}
}

// negotiated takes over a member's lines.
func (s *state) negotiated(m *member, sources []*sfu.Source, pairs []sfu.Pair, voices []*sfu.Slot, now time.Time) {
	s.lines.leave(m, now)
	m.sources = [sourceKinds]*sfu.Source{}
	for _, source := range sources {
		m.sources[source.Kind] = source
	}
	m.pairs = slices.Clone(pairs)
	m.seats = append(m.seats, make([]tile, len(pairs))...)[:len(pairs)]
	m.routed = sfu.View{Key: string(m.id), Voices: slices.Clone(voices), Self: slices.Clone(sources)}
	s.lines.join(m)
	s.routes.relined()
}

// publish takes over how a source is.
func (s *state) publish(m *member, kind sfu.SourceKind, state SourceState) *Error {
	if int(kind) >= sourceKinds || state != SourceLive && state != SourceMuted && state != SourceEnded {
		return refuse(codeBadMessage, "a source is live, muted or ended")
	}
	if m.sources[kind] == nil && state != SourceEnded {
		return refuse(codeNotFound, "no "+kind.String()+" was negotiated")
	}
	if m.states[kind] == state || m.states[kind] == "" && state == SourceEnded {
		return nil
	}
	m.states[kind] = state
	m.describe()
	s.roster.changed()
	s.routes.changed()
	s.news.set(m)
	return nil
}

// view takes over what a member looks at.
func (s *state) view(m *member, tiles []Tile) *Error {
	for _, t := range tiles {
		if t.Source != sfu.Camera && t.Source != sfu.Screen {
			return refuse(codeBadMessage, "a tile shows a camera or a screen")
		}
	}
	m.viewed, m.tiles = true, tiles[:min(len(tiles), maxTiles)]
	m.stale = true
	s.routes.some = true
	return nil
}

// observe takes over what the media plane reports.
func (s *state) observe(r reports, now time.Time) {
	s.lines.tell(r.slots)
	if r.speakers != nil {
		s.floor.hear(s.lines.talkers(r.speakers), now)
		s.speakers.hear(s.lines.levels(r.speakers))
	}
	s.lines.want(r.wants)
	s.quality.hear(r.quality)
}

// settle does once what everything since the last settle asks for, and says
// when it wants to be called again at the latest (zero: not by itself).
func (s *state) settle(now time.Time) time.Time {
	moved, next := s.floor.settle(now)
	if moved {
		s.routes.changed()
	}
	next = earliest(next, s.route(now))
	people, again := s.news.settle(now)
	if people != nil {
		s.tell(people)
	}
	next = earliest(next, again)
	speakers, again := s.speakers.settle(now)
	if speakers != nil {
		s.tell(speakers)
	}
	next = earliest(next, again)
	quality, again := s.quality.settle(s.members, now)
	if quality != nil {
		s.tell(quality)
	}
	next = earliest(next, again)
	next = earliest(next, s.chat.forget(now))
	return earliest(next, s.writeChat(now))
}

// tell sends an event to everyone.
func (s *state) tell(e Event) {
	for _, m := range s.arrived {
		m.conn.Send(e)
	}
}

// earliest is the earlier of two times of which zero means never.
func earliest(a, b time.Time) time.Time {
	if a.IsZero() || !b.IsZero() && b.Before(a) {
		return b
	}
	return a
}
