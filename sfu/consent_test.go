package sfu

import (
	"testing"
	"time"

	"github.com/pion/stun/v4"
)

// The agent hears little of what keeps a pair alive, and knows as soon as ever
// whether it is.
func TestTransportOfASilentClientIsToldOf(t *testing.T) {
	t.Parallel()
	s := newTestSFU(t)
	b := behindNAT(t, 1, 0) // it publishes nothing, and nothing is sent to it
	p, events := newTestPeer(t, s)
	b.join(p)
	events.awaitState(t, PeerConnected)
	select {
	case state := <-events.state:
		t.Fatalf("state %d while the client is there", state)
	case <-time.After(iceDisconnected + 2*time.Second):
	}
	cut := time.Now()
	b.nat.filter(func(bool, []byte) bool { return false })
	events.awaitState(t, PeerDisconnected)
	if after := time.Since(cut); after < iceDisconnected-2*time.Second || after > iceDisconnected+4*time.Second {
		t.Errorf("the client's silence was noticed after %v", after)
	}
	b.nat.filter(nil)
	events.awaitState(t, PeerConnected)
}

// Whoever sends from a new address has media sent there once he has answered there,
// or anybody could have it sent to anybody.
func TestMediaIsNotSentToWhereNobodyAnswered(t *testing.T) {
	t.Parallel()
	roamer := behindNAT(t, 1, 0)
	roamer.nat.once = true
	c := newCall(t, newTestSFU(t), roamer, newBrowserWith(t, settings(), 1, 0))
	c.flow(20)
	isSTUN := func(datagram []byte) bool { return stun.IsMessage(datagram) }
	for _, lost := range []struct {
		what string
		pass func(up bool, datagram []byte) bool
	}{
		{"no check of its own", func(up bool, datagram []byte) bool { return !up || !isSTUN(datagram) }},
		{"no answer", func(up bool, datagram []byte) bool {
			return !up || !isSTUN(datagram) || datagram[0] == 0 // requests
		}},
	} {
		roamer.nat.filter(lost.pass)
		roamer.nat.rebind()
		before := c.ears[0].least()
		time.Sleep(3 * movedAfter)
		if n := c.ears[0].least() - before; n > 5 { // that were under way
			t.Errorf("%d packets were sent to where a client sends from that made %s", n, lost.what)
		}
		roamer.nat.filter(nil)
		c.flow(20)
	}
}
