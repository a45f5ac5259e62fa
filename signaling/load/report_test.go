package load

import (
	"encoding/json"
	"strings"
	"testing"
	"time"
)

func TestReportJudges(t *testing.T) {
	good := func() Report {
		return Report{
			Members: MemberCounts{Wanted: 2, Connected: 2}, Tracks: TrackCounts{Expected: 10, Received: 10},
			Chat: ChatCounts{Sent: 3, Back: 3},
			Join: Percentiles{P95: Milliseconds(time.Second)}, FirstMedia: Percentiles{P95: Milliseconds(time.Second)},
			Delay: Percentiles{P99: Milliseconds(time.Second)}, ChatTrip: Percentiles{P99: Milliseconds(time.Second)},
		}
	}
	for name, c := range map[string]struct {
		change     func(*Report)
		thresholds Thresholds
		missed     string // part of the one complaint; empty for none
	}{
		"all is well":       {func(*Report) {}, Thresholds{Tracks: 1}, ""},
		"a track is absent": {func(r *Report) { r.Tracks.Received = 9 }, Thresholds{Tracks: 1}, "9 tracks of 10"},
		"enough tracks":     {func(r *Report) { r.Tracks.Received = 9 }, Thresholds{Tracks: 0.9}, ""},
		"one failed":        {func(r *Report) { r.Members.Failed = 1 }, Thresholds{}, "1 members of 2"},
		"one was cut off":   {func(r *Report) { r.Members.Lost = 1 }, Thresholds{}, "cut off"},
		"unrepaired":        {func(r *Report) { r.Media.Unrepaired = 2 }, Thresholds{Unrepaired: 1}, "2 packets"},
		"few unrepaired":    {func(r *Report) { r.Media.Unrepaired = 2 }, Thresholds{Unrepaired: 2}, ""},
		"a break":           {func(r *Report) { r.Media.Breaks = 1 }, Thresholds{}, "broke"},
		"a lost line":       {func(r *Report) { r.Chat.Back = 2 }, Thresholds{}, "1 lines"},
		"slow join":         {func(*Report) {}, Thresholds{JoinP95: time.Millisecond}, "join p95"},
		"slow first media":  {func(*Report) {}, Thresholds{FirstMediaP95: time.Millisecond}, "first media p95"},
		"slow way":          {func(*Report) {}, Thresholds{DelayP99: time.Millisecond}, "one-way delay p99"},
		"slow chat":         {func(*Report) {}, Thresholds{ChatP99: time.Millisecond}, "chat round trip p99"},
		"fast enough":       {func(*Report) {}, Thresholds{JoinP95: time.Second, ChatP99: time.Minute}, ""},
	} {
		t.Run(name, func(t *testing.T) {
			r := good()
			c.change(&r)
			r.judge(c.thresholds)
			if c.missed == "" {
				if len(r.Missed) > 0 || r.ExitCode() != 0 {
					t.Errorf("missed %q", r.Missed)
				}
				return
			}
			if len(r.Missed) != 1 || !strings.Contains(r.Missed[0], c.missed) || r.ExitCode() != 1 {
				t.Errorf("missed %q, want one of %q", r.Missed, c.missed)
			}
		})
	}
}

func TestReportWritesMilliseconds(t *testing.T) {
	p := Percentiles{Count: 1, P50: Milliseconds(1234567 * time.Nanosecond), Max: Milliseconds(2 * time.Second)}
	got, err := json.Marshal(p)
	if err != nil {
		t.Fatal(err)
	}
	if want := `{"count":1,"p50_ms":1.23,"p95_ms":0,"p99_ms":0,"max_ms":2000}`; string(got) != want {
		t.Errorf("got %s, want %s", got, want)
	}
}

func TestLatencyMergesItsShards(t *testing.T) {
	l := newLatency()
	for i := range 1000 {
		l.add(i, time.Duration(i+1)*time.Millisecond)
	}
	p := l.percentiles()
	near := func(got Milliseconds, want time.Duration) bool {
		return time.Duration(got) > want*98/100 && time.Duration(got) < want*102/100
	}
	if p.Count != 1000 || !near(p.P50, 500*time.Millisecond) || !near(p.P99, 990*time.Millisecond) || !near(p.Max, time.Second) {
		t.Errorf("got %+v", p)
	}
	if empty := newLatency().percentiles(); empty != (Percentiles{}) {
		t.Errorf("got %+v of nothing", empty)
	}
}

func TestConfigRefuses(t *testing.T) {
	for field, change := range map[string]func(*Config){
		"rooms":             func(c *Config) { c.Rooms = 0 },
		"members":           func(c *Config) { c.Members = 0 },
		"publishers":        func(c *Config) { c.Publishers = -1 },
		"room":              func(c *Config) { c.Room = "" },
		"video.bitrate":     func(c *Config) { c.Video.Bitrate = 5 },
		"video.fps":         func(c *Config) { c.Video.FPS = 0 },
		"video.size":        func(c *Config) { c.Video.Width = 8 },
		"pairs":             func(c *Config) { c.Pairs = 26 },
		"duration":          func(c *Config) { c.Duration = 0 },
		"thresholds.tracks": func(c *Config) { c.Thresholds.Tracks = 2 },
	} {
		c := DefaultConfig()
		c.Validate(func(field, problem string) { t.Errorf("the default: %s %s", field, problem) })
		change(&c)
		var got []string
		c.Validate(func(field, _ string) { got = append(got, field) })
		if len(got) != 1 || got[0] != field {
			t.Errorf("%s: problems with %q", field, got)
		}
	}
}

func TestExpectedTracks(t *testing.T) {
	for name, c := range map[string]struct {
		config Config
		want   int // over one room
	}{
		"ten meet":           {Config{Members: 10, Audio: true, Video: VideoConfig{Bitrate: 1}}, 180},
		"one to a hundred":   {Config{Publishers: 1, Subscribers: 100, Audio: true, Video: VideoConfig{Bitrate: 1}}, 200},
		"sound only":         {Config{Members: 3, Audio: true}, 6},
		"few tiles":          {Config{Members: 10, Pairs: 4, Audio: true, Video: VideoConfig{Bitrate: 1}}, 80},
		"more than 25":       {Config{Members: 40, Video: VideoConfig{Bitrate: 1}}, 40 * 25},
		"alone":              {Config{Members: 1, Audio: true}, 0},
		"more tiles than it": {Config{Members: 3, Pairs: 9, Audio: true}, 6},
	} {
		got := 0
		for i := range c.config.size() {
			got += c.config.expected(c.config.role(i))
		}
		if got != c.want {
			t.Errorf("%s: %d, want %d", name, got, c.want)
		}
	}
}
