package room

// The codes of refusals, as they stand on the wire.
const (
	codeBadMessage   = "bad_message"
	codeTooBig       = "too_big"
	codeUnauthorized = "unauthorized"
	codeForbidden    = "forbidden"
	codeRoomFull     = "room_full"
	codeNotFound     = "not_found"
	codeConflict     = "conflict"
	codeUnavailable  = "unavailable"
	codeInternal     = "internal"
)

// Error is a refusal with the code that stands on the wire.
type Error struct {
	code    string
	message string
}

// refuse makes a refusal. The message is for people: short, no blame, no secret.
func refuse(code, message string) *Error { return &Error{code: code, message: message} }

// Code is the stable code: bad_message, too_big, unauthorized, forbidden,
// room_full, not_found, conflict, unavailable or internal.
func (e *Error) Code() string { return e.code }

func (e *Error) Error() string { return e.message }
