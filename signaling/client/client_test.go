package client_test

import (
	"context"
	"testing"
	"time"

	"madang/signaling/client"
	"madang/signaling/client/bot"
	"madang/signaling/client/clienttest"
	"madang/signaling/client/synthetic"
	"madang/signaling/protocol"
)

// within is how long a test waits for what must happen soon.
const within = 20 * time.Second

// join brings a bot in that sends small pictures and a voice, and takes it out
// at the end of the test.
func join(t *testing.T, url, room, name string, change ...func(*bot.Options)) *bot.Bot {
	t.Helper()
	options := bot.Options{
		Client: client.Options{URL: url, Room: room, Name: name},
		Camera: []synthetic.VideoConfig{{Bitrate: 100_000, FPS: 10}},
		Voice:  &synthetic.VoiceConfig{},
		Began:  time.Now(),
	}
	for _, c := range change {
		c(&options)
	}
	ctx, cancel := context.WithTimeout(t.Context(), within)
	defer cancel()
	b, err := bot.Join(ctx, options)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(b.Leave)
	return b
}

// publish begins to send sources.
func publish(t *testing.T, b *bot.Bot, sources ...protocol.Source) {
	t.Helper()
	for _, source := range sources {
		if _, err := b.Publish(source); err != nil {
			t.Fatal(err)
		}
	}
}

// eventually waits until something holds.
func eventually(t *testing.T, what string, holds func() bool) {
	t.Helper()
	for end := time.Now().Add(within); time.Now().Before(end); time.Sleep(5 * time.Millisecond) {
		if holds() {
			return
		}
	}
	t.Fatalf("not within %v: %s", within, what)
}

// carrying is the slots of b that carry something of a member and receive it.
func carrying(b *bot.Bot, member string) (slots []*client.Slot) {
	for _, slot := range b.Slots() {
		if is := slot.Carries(); is.Member == member && is.Why == "" && slot.Stats().Packets > 0 {
			slots = append(slots, slot)
		}
	}
	return slots
}

func TestTwoSeeAndHearEachOther(t *testing.T) {
	t.Parallel()
	url := clienttest.Serve(t, clienttest.DefaultConfig())
	ada, bo := join(t, url, "r", "Ada"), join(t, url, "r", "Bo")
	publish(t, ada, protocol.Mic, protocol.Camera)
	publish(t, bo, protocol.Mic, protocol.Camera)
	for who, from := range map[*bot.Bot]*bot.Bot{ada: bo, bo: ada} {
		eventually(t, "picture and sound arrive", func() bool { return len(carrying(who, from.You())) == 2 })
	}
}
