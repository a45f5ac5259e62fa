package configs

import (
	"slices"
	"testing"
	"time"

	"madang/room"
)

func TestReloadTakesWhatMayChangeAndNamesTheRest(t *testing.T) {
	running, next := Default(), Default()
	next.Server.Listen = "127.0.0.1:9"
	next.Server.Drain = time.Minute
	next.Server.AllowedOrigins = []string{"https://example.org"}
	next.ICE.UDPPort = 4000
	next.Rooms.MaxMembers = 3
	next.Rooms.Overrides = []room.Override{{Name: "class-*"}}
	next.Limits.ChatPerSecond = 1
	next.Logging = LoggingConfig{Level: "debug", Format: "json"}

	holds, live, restart := Reload(running, next)
	wantLive := []string{"server.allowed_origins", "server.drain", "rooms.max_members", "rooms.overrides", "limits.chat_per_second", "logging.level"}
	if !slices.Equal(live, wantLive) {
		t.Errorf("live: %v, want %v", live, wantLive)
	}
	wantRestart := []string{"server.listen", "ice.udp_port", "logging.format"}
	if !slices.Equal(restart, wantRestart) {
		t.Errorf("restart: %v, want %v", restart, wantRestart)
	}
	if holds.Server.Listen != running.Server.Listen || holds.ICE.UDPPort != running.ICE.UDPPort || holds.Logging.Format != "text" {
		t.Errorf("what waits for a restart holds already: %+v", holds)
	}
	if holds.Server.Drain != time.Minute || holds.Rooms.MaxMembers != 3 || len(holds.Rooms.Overrides) != 1 || holds.Logging.Level != "debug" {
		t.Errorf("what is live does not hold: %+v", holds)
	}
	if running.Rooms.MaxMembers != Default().Rooms.MaxMembers {
		t.Error("the running configuration was written to")
	}

	if _, live, restart := Reload(holds, next); len(live) > 0 || !slices.Equal(restart, wantRestart) {
		t.Errorf("once more: live %v, restart %v", live, restart)
	}
}
