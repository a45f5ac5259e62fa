package room

import (
	"madang/sfu"
)

// sourceKinds is how many kinds of source there are.
const sourceKinds = int(sfu.ScreenAudio) + 1

// member is one who is in the room. Owned by the room's goroutine.
type member struct {
	id   MemberID
	conn Conn
	// person is what the others know; replaced, never changed.
	person Person

	sources [sourceKinds]*sfu.Source // nil where nothing was negotiated
	states  [sourceKinds]SourceState // empty while never published
	pairs   []sfu.Pair               // as negotiated; the Feeds are not used

	// viewed is whether a View was ever sent; tiles is the newest.
	viewed bool
	tiles  []Tile
	seats  []tile // what each pair shows
	stale  bool   // its lines or its view changed since the last routing
	routed sfu.View

	voice voice
	sent  resends
	typed throttle
}

// answer tells the member that a request was refused; success needs no words.
func (m *member) answer(re string, err *Error) {
	if err != nil {
		m.conn.Send(&Failed{Re: re, Err: err})
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

// describe renews what the others know of the member's sources.
func (m *member) describe() {
	sources := map[sfu.SourceKind]SourceState{}
	for kind, state := range m.states {
		if state == SourceLive || state == SourceMuted {
			sources[sfu.SourceKind(kind)] = state
		}
	}
	m.person.Sources = sources
}
