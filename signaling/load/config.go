package load

import (
	"fmt"
	"time"

	"madang/sfu"
)

// Config says what to load a server with.
type Config struct {
	// URL of the server: http or https, host and port.
	URL string
	// Room is the name of the room; of several, a number follows it.
	Room string
	// Password of the rooms, where they have one.
	Password string
	// Rooms is how many rooms are filled alike.
	Rooms int

	// Members in each room send and receive, Publishers only send, Subscribers
	// only receive.
	Members, Publishers, Subscribers int

	// Video is what each camera sends; a Bitrate of 0 is no camera.
	Video VideoConfig
	// Audio makes those who send speak in turn.
	Audio bool
	// ChatRate is lines a second in each room, by all of its members in turn.
	ChatRate float64

	// Pairs is how many tiles each receiver has; 0: one for each whom it could see,
	// at most 25.
	Pairs int
	// JoinRate is members that join in a second; 0: all at once.
	JoinRate float64
	// Duration is how long the load stands when everybody has joined.
	Duration time.Duration

	// Thresholds are what must hold for the run to pass.
	Thresholds Thresholds
}

// VideoConfig is what a camera sends.
type VideoConfig struct {
	// Bitrate in bits per second; of the largest layer where there are several.
	Bitrate int
	// FPS is frames a second.
	FPS int
	// Width and Height in pixels; of the largest layer where there are several.
	Width, Height int
	// Simulcast sends three layers, each half as wide as the next and at a third
	// of its bitrate.
	Simulcast bool
	// KeyframeEvery is the longest time between keyframes; 0: only when asked.
	KeyframeEvery time.Duration
}

// Thresholds are what must hold for a run to pass. A time of 0 is not looked at.
type Thresholds struct {
	// Tracks is the share of expected tracks that must come, 0 to 1.
	Tracks float64
	// Unrepaired is how many packets may still be missing after a second.
	Unrepaired uint64
	// JoinP95 is from the first byte to being in the room with a media path.
	JoinP95 time.Duration
	// FirstMediaP95 is from the first byte to the first packet of media.
	FirstMediaP95 time.Duration
	// DelayP99 is a packet's way through the server.
	DelayP99 time.Duration
	// ChatP99 is from sending a line to having it back.
	ChatP99 time.Duration
}

// DefaultConfig is a meeting of four for half a minute on this machine.
func DefaultConfig() Config {
	return Config{
		URL: "http://localhost:8080", Room: "load", Rooms: 1, Members: 4,
		Video: VideoConfig{Bitrate: 300_000, FPS: 15, Width: 320, Height: 180},
		Audio: true, ChatRate: 1, JoinRate: 20, Duration: 30 * time.Second,
		Thresholds: Thresholds{Tracks: 1},
	}
}

// Validate reports every problem by the path of its field.
func (c Config) Validate(report func(field, problem string)) {
	atLeast := func(field string, value, least int) {
		if value < least {
			report(field, fmt.Sprintf("must be at least %d", least))
		}
	}
	atLeast("rooms", c.Rooms, 1)
	atLeast("members", c.Members, 0)
	atLeast("publishers", c.Publishers, 0)
	atLeast("subscribers", c.Subscribers, 0)
	if c.Members+c.Publishers+c.Subscribers == 0 {
		report("members", "nobody would join")
	}
	if c.Room == "" {
		report("room", "is missing")
	}
	if c.Video.Bitrate != 0 && (c.Video.Bitrate < 20_000 || c.Video.Bitrate > 50_000_000) {
		report("video.bitrate", "must be 0 or between 20000 and 50000000 bits per second")
	}
	if c.Video.Bitrate != 0 {
		if c.Video.FPS < 1 || c.Video.FPS > 120 {
			report("video.fps", "must be between 1 and 120")
		}
		if least := c.Video.smallest(); least < 16 || max(c.Video.Width, c.Video.Height) > 4096 {
			report("video.size", "must be between 16 × 16 (in the smallest layer) and 4096 × 4096")
		}
	}
	if c.ChatRate < 0 || c.JoinRate < 0 {
		report("rate", "must not be negative")
	}
	if c.Pairs < 0 || c.Pairs > sfu.MaxPairs {
		report("pairs", fmt.Sprintf("must be between 0 and %d", sfu.MaxPairs))
	}
	if c.Duration <= 0 {
		report("duration", "must be longer than 0")
	}
	if c.Thresholds.Tracks < 0 || c.Thresholds.Tracks > 1 {
		report("thresholds.tracks", "must be between 0 and 1")
	}
}

// smallest is the shorter side of the smallest layer.
func (v VideoConfig) smallest() int {
	side := min(v.Width, v.Height)
	if v.Simulcast {
		return side / 4
	}
	return side
}

// size is how many members a room has.
func (c *Config) size() int { return c.Members + c.Publishers + c.Subscribers }

// role is what a member does.
type role struct{ sends, receives bool }

// role is what member i of a room does.
func (c *Config) role(i int) role {
	switch {
	case i < c.Publishers:
		return role{sends: true}
	case i < c.Publishers+c.Members:
		return role{sends: true, receives: true}
	default:
		return role{receives: true}
	}
}

// visible is how many others a member in a role can see.
func (c *Config) visible(r role) int {
	senders := c.Publishers + c.Members
	if r.sends {
		senders--
	}
	return max(senders, 0)
}

// pairs is how many tiles a member in a role offers.
func (c *Config) pairs(r role) int {
	switch {
	case !r.receives:
		return 0
	case c.Pairs > 0:
		return c.Pairs
	default:
		return min(c.visible(r), sfu.MaxPairs)
	}
}

// expected is how many tracks must reach a member in a role: a picture and a
// voice on each tile.
func (c *Config) expected(r role) int {
	tiles := min(c.pairs(r), c.visible(r))
	tracks := 0
	if c.Video.Bitrate > 0 {
		tracks += tiles
	}
	if c.Audio {
		tracks += tiles
	}
	return tracks
}
