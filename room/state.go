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
	roles  roleTable
	bans   *bans // of all rooms
	audit  Audit // nil: nobody hears
	count  *counters
	server *member // this server, as one who moderates

	members  map[MemberID]*member
	arrived  []*member // by arrival
	lobby    lobby
	locked   bool          // newcomers are refused
	slow     time.Duration // between two lines of chat
	spot     Spot          // on everybody's stage
	hands    uint32        // how many were raised
	orphaned bool          // one who moderated has left
	reign    *reign
	roster   roster
	lines    lines
	floor    floor
	routes   routes

	news      news
	speakers  speakers
	quality   qualities
	reactions reactions
	chat      chat
}

func newState(name string, cfg Config, router Router, bans *bans, count *counters) *state {
	return &state{
		name: name, policy: cfg.Rooms.For(name), roles: cfg.Roles.table(), bans: bans, audit: cfg.Audit, count: count,
		server:  newServer(),
		members: map[MemberID]*member{},
		lobby:   newLobby(),
		reign:   newReign(),
		lines:   newLines(),
		routes:  routes{router: router},
		news:    newNews(),
		chat:    newChat(cfg.Chat),
	}
}

// reconfigure has another configuration hold for all who are here.
func (s *state) reconfigure(cfg Config, now time.Time) {
	before := s.roles
	s.policy, s.roles = cfg.Rooms.For(s.name), cfg.Roles.table()
	for _, m := range slices.Clone(s.arrived) {
		if m.may == before[m.role] {
			s.stand(m, s.as(m.role), now)
		}
	}
	for _, w := range slices.Clone(s.lobby.waiting) {
		if !s.stands(w.Grant).may.Has(MayJoin) {
			s.evict(w.ID, codeForbidden, now)
		}
	}
}

// welcome tells a member all that it needs to know.
func (s *state) welcome(m *member) {
	e := &Welcome{
		Room: s.name, Locked: s.locked, People: s.roster.list(s.arrived),
		ChatLast: s.chat.seq, Epoch: s.chat.epoch, Slow: s.slow, Spot: s.spot, Role: m.role, May: m.may,
	}
	if m.moderates() {
		e.Waiting = s.lobby.list()
	}
	m.conn.Send(e)
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
	s.orphaned = s.orphaned || m.moderates()
	if len(s.arrived) == 0 { // nobody is left whose wish it was
		s.locked, s.slow = false, 0
		s.reign.begin()
		s.chat.vacate()
	}
}

// evict ends the connection of one who is in or waits, and takes it out.
func (s *state) evict(id MemberID, code string, now time.Time) {
	if w := s.lobby.remove(id); w != nil {
		w.Conn.Close(code)
	}
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
	if m.held.Has(kind) && state != SourceEnded && state != silenced(kind) {
		return refuse(codeForbidden, "a moderator holds it")
	}
	if m.states[kind] == state || m.states[kind] == "" && state == SourceEnded {
		return nil
	}
	m.states[kind] = state
	m.describe()
	s.seen(m)
	s.routes.changed()
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
	s.succeed(now)
	s.dim()
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
	next = earliest(next, s.tellReactions(now))
	next = earliest(next, s.tellWaiting(now))
	next = earliest(next, s.chat.forget(now))
	return earliest(next, s.writeChat(now))
}

// seen is called when the others are to see a member differently.
func (s *state) seen(m *member) {
	s.roster.changed()
	s.news.set(m)
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
