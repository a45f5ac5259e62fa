package signaling

import (
	"time"

	"madang/sfu"
)

// LimitsConfig bounds what a client may cost. A normal room never meets these.
type LimitsConfig struct {
	// Connections, of whatever kind, that have not led to a session yet: in all.
	Strangers int `yaml:"strangers"`
	// Such connections from one address. Those of trusted proxies are not counted here.
	StrangersPerIP int `yaml:"strangers_per_ip"`
	// WebSocket connections in all, and likewise sessions, which outlive them.
	Connections int `yaml:"connections"`
	// WebSocket connections from one address, and likewise sessions.
	ConnectionsPerIP int `yaml:"connections_per_ip"`
	// Sessions a minute that one address may begin, beside a burst of as many.
	JoinsPerMinute int `yaml:"joins_per_minute"`
	// Sessions a minute that one identity of a token may begin, likewise.
	JoinsPerIdentity int `yaml:"joins_per_identity"`
	// Bytes a second that are read from one connection, beside a burst of ten times
	// as many. What is over that is read later.
	BytesPerSecond int `yaml:"bytes_per_second"`
	// Messages a second that one client may send, beside a burst of as many.
	MessagesPerSecond int `yaml:"messages_per_second"`
	// Chat lines a second that one client may send, beside a burst of as many.
	ChatPerSecond int `yaml:"chat_per_second"`
	// Events that may wait for a client that reads slowly before it is closed.
	SendQueue int `yaml:"send_queue"`
	// Time from the opening of the WebSocket to a valid hello.
	HelloTimeout time.Duration `yaml:"hello_timeout"`
	// How long a member whose connection is lost is waited for; 0: not at all.
	ResumeWindow time.Duration `yaml:"resume_window"`
	// Passwords a minute that one address may try. Right ones are not counted.
	PasswordsPerMinute int `yaml:"passwords_per_minute"`
	// Passwords a minute that may be tried for one room, or for all rooms that one
	// override is for, wherever they come from.
	RoomPasswordsPerMinute int `yaml:"room_passwords_per_minute"`

	sfu.LimitsConfig `yaml:",inline"`
}

// DefaultLimitsConfig suits a machine of a few cores.
func DefaultLimitsConfig() LimitsConfig {
	return LimitsConfig{
		Strangers: 10000, StrangersPerIP: 2000,
		Connections: 10000, ConnectionsPerIP: 1000,
		JoinsPerMinute: 2000, JoinsPerIdentity: 60, BytesPerSecond: 128 << 10,
		MessagesPerSecond: 50, ChatPerSecond: 10, SendQueue: 512,
		HelloTimeout: 10 * time.Second, ResumeWindow: 30 * time.Second, PasswordsPerMinute: 30,
		RoomPasswordsPerMinute: 300,
		LimitsConfig:           sfu.DefaultLimitsConfig(),
	}
}

// Validate reports every problem by the path of its field.
func (c LimitsConfig) Validate(report func(field, problem string)) {
	for field, n := range map[string]int{
		"strangers": c.Strangers, "strangers_per_ip": c.StrangersPerIP,
		"connections": c.Connections, "connections_per_ip": c.ConnectionsPerIP,
		"joins_per_minute": c.JoinsPerMinute, "joins_per_identity": c.JoinsPerIdentity,
		"messages_per_second": c.MessagesPerSecond, "chat_per_second": c.ChatPerSecond,
		"send_queue": c.SendQueue, "passwords_per_minute": c.PasswordsPerMinute,
		"room_passwords_per_minute": c.RoomPasswordsPerMinute,
	} {
		if n < 1 {
			report(field, "must be at least 1")
		}
	}
	if c.BytesPerSecond < leastBytesPerSecond {
		report("bytes_per_second", "must be at least 20480: an offer of a browser has 35 KB and more")
	}
	if c.HelloTimeout < time.Second {
		report("hello_timeout", "must be at least 1s")
	}
	if c.ResumeWindow < 0 || c.ResumeWindow > 10*time.Minute {
		report("resume_window", "must be between 0s and 10m")
	}
	c.LimitsConfig.Validate(report)
}
