package client_test

import (
	"sync/atomic"
	"testing"
	"time"

	"github.com/pion/rtp"

	"madang/signaling/client"
	"madang/signaling/client/bot"
	"madang/signaling/client/clienttest"
	"madang/signaling/protocol"
)

// settle is how long what was on its way may still arrive; quiet is how long
// nothing may come after that.
const (
	settle = 200 * time.Millisecond
	quiet  = 500 * time.Millisecond
)

// flows waits until packets come.
func flows(t *testing.T, what string, packets *atomic.Int64) {
	t.Helper()
	before := packets.Load()
	eventually(t, what+" flows", func() bool { return packets.Load() > before+5 })
}

// stops holds that no packets come any more.
func stops(t *testing.T, what string, packets *atomic.Int64) {
	t.Helper()
	time.Sleep(settle)
	before := packets.Load()
	time.Sleep(quiet)
	if more := packets.Load() - before; more > 0 {
		t.Errorf("%d packets of %s came after the cut", more, what)
	}
}

func TestMuteAndLeaveCutAtOnce(t *testing.T) {
	t.Parallel()
	url := clienttest.Serve(t, clienttest.DefaultConfig())
	var sound, picture atomic.Int64 // packets that the listener received
	listener := join(t, url, "cut", "Listener", func(o *bot.Options) {
		o.Client.OnRTP = func(slot *client.Slot, packet *rtp.Packet, _ time.Time) {
			switch {
			case len(packet.Payload) == 0: // padding that probes the link
			case slot.Video:
				picture.Add(1)
			default:
				sound.Add(1)
			}
		}
	})
	speaker := join(t, url, "cut", "Speaker")
	mic, err := speaker.Publish(protocol.Mic)
	if err != nil {
		t.Fatal(err)
	}
	publish(t, speaker, protocol.Camera)
	flows(t, "sound", &sound)
	flows(t, "picture", &picture)

	// The speaker goes on sending: the server is what cuts.
	if err := mic.Mute(); err != nil {
		t.Fatal(err)
	}
	eventually(t, "the mute shows", func() bool {
		return listener.People()[speaker.You()].Sources[protocol.Mic] == protocol.Muted
	})
	stops(t, "sound", &sound)
	flows(t, "picture", &picture)
	if err := mic.Unmute(); err != nil {
		t.Fatal(err)
	}
	flows(t, "sound", &sound)

	speaker.Leave()
	eventually(t, "the leave shows", func() bool { return len(listener.People()) == 1 })
	stops(t, "sound", &sound)
	stops(t, "picture", &picture)
	for _, slot := range listener.Slots() {
		if is := slot.Carries(); is.Why == "" {
			t.Errorf("slot %s still carries %+v", slot.Mid, is)
		}
	}
}
