package signaling

import (
	"fmt"
	"net"
	"net/url"
	"time"
)

// ServerConfig says where the doors are.
type ServerConfig struct {
	// Address of the page, the WebSocket and the API.
	Listen string `yaml:"listen"`
	// Address of the admin listener: /metrics and /debug/pprof. Empty: none.
	AdminListen string `yaml:"admin_listen"`
	// Address under which people reach the page, for links. Empty: made from listen.
	PublicURL string `yaml:"public_url" example:"https://meet.example.org" reload:"live"`
	// Origins besides our own whose pages may open a WebSocket, as scheme://host[:port].
	AllowedOrigins []string `yaml:"allowed_origins" example:"[https://example.org]" reload:"live"`
	// How long a server that is told to stop waits for members to leave; 0: not at all.
	Drain time.Duration `yaml:"drain" reload:"live"`
}

// DefaultServerConfig is this machine only.
func DefaultServerConfig() ServerConfig {
	return ServerConfig{Listen: "localhost:8080", AdminListen: "localhost:8081", Drain: 10 * time.Second}
}

// Validate reports every problem by the path of its field.
func (c ServerConfig) Validate(report func(field, problem string)) {
	if _, _, err := net.SplitHostPort(c.Listen); err != nil {
		report("listen", fmt.Sprintf("%q is not host:port", c.Listen))
	}
	if c.AdminListen != "" {
		if _, _, err := net.SplitHostPort(c.AdminListen); err != nil {
			report("admin_listen", fmt.Sprintf("%q is not host:port", c.AdminListen))
		}
	}
	if c.Drain < 0 || c.Drain > time.Hour {
		report("drain", "must be between 0s and 1h")
	}
	if c.PublicURL != "" && !isOrigin(c.PublicURL) {
		report("public_url", fmt.Sprintf("%q is not a URL like https://meet.example.org", c.PublicURL))
	}
	for i, origin := range c.AllowedOrigins {
		if !isOrigin(origin) {
			report(fmt.Sprintf("allowed_origins[%d]", i), fmt.Sprintf("%q is not an origin like https://example.org", origin))
		}
	}
}

func isOrigin(text string) bool {
	u, err := url.Parse(text)
	return err == nil && (u.Scheme == "http" || u.Scheme == "https") && u.Host != "" && (u.Path == "" || u.Path == "/")
}

// TLSConfig says how the public listener is encrypted.
type TLSConfig struct {
	// off, files (a certificate of yours), or self-signed (for a LAN: browsers ask once).
	Mode string `yaml:"mode" oneof:"off files self-signed"`
	// Certificate chain, PEM. For mode files.
	CertFile string `yaml:"cert_file" example:"/etc/madang/fullchain.pem"`
	// Private key, PEM. For mode files.
	KeyFile string `yaml:"key_file" example:"/etc/madang/privkey.pem"`
}

// DefaultTLSConfig is plain HTTP, which browsers allow media on localhost only.
func DefaultTLSConfig() TLSConfig { return TLSConfig{Mode: "off"} }

// Validate reports every problem by the path of its field.
func (c TLSConfig) Validate(report func(field, problem string)) {
	switch c.Mode {
	case "off", "self-signed":
	case "files":
		if c.CertFile == "" {
			report("cert_file", "is needed for mode files")
		}
		if c.KeyFile == "" {
			report("key_file", "is needed for mode files")
		}
	default:
		report("mode", fmt.Sprintf("%q is not one of off, files, self-signed", c.Mode))
	}
}

// LimitsConfig bounds what a client may cost. A normal room never meets these.
type LimitsConfig struct {
	// WebSocket connections in all, and likewise sessions, which outlive them.
	Connections int `yaml:"connections"`
	// WebSocket connections from one address, and likewise sessions.
	ConnectionsPerIP int `yaml:"connections_per_ip"`
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
	// Passwords a minute that may be tried for one room, wherever they come from.
	RoomPasswordsPerMinute int `yaml:"room_passwords_per_minute"`
}

// DefaultLimitsConfig suits a machine of a few cores.
func DefaultLimitsConfig() LimitsConfig {
	return LimitsConfig{
		Connections: 10000, ConnectionsPerIP: 1000,
		MessagesPerSecond: 50, ChatPerSecond: 10, SendQueue: 512,
		HelloTimeout: 10 * time.Second, ResumeWindow: 30 * time.Second, PasswordsPerMinute: 30,
		RoomPasswordsPerMinute: 300,
	}
}

// Validate reports every problem by the path of its field.
func (c LimitsConfig) Validate(report func(field, problem string)) {
	for field, n := range map[string]int{
		"connections": c.Connections, "connections_per_ip": c.ConnectionsPerIP,
		"messages_per_second": c.MessagesPerSecond, "chat_per_second": c.ChatPerSecond,
		"send_queue": c.SendQueue, "passwords_per_minute": c.PasswordsPerMinute,
		"room_passwords_per_minute": c.RoomPasswordsPerMinute,
	} {
		if n < 1 {
			report(field, "must be at least 1")
		}
	}
	if c.HelloTimeout < time.Second {
		report("hello_timeout", "must be at least 1s")
	}
	if c.ResumeWindow < 0 || c.ResumeWindow > 10*time.Minute {
		report("resume_window", "must be between 0s and 10m")
	}
}

// Config is all that the doors are told.
type Config struct {
	Server ServerConfig
	TLS    TLSConfig
	TURN   TURNConfig
	Limits LimitsConfig
	Tokens TokensConfig
}

// DefaultConfig composes the defaults.
func DefaultConfig() Config {
	return Config{
		Server: DefaultServerConfig(), TLS: DefaultTLSConfig(), TURN: DefaultTURNConfig(),
		Limits: DefaultLimitsConfig(), Tokens: DefaultTokensConfig(),
	}
}
