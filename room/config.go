package room

import (
	"fmt"
	"path"
	"time"
)

// Policy is what one room asks of those who come in.
type Policy struct {
	// Most members in a room at a time (1 to 10000).
	MaxMembers int `yaml:"max_members"`
	// Password that everyone must give. Empty: none. Better kept in password_file.
	Password Secret `yaml:"password"`
	// File that holds the password, instead of password. Read at the start.
	PasswordFile string `yaml:"password_file"`
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

// DefaultRoomsConfig is open rooms of two hundred.
func DefaultRoomsConfig() RoomsConfig {
	return RoomsConfig{Policy: Policy{MaxMembers: 200}}
}

// For returns the policy of the room with this name.
func (c RoomsConfig) For(name string) Policy {
	p := c.Policy
	for _, o := range c.Overrides {
		if ok, _ := path.Match(o.Name, name); !ok {
			continue
		}
		if o.MaxMembers != 0 {
			p.MaxMembers = o.MaxMembers
		}
		if o.Password != "" {
			p.Password = o.Password
		}
		break
	}
	return p
}

// Validate reports every problem by the path of its field.
func (c RoomsConfig) Validate(report func(field, problem string)) {
	if c.MaxMembers < 1 || c.MaxMembers > 10000 {
		report("max_members", "must be between 1 and 10000")
	}
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
	Chat  ChatConfig
}

// DefaultConfig composes the defaults.
func DefaultConfig() Config {
	return Config{Rooms: DefaultRoomsConfig(), Chat: DefaultChatConfig()}
}
