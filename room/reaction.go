package room

import (
	"time"
	"unicode/utf8"
)

const (
	// maxEmoji is the longest emoji, in bytes: a family of four with skin tones.
	maxEmoji = 32
	// reactEvery is the shortest time between two reactions of one member.
	reactEvery = 500 * time.Millisecond
	// reactionsEvery and maxReactions bound what everybody hears: so many at a time. A
	// crowd that applauds shows more than anybody can see; the rest is dropped.
	reactionsEvery = 200 * time.Millisecond
	maxReactions   = 10
)

// reactions wait to be told. The zero value is ready.
type reactions struct {
	newest []*Reaction
	pace   throttle
}

// add takes a reaction in, unless there are enough.
func (r *reactions) add(e *Reaction) {
	if len(r.newest) < maxReactions {
		r.newest = append(r.newest, e)
	}
}

// settle returns what everyone is to be told, nil for nothing, or when it is time for
// that.
func (r *reactions) settle(now time.Time) ([]*Reaction, time.Time) {
	if len(r.newest) == 0 {
		return nil, time.Time{}
	}
	if ok, again := r.pace.ready(now, reactionsEvery); !ok {
		return nil, again
	}
	told := r.newest
	r.newest = nil
	return told, time.Time{}
}

// tellReactions tells everyone the newest reactions, when it is time.
func (s *state) tellReactions(now time.Time) time.Time {
	told, again := s.reactions.settle(now)
	for _, e := range told {
		s.tell(e)
	}
	return again
}

// react shows an emoji for a moment. Whether the text is one is for those to say who
// draw it.
func (s *state) react(m *member, emoji string, now time.Time) *Error {
	if emoji == "" || len(emoji) > maxEmoji || !utf8.ValidString(emoji) {
		return refuse(codeBadMessage, "a reaction is one emoji")
	}
	if ok, again := m.reacted.ready(now, reactEvery); !ok {
		return tooFast("two reactions a second are enough", again.Sub(now))
	}
	s.reactions.add(&Reaction{Member: m.id, Emoji: emoji})
	return nil
}
