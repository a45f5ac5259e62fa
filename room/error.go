package room

import "time"

// The codes of refusals, as they stand on the wire.
const (
	codeBadMessage   = "bad_message"
	codeTooBig       = "too_big"
	codeTooFast      = "too_fast"
	codeUnauthorized = "unauthorized"
	codeForbidden    = "forbidden"
	codeRoomFull     = "room_full"
	codeRoomLocked   = "room_locked"
	codeNotFound     = "not_found"
	codeConflict     = "conflict"
	codeUnavailable  = "unavailable"
	codeInternal     = "internal"
)

// Error is a refusal with the code that stands on the wire.
type Error struct {
	code    string
	message string
	retry   time.Duration
}

// refuse makes a refusal. The message is for people: short, no blame, no secret.
func refuse(code, message string) *Error { return &Error{code: code, message: message} }

// tooFast refuses what comes before its time.
func tooFast(message string, retry time.Duration) *Error {
	return &Error{code: codeTooFast, message: message, retry: retry}
}

// Code is the stable code: bad_message, too_big, too_fast, unauthorized, forbidden,
// room_full, room_locked, not_found, conflict, unavailable or internal.
func (e *Error) Code() string { return e.code }

// Retry is how long to wait before it is worth trying again; 0: not known.
func (e *Error) Retry() time.Duration { return e.retry }

func (e *Error) Error() string { return e.message }
