package room

import (
	"time"

	"madang/sfu"
)

// rememberLeft is how long the sources of one who left are still known by name:
// longer than any report of the media plane is under way.
const rememberLeft = 10 * time.Second

// lines knows whose every slot and every source is, to put into members' words
// what the media plane reports.
type lines struct {
	slots   map[*sfu.Slot]*member
	sources map[*sfu.Source]owner
	left    []*sfu.Source // of members who left, the oldest first
}

// owner is who publishes a source, and as what.
type owner struct {
	id     MemberID
	member *member // nil once it left
	kind   sfu.SourceKind
	left   time.Time // zero while it is here
}

func newLines() lines {
	return lines{slots: map[*sfu.Slot]*member{}, sources: map[*sfu.Source]owner{}}
}

// join takes in a member's lines.
func (l *lines) join(m *member) {
	for slot := range m.slots() {
		l.slots[slot] = m
	}
	for _, source := range m.routed.Self {
		l.sources[source] = owner{id: m.id, member: m, kind: source.Kind}
	}
}

// leave forgets a member's slots at once, and its sources after a while.
func (l *lines) leave(m *member, now time.Time) {
	for slot := range m.slots() {
		delete(l.slots, slot)
	}
	for _, source := range m.routed.Self {
		l.sources[source] = owner{id: m.id, kind: source.Kind, left: now}
		l.left = append(l.left, source)
	}
	l.forget(now)
}

// forget drops the sources that left long ago and have not come back.
func (l *lines) forget(now time.Time) {
	for len(l.left) > 0 {
		o := l.sources[l.left[0]]
		if !o.left.IsZero() {
			if now.Sub(o.left) < rememberLeft {
				return
			}
			delete(l.sources, l.left[0])
		}
		l.left[0] = nil // the array behind it lives on
		l.left = l.left[1:]
	}
}

// tell puts what slots carry into events for the members whose slots they are.
func (l *lines) tell(states []sfu.SlotState) {
	events := map[*member]*Slots{}
	for _, state := range states {
		m := l.slots[state.Slot]
		if m == nil {
			continue // it has left
		}
		if events[m] == nil {
			events[m] = &Slots{}
		}
		events[m].Slots = append(events[m].Slots, l.carries(state))
		m.media.slots[state.Slot] = state
	}
	for m, e := range events {
		m.conn.Send(e)
	}
}

// carries puts one state into a member's words.
func (l *lines) carries(state sfu.SlotState) SlotCarries {
	c := SlotCarries{Mid: state.Slot.Mid, Why: state.Why}
	if o, ok := l.sources[state.Source]; ok {
		c.Member, c.Source = o.id, o.kind
	} else if c.Why == sfu.WhyNone {
		c.Why = sfu.WhyGone
	}
	if c.Why == sfu.WhyNone {
		c.Timestamp = state.Timestamp
	}
	return c
}

// want tells publishers which of their layers anybody needs. The media plane
// says only what changed.
func (l *lines) want(wants []sfu.Want) {
	for _, w := range wants {
		if o := l.sources[w.Source]; o.member != nil {
			want := &Want{Source: o.kind, Layers: w.RIDs}
			o.member.media.wants[o.kind] = want
			o.member.conn.Send(want)
		}
	}
}

// greet tells a member how its own slots and sources are now.
func (l *lines) greet(m *member) {
	e := &Slots{}
	for slot := range m.slots() {
		if state, told := m.media.slots[slot]; told {
			e.Slots = append(e.Slots, l.carries(state))
		}
	}
	if len(e.Slots) > 0 {
		m.conn.Send(e)
	}
	for _, want := range m.media.wants {
		if want != nil {
			m.conn.Send(want)
		}
	}
}

// talkers are the members who speak, loudest first.
func (l *lines) talkers(heard []sfu.Speaker) []*member {
	var members []*member
	for _, h := range heard {
		if m := l.sources[h.Mic].member; m != nil {
			members = append(members, m)
		}
	}
	return members
}

// levels are how loud the members are who speak, loudest first.
func (l *lines) levels(heard []sfu.Speaker) []SpeakerLevel {
	var levels []SpeakerLevel
	for _, h := range heard {
		if o := l.sources[h.Mic]; o.member != nil {
			levels = append(levels, SpeakerLevel{Member: o.id, Level: h.Level})
		}
	}
	return levels
}
