package configs

import (
	"fmt"
	"regexp"
	"strings"
	"unicode"
)

// source is the text of a configuration file, for showing lines of it.
type source struct {
	name  string
	lines []string
	// secrets are the values in the file that must not be shown.
	secrets []string
	// secretKeys are the keys whose values are secret.
	secretKeys []string
}

// lineBreaks are those of YAML, in whose count its parser gives places.
var lineBreaks = strings.NewReplacer("\r\n", "\n", "\r", "\n", "\u0085", "\n", "\u2028", "\n", "\u2029", "\n")

func newSource(name string, data []byte, secretKeys []string) *source {
	return &source{name: name, lines: strings.Split(lineBreaks.Replace(string(data)), "\n"), secretKeys: secretKeys}
}

// excerpt is a line of the file with a caret under a column; both count from 1,
// columns in characters. Empty where there is no such line.
func (s *source) excerpt(line, column int) string {
	if line < 1 || line > len(s.lines) || column < 1 {
		return ""
	}
	text := []rune(strings.Map(printable, s.masked(line-1)))
	caret := min(column-1, len(text))
	from, dots := 0, ""
	const before, width = 60, 100
	if caret > before {
		from, dots = caret-before, "…"
	}
	text = text[from:min(len(text), from+width)]
	number := fmt.Sprintf("%5d", line)
	return number + " | " + dots + string(text) + "\n" +
		strings.Repeat(" ", len(number)) + " | " + pad(dots+string(text[:caret-from])) + "^"
}

// printable keeps what a terminal shows as one character where it stands.
func printable(r rune) rune {
	if r == '\t' || unicode.IsPrint(r) {
		return r
	}
	return '?'
}

// pad is as wide on a terminal as text: a tab for a tab, and two spaces for a
// letter that takes two cells.
func pad(text string) string {
	var b strings.Builder
	for _, r := range text {
		switch {
		case r == '\t':
			b.WriteByte('\t')
		case unicode.In(r, unicode.Hangul, unicode.Han, unicode.Hiragana, unicode.Katakana):
			b.WriteString("  ")
		default:
			b.WriteByte(' ')
		}
	}
	return b.String()
}

var keyInLine = regexp.MustCompile(`["']?([\p{L}\p{N}_-]+)["']?\s*:(?:\s|$)`)

// masked is a line without the secrets that it holds: what follows a secret's
// key, what is indented below such a key, and every known secret wherever it
// stands. It works on text too that does not parse, and rather hides too much.
func (s *source) masked(line int) string {
	text := s.lines[line]
	if s.belowSecret(line) {
		return text[:indentation(text)] + mask
	}
	for _, at := range keyInLine.FindAllStringSubmatchIndex(text, -1) {
		if s.secretKey(text[at[2]:at[3]]) {
			text = strings.TrimRight(text[:at[1]], " \t") + " " + mask
			break
		}
	}
	for _, secret := range s.secrets {
		text = strings.ReplaceAll(text, secret, mask)
	}
	return text
}

// hidden is what is said of a value that may be a secret's too, without that.
func (s *source) hidden(text string) string {
	for _, secret := range s.secrets {
		text = strings.ReplaceAll(text, quote(secret), mask)
	}
	return text
}

// belowSecret tells whether a line is part of a value of several lines whose key
// is a secret's.
func (s *source) belowSecret(line int) bool {
	depth := indentation(s.lines[line])
	if strings.HasPrefix(s.lines[line][depth:], "- ") {
		depth++ // a list may stand at the indentation of its key
	}
	for i := line - 1; i >= 0 && depth > 0; i-- {
		above := s.lines[i]
		if d := indentation(above); d < depth && strings.TrimSpace(above) != "" {
			depth = d
			if at := keyInLine.FindStringSubmatch(above); at != nil && s.secretKey(at[1]) {
				return true
			}
		}
	}
	return false
}

// secretKey tells whether a key is a secret's, or was meant to be.
func (s *source) secretKey(key string) bool {
	return nearest(key, s.secretKeys) != "" ||
		strings.Contains(strings.ToLower(key), "password") && !strings.HasSuffix(key, "_file")
}

func indentation(line string) int { return len(line) - len(strings.TrimLeft(line, " \t")) }
