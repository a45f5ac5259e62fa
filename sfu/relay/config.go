package relay

import (
	"fmt"
	"time"
)

// Whether there is a relay.
const (
	On  = "on"
	Off = "off"
)

// Config says where the relay listens and what one client may cost.
type Config struct {
	// Whether this server relays for clients that reach nothing else. It relays
	// to its own media ports alone. Clients come to ice.tcp_port, by TCP or, where
	// tls is on, by TLS; and to the ports below.
	Relay string `yaml:"relay" oneof:"on off"`
	// Port for clients that come by UDP. 0: none. 3478 is the usual one.
	UDPPort int `yaml:"udp_port"`
	// Port for clients that come by TCP. 0: none beside ice.tcp_port.
	TCPPort int `yaml:"tcp_port"`
	// Port for clients that come by TLS. 0: none beside ice.tcp_port. 5349 is the
	// usual one; 443 passes most firewalls, where another address has the page.
	TLSPort int `yaml:"tls_port"`
	// Name or address by which clients reach these ports. Empty: the one that
	// they opened the page with.
	Host string `yaml:"host" example:"meet.example.org"`
	// How long the credentials of a session begin a relay (1m to 24h). One that
	// runs goes on.
	Lifetime time.Duration `yaml:"lifetime"`
	// Most relays of one session at a time: a browser makes one for each of its
	// networks and each way (1 to 1000).
	PerSession int `yaml:"per_session"`
	// Most that is relayed for one session, both ways together, in bits per second.
	Bandwidth int `yaml:"bandwidth"`
}

// DefaultConfig relays, on the port of ICE over TCP alone.
func DefaultConfig() Config {
	return Config{Relay: On, Lifetime: 6 * time.Hour, PerSession: 32, Bandwidth: 30_000_000}
}

// Validate reports every problem by the path of its field.
func (c Config) Validate(report func(field, problem string)) {
	if c.Relay != On && c.Relay != Off {
		report("relay", fmt.Sprintf("%q is not one of on, off", c.Relay))
	}
	for field, port := range map[string]int{"udp_port": c.UDPPort, "tcp_port": c.TCPPort, "tls_port": c.TLSPort} {
		if port < 0 || port > 65535 {
			report(field, "must be between 0 and 65535")
		}
	}
	if c.TCPPort > 0 && c.TCPPort == c.TLSPort {
		report("tls_port", "is tcp_port too: leave out one of them, a port takes both")
	}
	if c.Lifetime < time.Minute || c.Lifetime > 24*time.Hour {
		report("lifetime", "must be between 1m and 24h")
	}
	if c.PerSession < 1 || c.PerSession > 1000 {
		report("per_session", "must be between 1 and 1000")
	}
	if c.Bandwidth < minBandwidth {
		report("bandwidth", fmt.Sprintf("must be at least %d", minBandwidth))
	}
}

// minBandwidth carries a voice and the smallest picture.
const minBandwidth = 200_000
