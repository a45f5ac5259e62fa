package room

// Error is a refusal with the code that stands on the wire.
type Error struct {
	code    string
	message string
}

// Code is the stable code: forbidden, room_full, room_locked, not_found,
// conflict, too_big, too_fast, bad_message or unavailable.
func (e *Error) Code() string { return e.code }

func (e *Error) Error() string { return e.message }
