package signaling

import (
	"net/http"
	"testing"

	"madang/room"
	"madang/signaling/protocol"
)

func TestAChangedConfigurationHoldsForWhoComes(t *testing.T) {
	h := newHouse(t, withFakeMedia(newFakeMedia()))
	stranger := http.Header{"Origin": {"https://app.example.com"}}
	if _, response, err := h.dialWith(stranger, protocol.Subprotocol); err == nil || response.StatusCode != http.StatusForbidden {
		t.Fatalf("a stranger's page may come: %v", err)
	}
	before := h.dial(t)
	before.inside("r", "Mina", "offer")

	cfg := *h.config()
	cfg.Server.AllowedOrigins = []string{"https://app.example.com"}
	cfg.Limits.ChatPerSecond = 3
	cfg.Limits.ConnectionsPerIP = 2
	cfg.TURN.External = []ExternalTURN{{URLs: []string{"turn:turn.example.org"}, Username: "u", Credential: room.Secret("c")}}
	h.Reconfigure(cfg)

	conn, _, err := h.dialWith(stranger, protocol.Subprotocol)
	if err != nil {
		t.Fatal("an allowed page may not come:", err)
	}
	conn.Close()
	eventually(t, "a free place", func() bool { return h.doors.count() == 1 })
	c := h.dial(t)
	if ice := c.inLobby("r", "Yuna").ICE; len(ice) == 0 || ice[len(ice)-1].URLs[0] != "turn:turn.example.org" {
		t.Errorf("ice = %v", ice)
	}
	c.say(&protocol.Join{ID: "join", SDP: "offer"})
	if n := hear[*protocol.Joined](c).Limits.Chat; n != 3 {
		t.Errorf("%d lines a second", n)
	}
	if _, response, err := h.dialWith(nil, protocol.Subprotocol); err == nil || response.StatusCode != http.StatusServiceUnavailable {
		t.Errorf("a third connection: %v", err)
	}
	before.works()
}
