package demux

import (
	"fmt"
	"sync"
	"testing"
	"time"
)

// Peers come, restart, write and leave while the port is read.
func TestPeersChurnWhileThePortIsRead(t *testing.T) {
	w := newWorld(t)
	stays := w.join("stays")
	w.expect("a check", stays.check(), home, "stays")
	var churn sync.WaitGroup
	checks := make(chan []byte, 64)
	for i := range 4 {
		churn.Go(func() {
			for j := range 25 {
				c := w.join(fmt.Sprintf("%d-%d", i, j))
				checks <- c.check()
				on := c.v4
				var reads sync.WaitGroup
				reads.Go(func() {
					for buf := make([]byte, 100); ; {
						if _, _, err := on.ReadFromAddrPort(buf); err != nil {
							return
						}
					}
				})
				c.question(home)
				c.restart(c.ufrag + "+")
				reads.Wait()
				checks <- c.answer(other)
				c.view.Close()
			}
		})
	}
	go func() {
		churn.Wait()
		close(checks)
	}()
	now := start
	for check := range checks {
		now = now.Add(time.Second)
		if c := w.mux.Route(check, other, now); c != nil {
			c.Deliver(check, other)
			c.Seen(other, now)
		}
		if c := w.mux.Route(media, home, now); c == nil || c.Owner() != "stays" {
			t.Error("who stays lost its address")
		} else {
			c.Seen(home, now)
		}
	}
	w.now = now
	w.expect("media of who stays", media, home, "stays")
	if len(w.mux.generations) != 1 || len(w.mux.holders) != 1 || len(w.mux.questions) != 0 || len(stays.view.conns) != 2 {
		t.Errorf("left behind: %d ufrags, %d addresses, %d questions", len(w.mux.generations), len(w.mux.holders), len(w.mux.questions))
	}
}
