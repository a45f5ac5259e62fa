package quality

import (
	"math/rand/v2"
	"testing"
	"time"
)

const ms = time.Millisecond

func TestFactsMakeVerdicts(t *testing.T) {
	for _, tc := range []struct {
		name  string
		facts Facts
		want  Verdict
	}{
		{"nothing known", Facts{}, Verdict{5, 5, None}},
		{"a good link", Facts{
			Up:   Up{Loss: .01, Jitter: 20 * ms, Wanted: 3, Sent: 3},
			Down: Down{Loss: .001, Queue: 30 * ms, Estimate: 3e6, Wanted: 2e6, Tiles: 4}, RTT: 100 * ms,
		}, Verdict{5, 5, None}},
		{"some loss upwards", Facts{Up: Up{Loss: .04}}, Verdict{4, 5, None}},
		{"much loss upwards", Facts{Up: Up{Loss: .08}}, Verdict{3, 5, Uplink}},
		{"most is lost upwards", Facts{Up: Up{Loss: .5}}, Verdict{1, 5, Uplink}},
		{"jitter upwards", Facts{Up: Up{Jitter: 200 * ms}}, Verdict{2, 5, Uplink}},
		{"the largest of three layers missing", Facts{Up: Up{Wanted: 3, Sent: 2}}, Verdict{3, 5, Uplink}},
		{"one of two layers missing", Facts{Up: Up{Wanted: 2, Sent: 1}}, Verdict{3, 5, Uplink}},
		{"only the smallest of three layers", Facts{Up: Up{Wanted: 3, Sent: 1}}, Verdict{2, 5, Uplink}},
		{"no picture comes", Facts{Up: Up{Wanted: 1}}, Verdict{1, 5, Uplink}},
		{"more layers than wanted", Facts{Up: Up{Wanted: 1, Sent: 3}}, Verdict{5, 5, None}},
		{"loss downwards that repair leaves", Facts{Down: Down{Loss: .02}}, Verdict{5, 3, Downlink}},
		{"a quarter short", Facts{Down: Down{Estimate: 75e4, Wanted: 1e6}}, Verdict{5, 4, None}},
		{"half of what is wanted", Facts{Down: Down{Estimate: 5e5, Wanted: 1e6}}, Verdict{5, 3, Downlink}},
		{"a tenth of what is wanted", Facts{Down: Down{Estimate: 1e5, Wanted: 1e6}}, Verdict{5, 1, Downlink}},
		{"no estimate yet", Facts{Down: Down{Wanted: 1e6}}, Verdict{5, 5, None}},
		{"nothing wanted", Facts{Down: Down{Estimate: 1e5}}, Verdict{5, 5, None}},
		{"a third of the tiles dark", Facts{Down: Down{Tiles: 9, Paused: 3}}, Verdict{5, 3, Downlink}},
		{"all tiles dark", Facts{Down: Down{Tiles: 1, Paused: 1}}, Verdict{5, 1, Downlink}},
		{"far away", Facts{RTT: 500 * ms}, Verdict{3, 3, Uplink}},
		{"a queue downwards, which is in the round trip", Facts{Down: Down{Queue: 700 * ms}, RTT: 800 * ms}, Verdict{5, 2, Downlink}},
		{"both, down is worse", Facts{Up: Up{Loss: .08}, Down: Down{Loss: .2}}, Verdict{3, 1, Downlink}},
		{"both alike", Facts{Up: Up{Loss: .08}, Down: Down{Loss: .02}}, Verdict{3, 3, Uplink}},
		{"the server is behind", Facts{Server: Load{Overload: true}}, Verdict{2, 2, Server}},
		{"the server drops, which looks like loss", Facts{
			Up: Up{Loss: .04}, Down: Down{Loss: .02}, Server: Load{Dropped: .03},
		}, Verdict{2, 2, Server}},
		{"the server drops a little, the link much more", Facts{
			Up: Up{Loss: .3}, Server: Load{Dropped: .005},
		}, Verdict{1, 3, Uplink}},
	} {
		var g Grader
		if got, changed := g.Update(tc.facts, start); got != tc.want || !changed {
			t.Errorf("%s: %v (changed: %v), want %v", tc.name, got, changed, tc.want)
		}
	}
}

func TestMoreTroubleIsNeverBetter(t *testing.T) {
	r := rand.New(rand.NewPCG(1, 1))
	for range 10_000 {
		f := Facts{
			Up:   Up{Loss: r.Float64() / 2, Jitter: time.Duration(r.IntN(300)) * ms, Wanted: 3, Sent: r.IntN(4)},
			Down: Down{Loss: r.Float64() / 10, Queue: 0, Estimate: 1 + r.IntN(1e6), Wanted: 1e6, Tiles: 9, Paused: r.IntN(10)},
			RTT:  time.Duration(r.IntN(1200)) * ms,
		}
		worse := f
		switch r.IntN(6) {
		case 0:
			worse.Up.Loss *= 1.5
		case 1:
			worse.Up.Sent--
		case 2:
			worse.Down.Estimate /= 2
		case 3:
			worse.Down.Paused++
		case 4:
			worse.RTT *= 2
		case 5:
			worse.Server.Dropped = r.Float64()
		}
		var a, b Grader
		before, _ := a.Update(f, start)
		after, _ := b.Update(worse, start)
		if after.Up > before.Up || after.Down > before.Down || after.Up < Bad || after.Down < Bad {
			t.Fatalf("%+v: %v, but %+v: %v", f, before, worse, after)
		}
	}
}
