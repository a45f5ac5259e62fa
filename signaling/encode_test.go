package signaling

import (
	"testing"

	"madang/room"
	"madang/sfu"
)

func TestRoomEventsAreEncodedAsTheWireSays(t *testing.T) {
	for _, c := range []struct {
		name  string
		event room.Event
		want  string
	}{
		{"some layers", &room.Want{Source: sfu.Camera, Layers: []string{"q", "h"}}, `{"t":"want","source":"camera","layers":["q","h"]}`},
		{"a source without layers", &room.Want{Source: sfu.Screen, Layers: []string{""}}, `{"t":"want","source":"screen","layers":[""]}`},
		{"nobody sees it", &room.Want{Source: sfu.Camera}, `{"t":"want","source":"camera","layers":[]}`},
		{"quality", &room.Quality{Members: []room.MemberQuality{{Member: "A", Up: 5, Down: 2, Cause: sfu.CauseDownlink}}},
			`{"t":"quality","A":{"up":5,"down":2,"why":"downlink"}}`},
		{"a picture that is paused", &room.Slots{Slots: []room.SlotCarries{{Mid: "4", Member: "A", Source: sfu.Camera, Why: sfu.WhyBandwidth}}},
			`{"t":"slots","4":{"member":"A","source":"camera","why":"bandwidth"}}`},
	} {
		if got := encode(c.event); string(got) != c.want || !numbered(c.event) {
			t.Errorf("%s: %s, numbered: %v, want %s", c.name, got, numbered(c.event), c.want)
		}
	}
}
