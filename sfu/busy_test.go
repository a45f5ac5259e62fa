package sfu

import (
	"testing"
	"time"
)

func TestBusyIsTheShareOfTimeThatTurnsTake(t *testing.T) {
	var b busy
	now := time.Unix(1000, 0)
	work := func(share float64, turns int) {
		for range turns {
			slept := now.Add(time.Duration(share * float64(10*time.Millisecond)))
			now = now.Add(10 * time.Millisecond)
			b.turn(slept, now)
		}
	}
	work(0.8, 1000)
	if got := b.share(); got < 0.75 || got > 0.85 {
		t.Errorf("%.2f of the time, not 0.8", got)
	}
	for range 1000 { // without a rest
		now = now.Add(10 * time.Millisecond)
		b.turn(time.Time{}, now)
	}
	if got := b.share(); got < 0.95 {
		t.Errorf("%.2f of the time, not all of it", got)
	}
	work(0, 1000)
	if got := b.share(); got > 0.05 {
		t.Errorf("%.2f of the time in idleness", got)
	}
}
