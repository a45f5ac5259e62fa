package sfu

import (
	"sync"
	"testing"
	"testing/synctest"
)

func TestInboxHoldsNoMoreThanItsBounds(t *testing.T) {
	for _, c := range []struct {
		name         string
		bytes, peers int
		want         int
	}{
		{"so many packets", 1, inboxPackets / inboxOfOne * 2, inboxPackets},
		{"so many bytes", 64 << 10, 4, inboxBytes / (64 << 10)},
		{"so many of one peer", 1, 1, inboxOfOne},
	} {
		t.Run(c.name, func(t *testing.T) {
			in := newInbox(func() {})
			for turn := range 3 { // what was taken leaves room
				taken := 0
				for range c.peers {
					from := &endpoint{}
					for range inboxOfOne + 10 {
						if in.post(from, make([]byte, c.bytes), false) {
							taken++
						}
					}
				}
				b, open := in.take(&batch{})
				if taken != c.want || len(b.packets) != c.want || !open {
					t.Fatalf("turn %d: took %d, holds %d, want %d", turn, taken, len(b.packets), c.want)
				}
			}
		})
	}
}

func TestFloodOfOnePeerLeavesRoomForTheOthers(t *testing.T) {
	in := newInbox(func() {})
	flood, other := &endpoint{}, &endpoint{}
	for range inboxPackets {
		in.post(flood, []byte{1}, false)
	}
	for range inboxOfOne {
		if !in.post(other, []byte{2}, false) {
			t.Fatal("the flood crowds out another peer")
		}
	}
}

func TestPacketsComeAsTheyWerePosted(t *testing.T) {
	in := newInbox(func() {})
	from := &endpoint{}
	raw := []byte{1, 2, 3}
	in.post(from, raw, false)
	in.post(from, raw[:1], true)
	raw[0] = 9 // the inbox keeps a copy
	b, _ := in.take(&batch{})
	for i, want := range []struct {
		rtcp bool
		size int
	}{{false, 3}, {true, 1}} {
		p := b.packets[i]
		if packet := b.arena[p.start:p.end]; p.rtcp != want.rtcp || len(packet) != want.size || packet[0] != 1 || p.from != from {
			t.Errorf("packet %d: %v %v", i, p, packet)
		}
	}
}

func TestClosedInboxRefusesButGivesWhatItHolds(t *testing.T) {
	in := newInbox(func() {})
	in.post(&endpoint{}, []byte{1}, false)
	in.command(func() {})
	in.close()
	if in.post(&endpoint{}, []byte{1}, false) || in.command(func() {}) {
		t.Error("a closed inbox took something")
	}
	b, open := in.take(&batch{})
	if open || len(b.packets) != 1 || len(b.commands) != 1 {
		t.Errorf("open %v, %d packets, %d commands", open, len(b.packets), len(b.commands))
	}
}

func TestWhoCommandsWaitsWhileTooManyDo(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		in := newInbox(func() {})
		for range inboxCommands {
			in.command(func() {})
		}
		var waiting sync.WaitGroup
		results := make(chan bool, 2)
		for range 2 {
			waiting.Go(func() { results <- in.command(func() {}) })
		}
		synctest.Wait()
		if len(results) != 0 {
			t.Fatal("a command did not wait")
		}
		in.take(&batch{})
		waiting.Wait()
		if first, second := <-results, <-results; !first || !second {
			t.Error("who waited was refused")
		}
		for in.filling.commands = nil; len(in.filling.commands) < inboxCommands; {
			in.command(func() {})
		}
		waiting.Go(func() { results <- in.command(func() {}) })
		synctest.Wait()
		in.close()
		waiting.Wait()
		if <-results {
			t.Error("a closed inbox took a command")
		}
	})
}

func TestRouterStandsInTheInboxOnce(t *testing.T) {
	w := newWorld()
	e, _ := w.peer()
	mic := w.source(e, Mic, 10)
	for range 5 {
		w.router.Route(&Routing{Mics: []*Source{mic}})
	}
	b, _ := w.worker.inbox.take(&batch{})
	if len(b.wings) != 1 {
		t.Errorf("%d times", len(b.wings))
	}
	w.worker.turn(b, false, w.now)
	w.router.Route(&Routing{Mics: []*Source{mic}})
	if b, _ = w.worker.inbox.take(&batch{}); len(b.wings) != 1 {
		t.Error("not again after the worker looked")
	}
}
