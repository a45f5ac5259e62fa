package client_test

import (
	"sync/atomic"
	"testing"
	"time"

	"github.com/pion/rtp"

	"madang/signaling/client"
	"madang/signaling/client/bot"
	"madang/signaling/client/clienttest"
	"madang/signaling/client/synthetic"
	"madang/signaling/protocol"
)

func TestViewChoosesTheLayerAndThePublisherStopsTheRest(t *testing.T) {
	t.Parallel()
	url := clienttest.Serve(t, clienttest.DefaultConfig())
	var seen atomic.Int32 // the layer of the newest packet
	viewer := join(t, url, "view", "Viewer", func(o *bot.Options) {
		o.Client.Pairs = 1
		o.Client.OnRTP = func(slot *client.Slot, packet *rtp.Packet, _ time.Time) {
			if stamp, ok := synthetic.ReadStamp(packet.Payload); slot.Video && ok {
				seen.Store(int32(stamp.Layer))
			}
		}
	})
	rids := []string{"q", "h", "f"}
	publisher := join(t, url, "view", "Publisher", func(o *bot.Options) {
		o.Client.Pairs, o.Client.Layers = -1, rids
		o.Camera = nil
		for i := range rids {
			o.Camera = append(o.Camera, synthetic.VideoConfig{
				Width: 160 << i, Height: 90 << i, Bitrate: 50_000 << i, Seed: uint64(i), Stamp: synthetic.Stamp{Layer: uint8(i)},
			})
		}
	})
	camera, err := publisher.Publish(protocol.Camera)
	if err != nil {
		t.Fatal(err)
	}
	for _, step := range []struct {
		what      string
		w, h      int
		layer     int32
		notWanted string
	}{
		{"a small tile", 160, 90, 0, "f"},
		{"a large tile", 640, 360, 2, ""},
		{"a tile between", 320, 180, 1, "f"},
	} {
		if err := viewer.View([]protocol.Tile{{Member: publisher.You(), Source: protocol.Camera, W: step.w, H: step.h}}); err != nil {
			t.Fatal(err)
		}
		eventually(t, step.what+" gets its layer", func() bool { return seen.Load() == step.layer })
		eventually(t, step.what+" needs its layer, and leaves the others", func() bool {
			return camera.Wanted(rids[step.layer]) && (step.notWanted == "" || !camera.Wanted(step.notWanted))
		})
	}
	if err := viewer.View([]protocol.Tile{}); err != nil {
		t.Fatal(err)
	}
	eventually(t, "nobody looks", func() bool { return !camera.Wanted("q") && !camera.Wanted("h") && !camera.Wanted("f") })
	eventually(t, "everyone is told how the others fare", func() bool { return len(viewer.Quality()) == 2 })
}
