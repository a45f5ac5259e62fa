package protocol

import (
	"unicode"
	"unicode/utf8"
)

const (
	joiner      = '\u200d' // joins two emoji into one
	tagFirst    = '\U000e0020'
	tagLast     = '\U000e007f'
	toneFirst   = '\U0001f3fb'
	toneLast    = '\U0001f3ff'
	letterFirst = '\U0001f1e6' // of a flag, which has two
	letterLast  = '\U0001f1ff'
)

// oneEmoji tells whether a text is one thing to the eye, as much of an extended
// grapheme cluster (UAX #29, section 3.1.1) as emoji need: a base with its marks,
// several of these joined, or the two letters of a flag.
func oneEmoji(text string) bool {
	if text == "" || len(text) > MaxEmoji || !utf8.ValidString(text) {
		return false
	}
	runes := []rune(text)
	if len(runes) == 2 && flagLetter(runes[0]) && flagLetter(runes[1]) {
		return true
	}
	wantsBase, joined := true, false
	for _, r := range runes {
		switch {
		case wantsBase && (!begins(r) || joined && !symbol(r)):
			return false
		case wantsBase:
			wantsBase = false
		case r == joiner:
			wantsBase, joined = true, true
		case !extends(r):
			return false
		}
	}
	return !wantsBase
}

// begins tells whether something to be seen can begin with a rune.
func begins(r rune) bool {
	return (unicode.IsPrint(r) || unassigned(r)) && !unicode.IsSpace(r) && (!extends(r) || tone(r))
}

// symbol tells whether a rune is one that is joined to others. Letters are not: joined
// they would be words.
func symbol(r rune) bool { return unicode.In(r, unicode.S) || unassigned(r) }

// extends tells whether a rune belongs to the base before it.
func extends(r rune) bool {
	return unicode.Is(unicode.M, r) || tone(r) || r >= tagFirst && r <= tagLast
}

func tone(r rune) bool { return r >= toneFirst && r <= toneLast }

func flagLetter(r rune) bool { return r >= letterFirst && r <= letterLast }

// unassigned tells whether a rune may be an emoji that is younger than this program.
func unassigned(r rune) bool {
	return r >= 0x1f000 && r <= 0x1faff && !unicode.In(r, unicode.L, unicode.M, unicode.N, unicode.P, unicode.S, unicode.Z)
}
