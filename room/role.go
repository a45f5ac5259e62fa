package room

import "slices"

// Role is the rank of somebody in a room. Who has power over others has it over lower
// roles only. The zero value is none.
type Role uint8

// The roles, the lowest first.
const (
	Guest Role = iota + 1
	Member
	Moderator
	Owner

	server // this server itself: above all who are in
)

// roleNames are the names of the roles, by rank.
var roleNames = [...]string{Guest: "guest", Member: "member", Moderator: "moderator", Owner: "owner", server: "server"}

// ParseRole reads the name of a role that somebody can have.
func ParseRole(name string) (Role, bool) {
	is := slices.Index(roleNames[:server], name)
	return Role(max(is, 0)), is >= int(Guest)
}

// String is the role's name on the wire, empty for none.
func (r Role) String() string {
	if int(r) < len(roleNames) {
		return roleNames[r]
	}
	return ""
}

// RolesConfig is what each role may do, by the names of permissions.
type RolesConfig struct {
	// Who is let in to watch: of join, mic, camera, screen, subscribe, chat,
	// private, hand, react, moderate, record and admin.
	Guest []string `yaml:"guest"`
	// Who takes part.
	Member []string `yaml:"member"`
	// Who keeps order among members and guests.
	Moderator []string `yaml:"moderator"`
	// Who has the say, over moderators too.
	Owner []string `yaml:"owner"`
}

// DefaultRolesConfig has guests watch and write, members speak, moderators keep order.
func DefaultRolesConfig() RolesConfig {
	guest := MayJoin | MaySubscribe | MayChat | MayHand | MayReact
	member := guest | MayMic | MayCamera | MayScreen | MayPrivate
	moderator := member | MayModerate | MayRecord
	return RolesConfig{
		Guest: guest.Names(), Member: member.Names(), Moderator: moderator.Names(),
		Owner: (moderator | MayAdmin).Names(),
	}
}

// Validate reports every problem by the path of its field.
func (c RolesConfig) Validate(report func(field, problem string)) {
	for role, names := range c.lists() {
		if _, err := ParsePermissions(names); err != nil {
			report(Role(role).String(), err.Error())
		}
	}
}

// lists are the names by role.
func (c RolesConfig) lists() [server][]string {
	return [server][]string{Guest: c.Guest, Member: c.Member, Moderator: c.Moderator, Owner: c.Owner}
}

// roleTable is what each role may do, by role.
type roleTable [server]Permissions

// table is the configuration read; a list with a problem permits nothing.
func (c RolesConfig) table() (t roleTable) {
	for role, names := range c.lists() {
		t[role], _ = ParsePermissions(names)
	}
	return t
}
