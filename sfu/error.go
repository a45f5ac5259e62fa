package sfu

import (
	"errors"
	"fmt"
)

// Error is a refusal by the media plane with the code that stands on the wire.
type Error struct {
	code    string
	message string
}

// Code is the stable code: bad_sdp, too_big, conflict or unavailable.
func (e *Error) Code() string { return e.code }

func (e *Error) Error() string { return e.message }

func refuse(code, format string, args ...any) *Error {
	return &Error{code: code, message: fmt.Sprintf(format, args...)}
}

var (
	errStopped = errors.New("sfu: the media plane has stopped")
	errClosed  = errors.New("sfu: the peer is closed")
)
