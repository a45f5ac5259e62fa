package configs

import (
	"madang/room"
	"madang/sfu"
	"madang/signaling"
)

// Config is everything that can be configured, one field per section.
type Config struct {
	// Where the doors are.
	Server signaling.ServerConfig `yaml:"server"`
	// How the public listener is encrypted. Browsers give camera and microphone
	// only to pages from localhost or over HTTPS.
	TLS signaling.TLSConfig `yaml:"tls"`
	// Where audio and video reach this server.
	ICE sfu.ICEConfig `yaml:"ice"`
	// How clients get here whose network lets little through: by TCP or TLS through
	// a relay of this server, or through the TURN servers of others.
	TURN signaling.TURNConfig `yaml:"turn"`
	// What rooms ask of those who come in.
	Rooms room.RoomsConfig `yaml:"rooms" reload:"live"`
	// Which tokens open rooms. madang token makes them, and so may any program that
	// has a key: they are JSON Web Tokens.
	Tokens signaling.TokensConfig `yaml:"tokens" reload:"live"`
	// What each role may do, by the names of permissions. Who has power over others
	// has it over lower roles only.
	Roles room.RolesConfig `yaml:"roles" reload:"live"`
	// What is sent, and how much of it.
	Media sfu.MediaConfig `yaml:"media"`
	// What one client may cost. A normal room never meets these.
	Limits signaling.LimitsConfig `yaml:"limits" reload:"live"`
	// What a room remembers of its chat.
	Chat room.ChatConfig `yaml:"chat"`
	// What the server says of itself, on standard error.
	Logging LoggingConfig `yaml:"logging"`
}

// Default is a server for this machine only, with open rooms.
func Default() Config {
	return Config{
		Server:  signaling.DefaultServerConfig(),
		TLS:     signaling.DefaultTLSConfig(),
		ICE:     sfu.DefaultICEConfig(),
		TURN:    signaling.DefaultTURNConfig(),
		Rooms:   room.DefaultRoomsConfig(),
		Tokens:  signaling.DefaultTokensConfig(),
		Roles:   room.DefaultRolesConfig(),
		Media:   sfu.DefaultMediaConfig(),
		Limits:  signaling.DefaultLimitsConfig(),
		Chat:    room.DefaultChatConfig(),
		Logging: DefaultLoggingConfig(),
	}
}

// Validate reports every problem by the path of its setting, as ice.udp_port.
func (c Config) Validate(report func(setting, problem string)) {
	in := func(section string) func(field, problem string) {
		return func(field, problem string) { report(section+"."+field, problem) }
	}
	c.Server.Validate(in("server"))
	c.TLS.Validate(in("tls"))
	c.ICE.Validate(in("ice"))
	c.TURN.Validate(in("turn"))
	c.Rooms.Validate(in("rooms"))
	c.Tokens.Validate(in("tokens"))
	c.Roles.Validate(in("roles"))
	c.Media.Validate(in("media"))
	c.Limits.Validate(in("limits"))
	c.Chat.Validate(in("chat"))
	c.Logging.Validate(in("logging"))
	c.Signaling().Validate(report)
}

// SFU is what the media plane is told.
func (c Config) SFU() sfu.Config {
	return sfu.Config{ICE: c.ICE, TURN: c.TURN.Config, Media: c.Media, Limits: c.Limits.LimitsConfig}
}

// Room is what rooms are told.
func (c Config) Room() room.Config { return room.Config{Rooms: c.Rooms, Roles: c.Roles, Chat: c.Chat} }

// Signaling is what the doors are told.
func (c Config) Signaling() signaling.Config {
	return signaling.Config{Server: c.Server, TLS: c.TLS, TURN: c.TURN, Limits: c.Limits, Tokens: c.Tokens}
}
