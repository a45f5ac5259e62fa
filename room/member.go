package room

import (
	"iter"
	"net/netip"
	"time"

	"madang/sfu"
)

// sourceKinds is how many kinds of source there are.
const sourceKinds = int(sfu.ScreenAudio) + 1

// member is one who is in the room. Owned by the room's goroutine.
type member struct {
	id       MemberID
	conn     Conn
	from     netip.Prefix
	since    time.Time
	grant    Grant // as its token says
	standing       // as it is
	// person is what the others know; replaced, never changed.
	person Person

	sources [sourceKinds]*sfu.Source // nil where nothing was negotiated
	states  [sourceKinds]SourceState // empty while never published
	held    Kinds                    // by a moderator
	pairs   []sfu.Pair               // as negotiated; the Feeds are not used

	// viewed is whether a View was ever sent; tiles is the newest.
	viewed bool
	tiles  []Tile
	seats  []tile // what each pair shows
	stale  bool   // its lines or its view changed since the last routing
	routed sfu.View

	media   told
	voice   voice
	sent    resends
	typed   throttle
	wrote   throttle // lines, in slow mode
	reacted throttle
	noted   throttle // by the audit, as refused
}

// newServer is this server as those see it on whom it acts.
func newServer() *member {
	return &member{conn: deaf{}, standing: standing{server, mayAll}}
}

// deaf is the Conn of nobody.
type deaf struct{}

func (deaf) Send(Event)   {}
func (deaf) Close(string) {}

// party is the member as the audit names it.
func (m *member) party() Party { return Party{m.id, m.grant.Identity, m.from} }

// reads tells whether the member hears of what is written.
func (m *member) reads() bool { return m.may&(MayChat|MayPrivate) != 0 }

// told is what the media plane said last of a member's own lines.
type told struct {
	slots map[*sfu.Slot]sfu.SlotState
	wants [sourceKinds]*Want // nil before the first
}

func nothingTold() told { return told{slots: map[*sfu.Slot]sfu.SlotState{}} }

// answer tells the member that a request was refused; success needs no words.
func (m *member) answer(re string, err *Error) {
	if err != nil {
		m.conn.Send(&Failed{Re: re, Err: err})
	}
}

// slots are all slots of the member: of its tiles, then the voices beside them.
func (m *member) slots() iter.Seq[*sfu.Slot] {
	return func(yield func(*sfu.Slot) bool) {
		for _, p := range m.pairs {
			if !yield(p.Video) || !yield(p.Audio) {
				return
			}
		}
		for _, slot := range m.routed.Voices {
			if !yield(slot) {
				return
			}
		}
	}
}

// shows tells whether the member publishes something of this kind, be it muted.
func (m *member) shows(kind sfu.SourceKind) bool {
	return m.states[kind] == SourceLive || m.states[kind] == SourceMuted
}

// live tells whether something of this kind is to be forwarded.
func (m *member) live(kind sfu.SourceKind) bool {
	return m.states[kind] == SourceLive && m.sources[kind] != nil
}

// feed is what a slot gets from one of the member's sources.
func (m *member) feed(kind sfu.SourceKind) sfu.Feed {
	source := m.sources[kind]
	switch {
	case source == nil || m.states[kind] == "":
		return sfu.Feed{Why: sfu.WhyEmpty}
	case m.states[kind] == SourceLive:
		return sfu.Feed{Source: source}
	case m.states[kind] == SourceMuted:
		return sfu.Feed{Source: source, Why: sfu.WhyMuted}
	}
	return sfu.Feed{Source: source, Why: sfu.WhyGone}
}

// describe renews what the others know of the member's sources; see [state.seen].
func (m *member) describe() {
	sources := map[sfu.SourceKind]SourceState{}
	for kind, state := range m.states {
		if state == SourceLive || state == SourceMuted {
			sources[sfu.SourceKind(kind)] = state
		}
	}
	m.person.Sources = sources
	m.person.Held = m.held
}
