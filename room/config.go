package room

import (
	"cmp"
	"fmt"
	"path"
	"slices"
	"time"

	"madang/room/password"
)

// Policy is what one room asks of those who come in, and what they may be there.
type Policy struct {
	// Most members in a room at a time (1 to 10000), and likewise of those who wait.
	MaxMembers int `yaml:"max_members"`
	// Who may come: open is everybody, token who has a token for the room.
	Access string `yaml:"access" oneof:"open token"`
	// Whether those who come wait until a moderator admits them; moderators do not.
	Lobby string `yaml:"lobby" oneof:"off on"`
	// Password that everyone without a token must give, or a hash of it (madang
	// password). Empty: none. Better kept in password_file.
	Password Secret `yaml:"password"`
	// File that holds the password, instead of password. Read at the start.
	PasswordFile string `yaml:"password_file"`
	// Password that makes an owner of who gives it, or a hash of it. Empty: none.
	OwnerPassword Secret `yaml:"owner_password"`
	// File that holds the owners' password, instead of owner_password.
	OwnerPasswordFile string `yaml:"owner_password_file"`
	// Identities that are owners, as tokens name them in sub.
	Owners []string `yaml:"owners" example:"[ada@example.org]"`
	// Role of who comes without a token, or with one that names none.
	Role string `yaml:"role" oneof:"guest member moderator"`
	// Role of who comes while nobody moderates and no token says what it is; when the
	// last moderator has left, who is there longest takes it. It goes to nobody where
	// tokens, owners or owner_password say whose the room is.
	FirstRole string `yaml:"first_role" oneof:"none moderator owner"`
}

// RoomsConfig is the policy of every room, and exceptions by name.
type RoomsConfig struct {
	Policy `yaml:",inline"`
	// Exceptions: the first whose pattern matches a room's name holds. What it
	// leaves out is as above.
	Overrides []Override `yaml:"overrides" example:"[{name: class-*, max_members: 30, password_file: /run/secrets/class}]"`
}

// Override is the policy of the rooms whose name matches a pattern.
type Override struct {
	// Pattern of room names: * stands for any letters, ? for one.
	Name string `yaml:"name"`
	// Policy of these rooms; zero fields take the default's value.
	Policy `yaml:",inline"`
}

// DefaultRoomsConfig is open rooms of two hundred, each of who is there first.
func DefaultRoomsConfig() RoomsConfig {
	return RoomsConfig{Policy: Policy{
		MaxMembers: 200, Access: "open", Lobby: "off", Owners: []string{}, Role: Member.String(), FirstRole: Owner.String(),
	}}
}

// For returns the policy of the room with this name.
func (c RoomsConfig) For(name string) Policy {
	for _, o := range c.Overrides {
		if ok, _ := path.Match(o.Name, name); ok {
			return o.Policy.or(c.Policy)
		}
	}
	return c.Policy
}

// or is the policy with the zero fields of the default's value.
func (p Policy) or(q Policy) Policy {
	p.MaxMembers = cmp.Or(p.MaxMembers, q.MaxMembers)
	p.Access = cmp.Or(p.Access, q.Access)
	p.Lobby = cmp.Or(p.Lobby, q.Lobby)
	p.Password = cmp.Or(p.Password, q.Password)
	p.PasswordFile = cmp.Or(p.PasswordFile, q.PasswordFile)
	p.OwnerPassword = cmp.Or(p.OwnerPassword, q.OwnerPassword)
	p.OwnerPasswordFile = cmp.Or(p.OwnerPasswordFile, q.OwnerPasswordFile)
	if len(p.Owners) == 0 {
		p.Owners = q.Owners
	}
	p.Role = cmp.Or(p.Role, q.Role)
	p.FirstRole = cmp.Or(p.FirstRole, q.FirstRole)
	return p
}

// NeedsToken tells whether nobody comes in without a token.
func (p Policy) NeedsToken() bool { return p.Access == "token" }

// HasLobby tells whether who comes waits until somebody admits it.
func (p Policy) HasLobby() bool { return p.Lobby == "on" }

// Owns tells whether an identity is one of the owners.
func (p Policy) Owns(identity string) bool {
	return identity != "" && slices.Contains(p.Owners, identity)
}

// role is that of who comes without a token: a guest's, if nothing is said.
func (p Policy) role() Role {
	if role, ok := ParseRole(p.Role); ok {
		return role
	}
	return Guest
}

// firstRole is that of who comes where nobody moderates; 0: nothing special.
func (p Policy) firstRole() Role {
	if p.NeedsToken() || len(p.Owners) > 0 || p.OwnerPassword != "" {
		return 0
	}
	role, _ := ParseRole(p.FirstRole)
	return role
}

// Validate reports every problem by the path of its field. Words with choices may be
// missing: then what is least holds.
func (c RoomsConfig) Validate(report func(field, problem string)) {
	if c.MaxMembers < 1 || c.MaxMembers > 10000 {
		report("max_members", "must be between 1 and 10000")
	}
	c.Policy.validate("", report)
	for i, o := range c.Overrides {
		at := fmt.Sprintf("overrides[%d].", i)
		if o.Name == "" {
			report(at+"name", "is missing: which rooms does this hold for")
		} else if _, err := path.Match(o.Name, ""); err != nil {
			report(at+"name", fmt.Sprintf("%q is not a pattern", o.Name))
		}
		if o.MaxMembers < 0 || o.MaxMembers > 10000 {
			report(at+"max_members", "must be between 1 and 10000")
		}
		o.Policy.validate(at, report)
	}
}

func (p Policy) validate(at string, report func(field, problem string)) {
	if _, err := password.Parse(p.Password.Reveal()); err != nil {
		report(at+"password", err.Error())
	}
	if _, err := password.Parse(p.OwnerPassword.Reveal()); err != nil {
		report(at+"owner_password", err.Error())
	}
	for i, identity := range p.Owners {
		if identity == "" {
			report(fmt.Sprintf("%sowners[%d]", at, i), "is empty: whose identity is it")
		}
	}
}

// ChatConfig bounds what a room remembers of its chat.
type ChatConfig struct {
	// Lines that a late joiner may read (0 to 10000).
	History int `yaml:"history"`
	// How long a line is remembered; 0: as long as the room lives, or, with log_dir,
	// for ever.
	MaxAge time.Duration `yaml:"max_age"`
	// Folder where the chat is kept, for this server alone; made if need be. It holds
	// what is said in the clear, private lines too. Empty: nothing is kept when a
	// room has ended, or the server.
	LogDir string `yaml:"log_dir" example:"/var/lib/madang/chat"`
}

// DefaultChatConfig remembers a thousand lines for a day.
func DefaultChatConfig() ChatConfig {
	return ChatConfig{History: 1000, MaxAge: 24 * time.Hour}
}

// Validate reports every problem by the path of its field.
func (c ChatConfig) Validate(report func(field, problem string)) {
	if c.History < 0 || c.History > 10000 {
		report("history", "must be between 0 and 10000")
	}
	if c.MaxAge < 0 {
		report("max_age", "must not be negative")
	}
}

// Config is all that rooms are told.
type Config struct {
	Rooms RoomsConfig
	Roles RolesConfig
	Chat  ChatConfig
	// Audit hears of acts of moderation; nil: nobody does. Taken at the start.
	Audit Audit
}

// DefaultConfig composes the defaults.
func DefaultConfig() Config {
	return Config{Rooms: DefaultRoomsConfig(), Roles: DefaultRolesConfig(), Chat: DefaultChatConfig()}
}
