package client_test

import (
	"sync"
	"testing"
	"time"

	"github.com/pion/rtp"

	"madang/sfu/timeline"
	"madang/signaling/client"
	"madang/signaling/client/bot"
	"madang/signaling/client/clienttest"
	"madang/signaling/client/synthetic"
	"madang/signaling/protocol"
)

// moment is the newest packet of a slot: what its RTP clock said, and when it
// was truly sent.
type moment struct {
	timestamp uint32
	sent      time.Time
	sender    uint32
}

// playout is when a receiver would play m, by the newest sender report of its
// slot (RFC 3550 §6.4.1).
func (m moment) playout(slot *client.Slot) time.Time {
	rate := time.Duration(synthetic.VoiceClockRate)
	if slot.Video {
		rate = synthetic.VideoClockRate
	}
	report := slot.Stats().SenderReport
	ticks := time.Duration(int32(m.timestamp - report.RTPTime))
	return timeline.FromNTP(report.NTPTime).Add(ticks * time.Second / rate)
}

// TestLipsStayInSyncThoughClocksAreAnHourApart compares, on one tile that shows
// two members in turn, when picture and sound that were made together are to be
// played.
func TestLipsStayInSyncThoughClocksAreAnHourApart(t *testing.T) {
	t.Parallel()
	const apart = 80 * time.Millisecond
	url := clienttest.Serve(t, clienttest.DefaultConfig())
	var mu sync.Mutex
	newest := map[*client.Slot]moment{}
	viewer := join(t, url, "lips", "Viewer", func(o *bot.Options) {
		o.Client.Pairs, o.Client.Voices = 1, -1
		o.Client.OnRTP = func(slot *client.Slot, packet *rtp.Packet, _ time.Time) {
			if stamp, ok := synthetic.ReadStamp(packet.Payload); ok {
				mu.Lock()
				newest[slot] = moment{packet.Timestamp, time.Unix(0, stamp.At), stamp.Sender}
				mu.Unlock()
			}
		}
	})
	var shown []*bot.Bot
	for i, offset := range []time.Duration{0, time.Hour} {
		b := join(t, url, "lips", offset.String(), func(o *bot.Options) {
			o.Client.ClockOffset = offset
			o.Camera[0].KeyframeEvery, o.Camera[0].Stamp.Sender = 200*time.Millisecond, uint32(i)
			o.Voice.Stamp.Sender = uint32(i)
		})
		publish(t, b, protocol.Mic, protocol.Camera)
		shown = append(shown, b)
	}
	time.Sleep(3 * time.Second) // sender reports of all have come
	samples, wrong := 0, 0
	for i := range 10 {
		b := shown[i%2]
		if err := viewer.View([]protocol.Tile{{Member: b.You(), Source: protocol.Camera, W: 640, H: 360}}); err != nil {
			t.Fatal(err)
		}
		eventually(t, "the switch shows", func() bool { return len(carrying(viewer, b.You())) == 2 })
		time.Sleep(500 * time.Millisecond)
		mu.Lock()
		at := map[bool]time.Duration{} // from being sent to being played, by kind
		for slot, m := range newest {
			if m.sender == uint32(i%2) {
				at[slot.Video] = m.playout(slot).Sub(m.sent)
			}
		}
		mu.Unlock()
		if len(at) != 2 {
			t.Fatalf("switch %d: %d of picture and sound", i, len(at))
		}
		samples++
		if d := at[true] - at[false]; d > apart || d < -apart {
			wrong++
			t.Logf("switch %d: the picture is %v behind the sound", i, d)
		}
	}
	if wrong*20 > samples {
		t.Errorf("%d of %d samples are out of sync", wrong, samples)
	}
}
