package signaling

import (
	"strings"
	"unicode"
	"unicode/utf8"
)

const maxRoomName = 64 // bytes

// validRoomName tells whether a name, with percent-encoding undone, can be a
// room's: what people type and URLs carry.
func validRoomName(name string) bool {
	return name != "" && len(name) <= maxRoomName && utf8.ValidString(name) &&
		name != "." && name != ".." &&
		!strings.ContainsAny(name, `/\`) && !strings.ContainsFunc(name, unicode.IsControl)
}
