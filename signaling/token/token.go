// Package token reads and writes the tokens that open rooms: JSON Web Tokens
// (RFC 7519) signed with HS256, ES256 or EdDSA. It knows no rooms and no clock: a
// token says what it grants, and whoever asks says when.
//
// The claims, beside iss, sub (the identity), exp, nbf, iat and jti:
//
//	room  name of the room, or a pattern: * stands for any letters, ? for one; a
//	      backslash before one of *, ?, [ and \ means that letter
//	name  by which the others know the member
//	role  guest, member, moderator or owner
//	may   list of permissions, instead of those of the role
//	reign of the room, which must not have been empty since
//	uses  an invitation: so many may come with it until it expires, and stay
//
// room and exp are always there.
package token

import (
	"path"
	"strings"
	"time"
	"unicode"
	"unicode/utf8"
)

// MaxBytes bounds the text of a token. A longer one is not looked at.
const MaxBytes = 8 << 10

// What a token may hold at most.
const (
	maxText  = 256 // bytes of an identity, an id or a pattern
	maxNames = 32  // permissions that are listed
	// MaxUses bounds how many may come with one invitation.
	MaxUses = 1000
)

// Grant is what a token says of who brings it.
type Grant struct {
	Room     string   // pattern of the rooms that it opens
	Identity string   // stable, of one person or thing; empty: nobody in particular
	Name     string   // that the others see; empty: what the client says
	Role     string   // empty: what the room gives to anybody
	May      []string // permissions; none: those of the role
	ID       string   // of the token, by which it is revoked; may be empty
	Issued   time.Time
	Begins   time.Time // zero: at once
	Expires  time.Time
	// Reign is that of the room to which the token is bound; empty: to none.
	Reign string
	// Uses is how many may come, each of whom stays beyond Expires; 0: any number,
	// and none beyond.
	Uses int
}

// Covers tells whether the grant is for the room with this name.
func (g Grant) Covers(room string) bool {
	ok, _ := path.Match(g.Room, room) // the pattern was checked
	return ok
}

// Exactly is the pattern of one room and no other, whatever its name.
func Exactly(room string) string {
	return strings.NewReplacer(`\`, `\\`, `*`, `\*`, `?`, `\?`, `[`, `\[`).Replace(room)
}

// check says what of a grant no token may hold.
func (g Grant) check() error {
	_, badPattern := path.Match(g.Room, "")
	switch {
	case g.Room == "" || badPattern != nil || !plain(g.Room):
		return ErrRoom
	case !plain(g.Identity) || !plain(g.ID) || !plain(g.Reign) || len(g.May) > maxNames:
		return ErrClaims
	case g.Uses < 0 || g.Uses > MaxUses || g.Uses > 0 && g.ID == "": // or they could not be counted
		return ErrUses
	}
	return nil
}

// plain tells whether a text can be a name among machines.
func plain(text string) bool {
	return len(text) <= maxText && utf8.ValidString(text) && !strings.ContainsFunc(text, unicode.IsControl)
}
