package offer

import (
	"strings"
	"unicode/utf8"
)

// bound goes over the text once and refuses what is too much of anything, or
// not text at all, before anything is built from it. It does not allocate
// unless it refuses.
func bound(sdp string, limits *Limits) error {
	if len(sdp) > limits.Bytes {
		return tooBig(0, "bytes", limits.Bytes)
	}
	sections, candidates := 0, 0
	for text := (lines{rest: sdp}); text.next(); {
		switch {
		case text.number > limits.Lines:
			return tooBig(text.number, "lines", limits.Lines)
		case len(text.line) > limits.LineBytes:
			return tooBig(text.number, "bytes in a line", limits.LineBytes)
		case !isText(text.line):
			return bad(text.number, "holds a control character or is not UTF-8")
		case strings.HasPrefix(text.line, "m="):
			sections++
			candidates = 0
		case strings.HasPrefix(text.line, "a=candidate"):
			candidates++
		}
		if sections > limits.MediaSections {
			return tooBig(text.number, "m-lines", limits.MediaSections)
		}
		if candidates > limits.Candidates {
			return tooBig(text.number, "candidates in an m-line", limits.Candidates)
		}
	}
	return nil
}

// isText tells whether a line is UTF-8 without control characters. A lone CR is
// one: Pion would take it for the end of a line.
func isText(line string) bool {
	ascii := true
	for i := 0; i < len(line); i++ {
		c := line[i]
		if c < ' ' || c == 0x7f {
			return false
		}
		ascii = ascii && c < 0x80
	}
	return ascii || utf8.ValidString(line)
}

// lines walks over the lines of a text, which end in CRLF or LF.
type lines struct {
	rest   string
	line   string // the line that next went to, without its end
	number int    // of that line, from 1
}

func (l *lines) next() bool {
	if l.rest == "" {
		return false
	}
	l.line, l.rest, _ = strings.Cut(l.rest, "\n")
	l.line = strings.TrimSuffix(l.line, "\r")
	l.number++
	return true
}
