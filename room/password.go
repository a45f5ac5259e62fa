package room

import (
	"crypto/sha256"
	"crypto/subtle"
)

// CheckPassword compares a text with the room's password, in a time that says
// nothing about either. nil if they are the same or the room has none, else an
// *[Error] with the code unauthorized.
func (p Policy) CheckPassword(text string) error {
	want, got := sha256.Sum256([]byte(p.Password.Reveal())), sha256.Sum256([]byte(text))
	if p.Password != "" && subtle.ConstantTimeCompare(want[:], got[:]) != 1 {
		return refuse(codeUnauthorized, "the password is not right")
	}
	return nil
}
