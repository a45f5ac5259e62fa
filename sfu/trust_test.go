package sfu

import (
	"testing"
	"time"
)

func TestKeysAreDistrustedOnlyIfTheyNeverWorked(t *testing.T) {
	start := time.Date(2026, 3, 1, 12, 0, 0, 0, time.UTC)
	refuse := func(tr *trial, packets int, over time.Duration) (ended bool) {
		for i := range packets {
			ended = tr.failed(start.Add(over*time.Duration(i)/time.Duration(packets-1))) || ended
		}
		return ended
	}
	for name, c := range map[string]struct {
		packets int
		over    time.Duration
		opened  bool // of this association
		proven  bool // of another
		ends    bool
	}{
		"wrong keys":                         {packets: 100, over: 10 * time.Second, ends: true},
		"a burst of forgeries":               {packets: 10_000, over: time.Second},
		"a few forgeries":                    {packets: doubtPackets - 1, over: time.Minute},
		"forgeries after a packet opened":    {packets: 100, over: 10 * time.Second, opened: true},
		"a client at fault, others are fine": {packets: 100, over: 10 * time.Second, proven: true},
	} {
		t.Run(name, func(t *testing.T) {
			shared := &trust{}
			shared.proven.Store(c.proven)
			one := &trial{trust: shared}
			if c.opened {
				one.opened()
			}
			if ends := refuse(one, c.packets, c.over); ends != c.ends {
				t.Errorf("ends: %v", ends)
			}
			if given := shared.given(start.Add(time.Minute)); given == c.ends {
				t.Errorf("trusted: %v", given)
			}
			if !shared.given(start.Add(time.Hour)) {
				t.Error("not tried again after an hour")
			}
			if c.ends && refuse(one, c.packets, c.over) {
				t.Error("told twice")
			}
		})
	}
}
