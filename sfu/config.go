package sfu

import (
	"fmt"
	"net"
	"net/netip"
	"runtime"

	"madang/sfu/relay"
)

// ICEConfig says where peers reach the media plane.
type ICEConfig struct {
	// UDP port of the first worker; worker n listens on udp_port + n.
	// 0 lets the system choose.
	UDPPort int `yaml:"udp_port"`
	// TCP port of all workers, for clients whose network lets no UDP through.
	// 0: the number of udp_port. -1: none.
	TCPPort int `yaml:"tcp_port"`
	// How many workers share the peers, each with a core and a UDP port (1 to 256).
	// 0: one per core.
	Workers int `yaml:"workers"`
	// Addresses that clients outside see, when this host is behind a one-to-one
	// NAT. Empty: the addresses of the interfaces are offered, loopback included.
	PublicIPs []string `yaml:"public_ips" example:"[203.0.113.7]"`
	// STUN server that is asked, once at the start, for the address that clients
	// outside see; it is offered beside those of the interfaces.
	// Instead of public_ips.
	STUNServer string `yaml:"stun_server" example:"stun.example.org:3478"`
	// Network interfaces to offer, by name. Empty: all that are up.
	Interfaces []string `yaml:"interfaces" example:"[eth0]"`
}

// maxWorkers bounds what a configuration may ask for.
const maxWorkers = 256

// WorkerCount is how many workers there are: as many as the configuration says,
// else as many as Go uses cores.
func (c ICEConfig) WorkerCount() int {
	if c.Workers == 0 {
		return min(runtime.GOMAXPROCS(0), maxWorkers)
	}
	return c.Workers
}

// ListenTCP is the port for TCP, 0 where the system is to choose; not on: there is
// none.
func (c ICEConfig) ListenTCP() (port int, on bool) {
	if c.TCPPort == 0 {
		return c.UDPPort, true
	}
	return c.TCPPort, c.TCPPort > 0
}

// DefaultICEConfig offers every interface on UDP port 3480 and those behind it, one
// for each core, and on TCP port 3480.
func DefaultICEConfig() ICEConfig { return ICEConfig{UDPPort: 3480} }

// Validate reports every problem by the path of its field.
func (c ICEConfig) Validate(report func(field, problem string)) {
	if c.UDPPort < 0 || c.UDPPort > 65535 {
		report("udp_port", "must be between 0 and 65535")
	}
	switch last := c.UDPPort + c.WorkerCount() - 1; {
	case c.Workers < 0 || c.Workers > maxWorkers:
		report("workers", fmt.Sprintf("must be between 0 and %d", maxWorkers))
	case c.UDPPort > 0 && c.UDPPort <= 65535 && last > 65535:
		report("udp_port", fmt.Sprintf("must leave room for one port per worker, and the last would be %d", last))
	}
	if c.TCPPort < -1 || c.TCPPort > 65535 {
		report("tcp_port", "must be between 0 and 65535, or -1 for none")
	}
	if _, _, err := net.SplitHostPort(c.STUNServer); c.STUNServer != "" && err != nil {
		report("stun_server", fmt.Sprintf("%q is not host:port", c.STUNServer))
	}
	if c.STUNServer != "" && len(c.PublicIPs) > 0 {
		report("stun_server", "stands beside public_ips; leave out one of them")
	}
	if browsers := c.TCPPort >= 1024 || c.TCPPort == 80 || c.TCPPort == 443; c.TCPPort > 0 && !browsers {
		report("tcp_port", "must not be below 1024, but for 80 and 443: browsers go to no such port")
	}
	for i, ip := range c.PublicIPs {
		if _, err := netip.ParseAddr(ip); err != nil {
			report(fmt.Sprintf("public_ips[%d]", i), fmt.Sprintf("%q is not an IP address", ip))
		}
	}
}

