package signaling

import (
	"fmt"
	"net"
	"net/url"
	"strings"
	"time"

	"madang/room"
)

// minAdminToken is how short a token of those who run the server may be, in bytes.
const minAdminToken = 16

// ServerConfig says where the doors are.
type ServerConfig struct {
	// Address of the page, the WebSocket and the API.
	Listen string `yaml:"listen"`
	// Address of the admin listener: /metrics, /debug/pprof and /api/admin. Empty: none.
	AdminListen string `yaml:"admin_listen"`
	// What those who run the server show as a bearer token to the admin listener, at
	// least 16 letters. Empty: there is no API, and nothing is shown to other hosts.
	AdminToken room.Secret `yaml:"admin_token" reload:"live"`
	// File that holds it, instead of admin_token.
	AdminTokenFile string `yaml:"admin_token_file" example:"/run/secrets/madang-admin" reload:"live"`
	// File to which acts of moderation and of those who run the server are appended, a
	// line of JSON each. Empty: they are among what the server says.
	AuditFile string `yaml:"audit_file" example:"/var/log/madang/audit.log"`
	// Address under which people reach the page, for links. Empty: made from listen.
	PublicURL string `yaml:"public_url" example:"https://meet.example.org" reload:"live"`
	// Origins besides our own whose pages may open a WebSocket, as scheme://host[:port].
	AllowedOrigins []string `yaml:"allowed_origins" example:"[https://example.org]" reload:"live"`
	// Address, as :80, of a listener that sends browsers on to HTTPS, and where issuers of
	// certificates look. Empty: none.
	RedirectListen string `yaml:"redirect_listen"`
	// Addresses or networks of proxies in front of this server, whose word on who
	// makes a request is taken: X-Forwarded-For and X-Forwarded-Proto. Nobody else's is.
	TrustedProxies []string `yaml:"trusted_proxies" example:"[127.0.0.1, 10.0.0.0/8]" reload:"live"`
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
	if n := len(c.AdminToken); n > 0 && n < minAdminToken {
		report("admin_token", fmt.Sprintf("must have at least %d letters", minAdminToken))
	}
	if c.RedirectListen != "" {
		if _, _, err := net.SplitHostPort(c.RedirectListen); err != nil {
			report("redirect_listen", fmt.Sprintf("%q is not host:port", c.RedirectListen))
		}
	}
	for i, text := range c.TrustedProxies {
		if _, err := proxies(text); err != nil {
			report(fmt.Sprintf("trusted_proxies[%d]", i), fmt.Sprintf("%q is not an address or a network like 10.0.0.0/8", text))
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

// Validate reports what does not fit together, by the path of the setting.
func (c Config) Validate(report func(setting, problem string)) {
	if c.Server.RedirectListen != "" && c.TLS.Mode == "off" && !strings.HasPrefix(c.Server.PublicURL, "https://") {
		report("server.redirect_listen", "needs tls, or an https address in server.public_url, to send browsers to")
	}
}
