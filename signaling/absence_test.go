package signaling

import (
	"testing"
	"time"

	"madang/room"
)

func TestAbsenceIsJudgedByWhatWasHeard(t *testing.T) {
	at := time.Unix(1_000_000, 0)
	ago := func(d time.Duration) time.Time { return at.Add(-d) }
	failed := endMediaFailed()
	for _, tt := range []struct {
		name  string
		a     absence
		heard time.Duration // ago
		leave string
		ask   bool
		seen  room.PersonState
		again time.Duration
	}{
		{"there", absence{}, time.Second, "", false, room.PersonIn, 3 * time.Second},
		{"quiet", absence{}, 5 * time.Second, "", true, room.PersonIn, 3 * time.Second},
		{"silent", absence{}, 8 * time.Second, "", false, room.PersonReconnecting, peekEvery},
		{"away, media flows", absence{away: ago(29 * time.Second)}, 0, "", false, room.PersonIn, time.Second},
		{"away and quiet", absence{away: ago(5 * time.Second)}, 5 * time.Second, "", false, room.PersonIn, 3 * time.Second},
		{"away for the window", absence{away: ago(30 * time.Second)}, 0, endLost.why, false, "", 0},
		{"a bye that is held", absence{away: at, bye: at.Add(time.Second)}, 0, "", false, room.PersonIn, time.Second},
		{"a bye that is due", absence{away: at, bye: at}, 0, endLeft.why, false, "", 0},
		{"media failed", absence{failed: ago(28 * time.Second)}, time.Second, "", false, room.PersonIn, 2 * time.Second},
		{"media failed for good", absence{failed: ago(30 * time.Second)}, time.Second, failed.why, false, "", 0},
	} {
		tt.a.window = 30 * time.Second
		v := tt.a.look(ago(tt.heard), at)
		if tt.leave != "" {
			if v.leave == nil || v.leave.why != tt.leave {
				t.Errorf("%s: %+v, want to leave: %s", tt.name, v, tt.leave)
			}
			continue
		}
		if v.leave != nil || v.ask != tt.ask || v.seen != tt.seen || v.again != at.Add(tt.again) {
			t.Errorf("%s: %+v, want to look again in %v", tt.name, v, tt.again)
		}
	}
}
