package signaling

import (
	"fmt"
	"net"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"time"

	"madang/room"
	"madang/sfu/relay"
	"madang/signaling/protocol"
)

// TURNConfig says how clients get here whose network lets little through.
type TURNConfig struct {
	relay.Config `yaml:",inline"`
	// STUN and TURN servers of others that clients are told of too.
	External []ExternalTURN `yaml:"external" reload:"live" example:"[{urls: [\"turns:turn.example.org:443?transport=tcp\"], secret_file: /run/secrets/turn}]"`
}

// ExternalTURN is a server of others, with a name and a password for all, or with
// the secret that it shares with us (use-auth-secret of coturn): then each session
// gets credentials of its own.
type ExternalTURN struct {
	// URLs of one server, as stun:HOST:PORT, turn:HOST:PORT?transport=udp or
	// turns:HOST:PORT?transport=tcp.
	URLs []string `yaml:"urls"`
	// Name for all clients.
	Username string `yaml:"username"`
	// Password for all clients. Better kept in credential_file.
	Credential room.Secret `yaml:"credential"`
	// File that holds the password, instead of credential.
	CredentialFile string `yaml:"credential_file"`
	// Secret that the server shares with us, instead of a name and a password.
	Secret room.Secret `yaml:"secret"`
	// File that holds the secret, instead of secret.
	SecretFile string `yaml:"secret_file"`
}

// DefaultTURNConfig is our own relay alone.
func DefaultTURNConfig() TURNConfig { return TURNConfig{Config: relay.DefaultConfig()} }

// Validate reports every problem by the path of its field.
func (c TURNConfig) Validate(report func(field, problem string)) {
	c.Config.Validate(report)
	for i, external := range c.External {
		at := fmt.Sprintf("external[%d].", i)
		if len(external.URLs) == 0 {
			report(at+"urls", "is missing: where is the server")
		}
		for j, u := range external.URLs {
			if scheme, rest, _ := strings.Cut(u, ":"); !slices.Contains([]string{"stun", "stuns", "turn", "turns"}, scheme) || rest == "" {
				report(fmt.Sprintf("%surls[%d]", at, j), fmt.Sprintf("%q is not a URL like turn:turn.example.org:3478", u))
			}
		}
		if external.Secret != "" && (external.Username != "" || external.Credential != "") {
			report(at+"secret", "stands beside username and credential; leave out one or the other")
		}
	}
}

// iceServers is what the client of now is told: our own relay by the name that it
// reached us by, and the servers of others.
func (s *session) iceServers() []protocol.ICEServer {
	all := []protocol.ICEServer{}
	for _, own := range s.server.media.ICEServers(string(s.id), s.socket.host) {
		all = append(all, protocol.ICEServer{URLs: own.URLs, Username: own.Username, Credential: own.Credential})
	}
	if !s.mayUseOthers() {
		return all
	}
	cfg := s.server.config().TURN
	for _, external := range cfg.External {
		one := protocol.ICEServer{URLs: external.URLs, Username: external.Username, Credential: external.Credential.Reveal()}
		if external.Secret != "" {
			granted := relay.Grant(external.Secret.Reveal(), string(s.id), time.Now().Add(cfg.Lifetime))
			one.Username, one.Credential = granted.Username, granted.Password
		}
		all = append(all, one)
	}
	return all
}

// hostOf is the name or address by which a client reaches us, without brackets;
// empty if it names none that could be one.
func hostOf(r *http.Request, cfg ServerConfig) string {
	host := r.Host
	if u, err := url.Parse(cfg.PublicURL); err == nil && u.Host != "" {
		host = u.Host
	}
	if name, _, err := net.SplitHostPort(host); err == nil {
		host = name
	}
	host = strings.Trim(host, "[]")
	plain := func(r rune) bool {
		return r >= 'a' && r <= 'z' || r >= 'A' && r <= 'Z' || r >= '0' && r <= '9' || strings.ContainsRune(".-:_", r)
	}
	if len(host) > 253 || strings.ContainsFunc(host, func(r rune) bool { return !plain(r) }) {
		return ""
	}
	return host
}
