package sfu

import "slices"

// voiceLine is one audio slot of a subscriber while voices are seated.
type voiceLine struct {
	home *Source // the audio of the tile that the line belongs to; nil for an audio-only line
	pair bool    // the line belongs to a tile
	on   *Source // what it carries
}

// ears says what a subscriber may hear and who is silent now.
type ears struct {
	audible func(*Source) bool
	silent  func(*Source) bool
}

// seat puts voices on a subscriber's audio lines: a tile's voice on the tile's
// line, the loudest of the others on the audio-only lines, others where there
// is room. A voice moves between lines only in silence, so a tile whose line
// still carries somebody's words waits for the end of them, and its own voice
// is heard on an audio-only line until then.
func seat(lines []voiceLine, loudest, others []*Source, e ears) {
	for i := range lines {
		if on := lines[i].on; on != nil && !e.audible(on) {
			lines[i].on = nil
		}
	}
	for i := range lines {
		bringHome(lines, i, e)
	}
	for _, voice := range loudest {
		give(lines, voice, e, func(occupant *Source) bool {
			return occupant == nil || (e.silent(occupant) && !slices.Contains(loudest, occupant))
		})
	}
	for _, voice := range others {
		if !slices.ContainsFunc(lines, voiceLine.free) {
			return
		}
		give(lines, voice, e, func(occupant *Source) bool { return occupant == nil })
	}
}

// free tells whether the line is an audio-only one that carries nobody.
func (l voiceLine) free() bool { return !l.pair && l.on == nil }

// bringHome puts the voice of a line's tile on the line, if that cuts nobody's words.
func bringHome(lines []voiceLine, i int, e ears) {
	home := lines[i].home
	if home == nil || lines[i].on == home || !e.audible(home) {
		return
	}
	free := func(s *Source) bool { return s == nil || s.Kind != Mic || e.silent(s) }
	if !free(lines[i].on) {
		return
	}
	if away := lineOf(lines, home); away >= 0 {
		if !free(home) || lines[away].home == home {
			return // it talks, or it is at home on another tile
		}
		lines[away].on = nil
	}
	lines[i].on = home
}

// give puts a voice that is on no line on the first audio-only line whose
// occupant may go.
func give(lines []voiceLine, voice *Source, e ears, mayGo func(*Source) bool) {
	if !e.audible(voice) || lineOf(lines, voice) >= 0 {
		return
	}
	for i := range lines {
		if !lines[i].pair && mayGo(lines[i].on) {
			lines[i].on = voice
			return
		}
	}
}

func lineOf(lines []voiceLine, voice *Source) int {
	return slices.IndexFunc(lines, func(l voiceLine) bool { return l.on == voice })
}
