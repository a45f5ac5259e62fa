package client_test

import (
	"testing"
	"time"

	"github.com/pion/rtp"
	"github.com/pion/rtp/codecs"

	"madang/signaling/client"
	"madang/signaling/client/bot"
	"madang/signaling/client/clienttest"
	"madang/signaling/client/synthetic"
	"madang/signaling/protocol"
)

func TestSwitchesKeepSequenceAndTimestampContinuous(t *testing.T) {
	t.Parallel()
	const switches = 200
	url := clienttest.Serve(t, clienttest.DefaultConfig())
	pictures := make(chan uint16, 1<<16) // ids, in the order of arrival
	viewer := join(t, url, "switch", "Viewer", func(o *bot.Options) {
		o.Client.Pairs = 1
		o.Client.OnRTP = func(slot *client.Slot, packet *rtp.Packet, _ time.Time) {
			var vp8 codecs.VP8Packet
			if !slot.Video || len(packet.Payload) == 0 {
				return
			}
			if _, err := vp8.Unmarshal(packet.Payload); err == nil && vp8.S == 1 {
				pictures <- vp8.PictureID
			}
		}
	})
	// Keyframes come often by themselves: no more than two a second may be asked for.
	size := func(width, height, fps, layers int) func(*bot.Options) {
		return func(o *bot.Options) {
			o.Camera = []synthetic.VideoConfig{{
				Width: width, Height: height, FPS: fps, Bitrate: 200_000, TemporalLayers: layers, Seed: uint64(width),
				KeyframeEvery: 100 * time.Millisecond,
			}}
		}
	}
	shown := []*bot.Bot{
		join(t, url, "switch", "Small", size(160, 90, 25, 3)),
		join(t, url, "switch", "Large", size(640, 360, 30, 2), func(o *bot.Options) { o.Client.ClockOffset = time.Hour }),
	}
	for _, b := range shown {
		publish(t, b, protocol.Camera)
	}
	var slot *client.Slot
	for _, s := range viewer.Slots() {
		if s.Video {
			slot = s
		}
	}
	for i := range switches {
		to := shown[i%2].You()
		if err := viewer.View([]protocol.Tile{{Member: to, Source: protocol.Camera, W: 640, H: 360}}); err != nil {
			t.Fatal(err)
		}
		eventually(t, "the switch shows", func() bool { return slot.Carries().Member == to && slot.Carries().Why == "" })
	}
	stats := slot.Stats()
	if stats.Jumps != 0 || stats.Loss.GivenUp != 0 || stats.Backwards != 0 || stats.Stray > time.Second {
		t.Errorf("the stream broke: %+v", stats)
	}
	for last, first := uint16(0), true; len(pictures) > 0; first = false {
		id := <-pictures
		if step := (id - last) & 0x7fff; !first && step != 1 {
			t.Fatalf("picture id %d after %d", id, last)
		}
		last = id
	}
	t.Logf("%d switches, %d packets, timestamps at most %v from their time", switches, stats.Packets, stats.Stray)
}
