package room

import (
	"strings"
	"unicode"
	"unicode/utf8"
)

const (
	maxNameBytes   = 128
	maxNameLetters = 64 // as a reader counts them
)

// CleanName returns a member's name as the others will see it: white space is
// one space, and what would change how the text around it is shown (control and
// direction characters) is gone. Errors are *[Error]: bad_message for a name of
// which nothing would be seen, too_big for one longer than 64 letters or 128 bytes.
func CleanName(name string) (string, error) {
	clean, err := cleanName(name)
	if err != nil {
		return "", err
	}
	return clean, nil
}

func cleanName(name string) (string, *Error) {
	if len(name) > 8*maxNameBytes {
		return "", refuse(codeTooBig, "a name has at most 64 letters")
	}
	if !utf8.ValidString(name) {
		return "", refuse(codeBadMessage, "a name is UTF-8 text")
	}
	clean := strings.Join(strings.Fields(strings.Map(nameRune, name)), " ")
	if !strings.ContainsFunc(clean, isVisible) {
		return "", refuse(codeBadMessage, "a name is needed")
	}
	letters := 0
	for _, r := range clean {
		if !unicode.In(r, unicode.Mn, unicode.Me, unicode.Cf) {
			letters++
		}
	}
	if letters > maxNameLetters || len(clean) > maxNameBytes {
		return "", refuse(codeTooBig, "a name has at most 64 letters")
	}
	return clean, nil
}

// nameRune is what becomes of one character of a name; -1 drops it.
func nameRune(r rune) rune {
	switch {
	case unicode.IsSpace(r):
		return ' '
	case r == '\u200c' || r == '\u200d':
		return r // they join letters, and people on one emoji
	case unicode.In(r, unicode.Cc, unicode.Cf):
		return -1
	}
	return r
}

// isVisible tells whether a character leaves a mark; some letters do not.
func isVisible(r rune) bool {
	switch r {
	case '\u115f', '\u1160', '\u3164', '\uffa0', '\u2800': // Hangul fillers, empty Braille
		return false
	}
	return unicode.In(r, unicode.L, unicode.N, unicode.P, unicode.S)
}
