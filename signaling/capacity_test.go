package signaling

import (
	"testing"
	"time"

	"madang/signaling/protocol"
)

func TestAJoinThatThereIsNoTimeForIsToldWhenToComeAgain(t *testing.T) {
	h := newHouse(t, withFakeMedia(newFakeMedia()))
	inside := h.dial(t)
	inside.inside("r", "Mina", "offer")
	late := h.dial(t)
	late.inLobby("r", "Late")
	soon := time.Now().Add(400 * time.Millisecond)
	for h.fares.join(soon) == nil { // others take all the time that there is until then
	}
	late.say(&protocol.Join{ID: "join", SDP: "offer"})
	e := late.hearError(protocol.Unavailable)
	if e.Re != "join" || e.RetryMS < 100 {
		t.Errorf("refused with %+v", *e)
	}
	inside.works()
	time.Sleep(time.Duration(e.RetryMS) * time.Millisecond)
	late.say(&protocol.Join{ID: "again", SDP: "offer"})
	hear[*protocol.Joined](late)
	late.say(&protocol.Enter{ID: "enter"})
	hear[*protocol.Welcome](late)
}

func TestDescriptorsAreShortBeforeThereAreNone(t *testing.T) {
	for _, c := range []struct {
		most, used, opened int64
		short              bool
	}{
		{0, 1 << 40, 0, false},
		{256, 200, 0, false},
		{256, 200, 24, false},
		{256, 200, 25, true},
		{256, 225, 0, true},
		{100_000, 94_999, 0, false},
		{100_000, 95_001, 0, true},
	} {
		d := descriptors{most: c.most}
		d.used.Store(c.used)
		d.opened.Store(c.opened)
		if d.short() != c.short {
			t.Errorf("of %d with %d and %d more: short %v", c.most, c.used, c.opened, d.short())
		}
	}
}
