// Package clienttest starts a whole server inside a test, for clients to join.
package clienttest

import (
	"context"
	"log/slog"
	"sync"
	"testing"
	"testing/fstest"
	"time"

	"madang/room"
	"madang/sfu"
	"madang/signaling"
)

// Config is what the parts of a server are told.
type Config struct {
	SFU       sfu.Config
	Rooms     room.Config
	Signaling signaling.Config
	Log       *slog.Logger
}

// DefaultConfig is a server on loopback, on ports that the system chooses, for a
// thousand members a room.
func DefaultConfig() Config {
	c := Config{
		SFU: sfu.DefaultConfig(), Rooms: room.DefaultConfig(), Signaling: signaling.DefaultConfig(),
		Log: slog.New(slog.DiscardHandler),
	}
	c.SFU.ICE.UDPPort = 0
	c.SFU.ICE.Interfaces = []string{"lo"}
	c.Rooms.Rooms.MaxMembers = 1000
	c.Signaling.Server.Listen = "127.0.0.1:0"
	c.Signaling.Server.AdminListen = ""
	c.Signaling.Limits.JoinsPerMinute = 100_000 // all come from one address
	return c
}

// Serve starts a server, which the end of the test stops, and returns its URL.
func Serve(t testing.TB, config Config) (url string) {
	t.Helper()
	url, _ = Start(t, config)
	return url
}

// Start is Serve with a way to stop the server before the end of the test.
func Start(t testing.TB, config Config) (url string, stop func()) {
	t.Helper()
	media, err := sfu.New(config.SFU, config.Log)
	if err != nil {
		t.Fatal(err)
	}
	rooms, err := room.NewRooms(config.Rooms, func(o sfu.Observer) room.Router { return media.NewRouter(o) }, config.Log)
	if err != nil {
		t.Fatal(err)
	}
	page := fstest.MapFS{"index.html": {Data: []byte("<!doctype html>")}}
	server, err := signaling.New(config.Signaling, rooms, signaling.NewMedia(media, config.SFU.Media), page, config.Log)
	if err != nil {
		t.Fatal(err)
	}
	if err := server.Start(); err != nil {
		t.Fatal(err)
	}
	stop = sync.OnceFunc(func() {
		ctx, cancel := context.WithTimeout(context.Background(), 20*time.Second)
		defer cancel()
		if err := server.Shutdown(ctx); err != nil {
			t.Errorf("the server did not shut down: %v", err)
		}
		rooms.Close()
		media.Close()
	})
	t.Cleanup(stop)
	return "http://" + server.Addr().String(), stop
}
