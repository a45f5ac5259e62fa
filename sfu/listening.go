package sfu

import (
	"slices"
	"time"
)

// How often a wing looks at who speaks, and how often the room is told.
const (
	listenEvery  = 20 * time.Millisecond
	speakerEvery = 200 * time.Millisecond
)

// tick looks who speaks.
func (g *wing) tick(now time.Time) {
	g.grade(now)
	if now.Sub(g.listenAt) < listenEvery || len(g.mics) == 0 && len(g.told) == 0 {
		return
	}
	g.listenAt = now
	g.ranked = g.detector.Rank(now, g.ranked[:0])
	g.loudest = g.loudest[:0]
	for _, s := range g.ranked {
		if s.Speaking {
			g.loudest = append(g.loudest, s.ID)
		}
	}
	if g.unseated(now) {
		g.seatAll(now)
	}
	if g.order.leads > 0 && now.Sub(g.toldAt) >= speakerEvery {
		g.tellSpeakers(now)
	}
}

// seated is what the seats of a room hung on when they were given.
type seated struct {
	loudest []*Source
	silent  []bool // of the microphones, in their order
	at      time.Time
}

// unseated tells whether somebody began to speak or fell silent since the voices
// were seated. Now and then it says so anyway: a slot may have lost its source.
func (g *wing) unseated(now time.Time) bool {
	if g.applied == nil {
		return false
	}
	was := &g.seated
	changed := now.Sub(was.at) >= speakerEvery || !slices.Equal(was.loudest, g.loudest) || len(was.silent) != len(g.applied.Mics)
	was.silent = slices.Grow(was.silent, len(g.applied.Mics))[:len(g.applied.Mics)]
	for i, m := range g.applied.Mics {
		silent := g.detector.Silent(m, now)
		changed = changed || silent != was.silent[i]
		was.silent[i] = silent
	}
	if changed {
		was.loudest, was.at = append(was.loudest[:0], g.loudest...), now
	}
	return changed
}

// due is when the wing is to be looked at again, unless its routing changes.
func (g *wing) due(now time.Time) time.Time {
	switch {
	case len(g.mics) > 0 || len(g.told) > 0:
		return g.listenAt.Add(listenEvery)
	case g.applied == nil:
		return now.Add(gradeEvery)
	}
	return g.gradedAt.Add(gradeEvery)
}

func (g *wing) tellSpeakers(now time.Time) {
	speakers := make([]Speaker, 0, len(g.loudest))
	for _, s := range g.ranked {
		if s.Speaking {
			speakers = append(speakers, Speaker{Mic: s.ID.home(), Level: s.Level})
		}
	}
	if slices.Equal(speakers, g.told) {
		return
	}
	g.toldAt, g.told = now, speakers
	g.observer.SpeakersChanged(slices.Clone(speakers))
}

// seatAll seats the voices of every subscriber of the room.
func (g *wing) seatAll(now time.Time) {
	if g.applied == nil {
		return
	}
	for i := range g.applied.Views {
		g.seatView(&g.applied.Views[i], now)
	}
}

func (g *wing) seatView(v *View, now time.Time) {
	g.lines = g.lines[:0]
	for _, p := range v.Pairs {
		line := voiceLine{pair: true, on: p.Audio.carries()}
		if p.AudioFrom.Why == WhyNone {
			line.home = p.AudioFrom.Source
		}
		g.lines = append(g.lines, line)
	}
	for _, s := range v.Voices {
		g.lines = append(g.lines, voiceLine{on: s.carries()})
	}
	heard := ears{
		audible: func(s *Source) bool {
			if _, live := g.mics[s]; live {
				return !slices.Contains(v.Self, s)
			}
			return s.Kind == ScreenAudio && slices.ContainsFunc(v.Pairs, func(p Pair) bool { return p.AudioFrom == Feed{Source: s} })
		},
		silent: func(s *Source) bool { return g.detector.Silent(s, now) },
	}
	seat(g.lines, g.loudest, g.applied.Mics, heard)
	for i, p := range v.Pairs {
		feed := Feed{Source: g.lines[i].on}
		if feed.Source == nil && p.AudioFrom.Why != WhyNone {
			feed = p.AudioFrom
		}
		p.Audio.assign(feed, now)
	}
	for i, s := range v.Voices {
		s.assign(Feed{Source: g.lines[len(v.Pairs)+i].on}, now)
	}
}
