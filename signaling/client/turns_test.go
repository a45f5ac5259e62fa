package client_test

import (
	"fmt"
	"sync"
	"testing"
	"time"

	"github.com/pion/rtp"

	"madang/signaling/client"
	"madang/signaling/client/bot"
	"madang/signaling/client/clienttest"
	"madang/signaling/client/synthetic"
	"madang/signaling/protocol"
)

// TestPacedEveryTalkerIsHeardInTurn: a room of twenty of whom each sees four.
func TestPacedEveryTalkerIsHeardInTurn(t *testing.T) {
	paced(t)
	everyTalkerIsHeard(t, 20, 4, 3, time.Second)
}

// TestTalkersOfAFewAreHeardInTurn is the same with so few that it may run beside
// others.
func TestTalkersOfAFewAreHeardInTurn(t *testing.T) {
	t.Parallel()
	everyTalkerIsHeard(t, 5, 1, 1, time.Second)
}

// everyTalkerIsHeard lets members speak in turn, once around, and counts what
// each of them hears of each in its turn.
func everyTalkerIsHeard(t *testing.T, members, pairs, voices int, turn time.Duration) {
	url := clienttest.Serve(t, clienttest.DefaultConfig())
	began := time.Now().Add(2 * time.Second)
	var mu sync.Mutex
	heard := map[[2]int]int{} // packets by listener and talker
	for i := range members {
		b := join(t, url, "turns", fmt.Sprint(i), func(o *bot.Options) {
			o.Client.Pairs, o.Client.Voices, o.Began = pairs, voices, began
			o.Voice = &synthetic.VoiceConfig{
				Seed: uint64(i), Turn: synthetic.Turn{Of: members, Index: i, Each: turn}, Stamp: synthetic.Stamp{Sender: uint32(i)},
			}
			o.Client.OnRTP = func(slot *client.Slot, packet *rtp.Packet, _ time.Time) {
				stamp, ok := synthetic.ReadStamp(packet.Payload)
				since := time.Unix(0, stamp.At).Sub(began)
				if slot.Video || !ok || since < 0 || int(since/turn) != int(stamp.Sender) {
					return
				}
				mu.Lock()
				heard[[2]int{i, int(stamp.Sender)}]++
				mu.Unlock()
			}
		})
		publish(t, b, protocol.Mic, protocol.Camera)
	}
	if late := time.Since(began); late > 0 {
		t.Fatalf("joining took %v too long", late)
	}
	time.Sleep(time.Until(began) + time.Duration(members)*turn + 200*time.Millisecond)
	mu.Lock()
	defer mu.Unlock()
	least := int(turn/synthetic.VoicePeriod) / 2
	for listener := range members {
		for talker := range members {
			if got := heard[[2]int{listener, talker}]; listener != talker && got < least {
				t.Errorf("%d heard %d packets of %d in its turn, want %d", listener, got, talker, least)
			}
		}
	}
}
