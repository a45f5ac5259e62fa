package room

import (
	"fmt"
	"strings"
)

// Permissions is a set of what somebody may do. The zero value is nothing.
type Permissions uint16

// The permissions, in the order of their names on the wire and in the configuration.
const (
	MayJoin      Permissions = 1 << iota // come in
	MayMic                               // be heard
	MayCamera                            // be seen
	MayScreen                            // share a screen and its sound
	MaySubscribe                         // be sent sound and pictures
	MayChat                              // write to all, and read
	MayPrivate                           // write to one alone
	MayHand                              // raise one's hand
	MayReact                             // show an emoji
	MayModerate                          // keep order among those of lower roles
	MayRecord                            // record the room
	MayAdmin                             // end the room for all, make moderators and owners

	mayAll = 1<<iota - 1
)

// permissionNames are the names of the permissions, by bit.
const permissionNames = "join mic camera screen subscribe chat private hand react moderate record admin"

// ParsePermissions reads the names of permissions. The error names the first that is
// none.
func ParsePermissions(names []string) (Permissions, error) {
	var all Permissions
	for _, name := range names {
		is := permission(name)
		if is == 0 {
			return 0, fmt.Errorf("%.40q is no permission; there are %s", name, permissionNames)
		}
		all |= is
	}
	return all, nil
}

// permission is the one with this name, 0 if there is none.
func permission(name string) Permissions {
	for bit, known := range strings.Fields(permissionNames) {
		if known == name {
			return 1 << bit
		}
	}
	return 0
}

// Has tells whether all of some are in the set.
func (p Permissions) Has(some Permissions) bool { return p&some == some }

// Names are the names of the permissions in the set, in their order; never nil.
func (p Permissions) Names() []string {
	names := []string{}
	for bit, name := range strings.Fields(permissionNames) {
		if p.Has(1 << bit) {
			names = append(names, name)
		}
	}
	return names
}

// String is the names, with spaces between them.
func (p Permissions) String() string { return strings.Join(p.Names(), " ") }
