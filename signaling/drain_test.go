package signaling

import (
	"net/http"
	"testing"
	"time"

	"madang/signaling/protocol"
)

func TestDrainingTellsAllAndTakesNobodyNew(t *testing.T) {
	h := newHouse(t, withFakeMedia(newFakeMedia()), waiting(time.Hour))
	c, lobby, welcome := h.visitor(t, "r", "Mina")
	waits := h.dial(t)
	waits.inLobby("r", "Waits")
	h.Drain(time.Minute)
	for _, told := range []*caller{c, waits} {
		if in := hear[*protocol.Goaway](told).InMS; in <= 0 || in > time.Minute.Milliseconds() {
			t.Errorf("goaway in %d ms", in)
		}
	}
	if response, _ := get(t, "http://"+h.Addr().String()+"/readyz", nil); response.StatusCode != http.StatusServiceUnavailable {
		t.Errorf("/readyz says %d", response.StatusCode)
	}
	late := h.dial(t)
	late.say(&protocol.Hello{ID: "hello", V: protocol.Version, Room: "r", Name: "Late"})
	if e := late.hearError(protocol.Unavailable); e.RetryMS == 0 {
		t.Errorf("refused with %+v", *e)
	}
	waits.say(&protocol.Join{ID: "join", SDP: "offer"})
	waits.hearError(protocol.Unavailable)

	c.conn.Close()
	back := h.resumed(t, "r", lobby, welcome.Seq)
	hear[*protocol.Goaway](back)
	back.works()
}

func TestAServerHasDrainedWhenNobodyIsLeft(t *testing.T) {
	h := newHouse(t, withFakeMedia(newFakeMedia()))
	c := h.dial(t)
	c.inside("r", "Mina", "offer")
	h.Drain(time.Minute)
	select {
	case <-h.Drained():
		t.Fatal("drained with a member")
	default:
	}
	c.say(&protocol.Bye{})
	select {
	case <-h.Drained():
	case <-time.After(patience):
		t.Fatal("not drained without one")
	}
	h.Drain(time.Second) // again
}

func TestAnEmptyServerHasDrainedAtOnce(t *testing.T) {
	h := newHouse(t, withFakeMedia(newFakeMedia()))
	h.Drain(time.Minute)
	select {
	case <-h.Drained():
	default:
		t.Error("not drained")
	}
}