// MediaConfig says what is sent and how much of it.
type MediaConfig struct {
	// Video codecs in the order of preference.
	Codecs []string `yaml:"codecs" oneof:"vp8 vp9 h264 av1"`
	// Most that a publisher is asked to send, per layer, in bits per second (30000
	// to 50000000).
	Bitrates Bitrates `yaml:"bitrates"`
	// How many receive slots a subscriber starts with.
	Slots SlotCounts `yaml:"slots"`
	// Who seals and sends media: auto is this server where it can (Linux, AES-GCM)
	// and Pion elsewhere; portable is always Pion, at several times the cost.
	Writer string `yaml:"writer" oneof:"auto portable"`
}

// The writers of media.
const (
	WriterAuto     = "auto"
	WriterPortable = "portable"
)

// Bitrates are upper bounds in bits per second.
type Bitrates struct {
	// Camera, a quarter of the size.
	Q int `yaml:"q"`
	// Camera, half of the size.
	H int `yaml:"h"`
	// Camera, full size.
	F int `yaml:"f"`
	// Screen share.
	Screen int `yaml:"screen"`
}

// of is the bound of one layer of a source.
func (b Bitrates) of(kind SourceKind, rid string) int {
	switch {
	case kind == Screen:
		return b.Screen
	case rid == "q":
		return b.Q
	case rid == "h":
		return b.H
	}
	return b.F
}

// SlotCounts are numbers of receive slots.
type SlotCounts struct {
	// Tiles with a picture: one video and one audio line each (1 to 25).
	Pairs int `yaml:"pairs"`
	// Lines for the loudest who are not on screen (0 to 8).
	Audio int `yaml:"audio"`
}

// MaxPairs and MaxVoices bound what one subscriber may ask for.
const (
	MaxPairs  = 25
	MaxVoices = 8
)

// DefaultMediaConfig is four tiles and three voices, VP8 first.
func DefaultMediaConfig() MediaConfig {
	return MediaConfig{
		Codecs:   []string{"vp8", "vp9", "h264", "av1"},
		Bitrates: Bitrates{Q: 150_000, H: 500_000, F: 1_700_000, Screen: 2_500_000},
		Slots:    SlotCounts{Pairs: 4, Audio: 3},
		Writer:   WriterAuto,
	}
}

// Validate reports every problem by the path of its field.
func (c MediaConfig) Validate(report func(field, problem string)) {
	seen := map[string]bool{}
	for i, name := range c.Codecs {
		field := fmt.Sprintf("codecs[%d]", i)
		switch name {
		case "vp8", "vp9", "h264", "av1":
			if seen[name] {
				report(field, fmt.Sprintf("%s stands there twice", name))
			}
			seen[name] = true
		default:
			report(field, fmt.Sprintf("%q is not one of vp8, vp9, h264, av1", name))
		}
	}
	if len(c.Codecs) == 0 {
		report("codecs", "needs at least one codec")
	}
	for field, rate := range map[string]int{
		"bitrates.q": c.Bitrates.Q, "bitrates.h": c.Bitrates.H,
		"bitrates.f": c.Bitrates.F, "bitrates.screen": c.Bitrates.Screen,
	} {
		if rate < 30_000 || rate > 50_000_000 {
			report(field, "must be between 30000 and 50000000 bits per second")
		}
	}
	if c.Writer != WriterAuto && c.Writer != WriterPortable {
		report("writer", fmt.Sprintf("%q is not one of auto, portable", c.Writer))
	}
	if c.Slots.Pairs < 1 || c.Slots.Pairs > MaxPairs {
		report("slots.pairs", fmt.Sprintf("must be between 1 and %d", MaxPairs))
	}
	if c.Slots.Audio < 0 || c.Slots.Audio > MaxVoices {
		report("slots.audio", fmt.Sprintf("must be between 0 and %d", MaxVoices))
	}
}

// Config is all that the media plane is told. The zero value is not usable;
// start from [DefaultConfig].
type Config struct {
	ICE    ICEConfig
	TURN   relay.Config
	Media  MediaConfig
	Limits LimitsConfig
}

// DefaultConfig composes the defaults.
func DefaultConfig() Config {
	return Config{ICE: DefaultICEConfig(), TURN: relay.DefaultConfig(), Media: DefaultMediaConfig(), Limits: DefaultLimitsConfig()}
}
