package load

import (
	"bytes"
	"encoding/json"
	"errors"
	"net"
	"testing"
	"time"

	"madang/signaling/client/clienttest"
)

// small is a load that a busy machine can carry under the race detector.
func small(url string) Config {
	c := DefaultConfig()
	c.URL, c.Members, c.Duration, c.JoinRate = url, 3, 2*time.Second, 0
	c.Video.Bitrate, c.Video.FPS = 100_000, 10
	return c
}

func TestLoadReceivesEveryExpectedTrack(t *testing.T) {
	for name, change := range map[string]func(*Config){
		"meeting":        func(*Config) {},
		"rooms":          func(c *Config) { c.Rooms, c.Members = 3, 2 },
		"webinar":        func(c *Config) { c.Members, c.Publishers, c.Subscribers = 0, 1, 4 },
		"simulcast":      func(c *Config) { c.Video.Simulcast, c.Video.Width, c.Video.Height = true, 640, 360 },
		"sound only":     func(c *Config) { c.Video.Bitrate = 0 },
		"pictures only":  func(c *Config) { c.Audio = false },
		"fewer tiles":    func(c *Config) { c.Members, c.Pairs = 4, 2 },
		"without a word": func(c *Config) { c.ChatRate = 0 },
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			config := small(clienttest.Serve(t, clienttest.DefaultConfig()))
			change(&config)
			var out bytes.Buffer
			report, err := Run(t.Context(), config, &out)
			if err != nil {
				t.Fatal(err)
			}
			report.Invalid = nil // a busy machine is not what is tested
			if report.ExitCode() != 0 || report.Tracks.Expected == 0 {
				report.Print(&out)
				t.Errorf("%s", out.Bytes())
			}
			if config.ChatRate > 0 && (report.Chat.Sent == 0 || report.ChatTrip.Count != int64(report.Chat.Sent)) {
				t.Errorf("chat: %+v, %+v", report.Chat, report.ChatTrip)
			}
			if _, err := json.Marshal(report); err != nil {
				t.Error(err)
			}
		})
	}
}

func TestLoadWithoutServerSaysSoAtOnce(t *testing.T) {
	free, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	url := "http://" + free.Addr().String()
	free.Close()
	start := time.Now()
	if _, err := Run(t.Context(), small(url), new(bytes.Buffer)); !errors.Is(err, ErrNoServer) {
		t.Errorf("got %v, want %v", err, ErrNoServer)
	}
	if took := time.Since(start); took > probeTimeout+time.Second {
		t.Errorf("it took %v", took)
	}
}
