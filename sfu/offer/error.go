package offer

import "fmt"

// The codes of an [Error].
const (
	BadSDP = "bad_sdp"
	TooBig = "too_big"
)

// Error is why an offer was refused.
type Error struct {
	// Line of the text, from 1; 0 if it is about the whole.
	Line    int
	code    string
	problem string
}

// Code is BadSDP or TooBig, as it stands on the wire.
func (e *Error) Code() string { return e.code }

func (e *Error) Error() string {
	if e.Line == 0 {
		return "offer: " + e.problem
	}
	return fmt.Sprintf("offer: line %d: %s", e.Line, e.problem)
}

func bad(line int, format string, args ...any) *Error {
	return &Error{Line: line, code: BadSDP, problem: fmt.Sprintf(format, args...)}
}

func tooBig(line int, what string, limit int) *Error {
	return &Error{Line: line, code: TooBig, problem: fmt.Sprintf("more than %d %s", limit, what)}
}
