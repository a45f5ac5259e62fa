package signaling

import (
	"net/http/httptest"
	"reflect"
	"strings"
	"testing"
	"time"

	"madang/sfu/relay"
	"madang/signaling/protocol"
)

func TestLobbyTellsTheWaysToGetThere(t *testing.T) {
	const secret = "between us"
	h := newHouse(t, withFakeMedia(newFakeMedia()), func(s *settings) {
		s.doors.TURN.External = []ExternalTURN{
			{URLs: []string{"stun:stun.example.org"}},
			{URLs: []string{"turn:a.example.org", "turns:a.example.org"}, Username: "all", Credential: "open"},
			{URLs: []string{"turn:b.example.org"}, Secret: secret},
		}
	})
	lobby := h.dial(t).inLobby("r", "Mina")
	if len(lobby.ICE) != 4 {
		t.Fatalf("%+v", lobby.ICE)
	}
	want := []protocol.ICEServer{
		{URLs: []string{"turn:127.0.0.1"}, Username: lobby.You, Credential: "word"},
		{URLs: []string{"stun:stun.example.org"}},
		{URLs: []string{"turn:a.example.org", "turns:a.example.org"}, Username: "all", Credential: "open"},
	}
	if !reflect.DeepEqual(lobby.ICE[:3], want) {
		t.Errorf("%+v, want %+v", lobby.ICE[:3], want)
	}
	shared := lobby.ICE[3]
	until := time.Now().Add(6 * time.Hour)
	for _, at := range []time.Time{until, until.Add(-time.Second), until.Add(-2 * time.Second)} {
		if c := relay.Grant(secret, lobby.You, at); shared.Username == c.Username && shared.Credential == c.Password {
			return
		}
	}
	t.Errorf("%+v are no credentials of the shared secret", shared)
}

func TestHostIsTheOneThatTheClientUsed(t *testing.T) {
	for _, c := range []struct{ host, public, want string }{
		{"localhost:8080", "", "localhost"},
		{"meet.example.org", "", "meet.example.org"},
		{"[2001:db8::1]:443", "", "2001:db8::1"},
		{"[2001:db8::1]", "", "2001:db8::1"},
		{"10.0.0.1:8080", "https://meet.example.org:8443", "meet.example.org"},
		{"evil?transport=udp", "", ""},
		{"a b", "", ""},
		{strings.Repeat("a", 300), "", ""},
	} {
		r := httptest.NewRequest("GET", "/ws", nil)
		r.Host = c.host
		if got := hostOf(r, ServerConfig{PublicURL: c.public}); got != c.want {
			t.Errorf("%q, %q: %q, want %q", c.host, c.public, got, c.want)
		}
	}
}

func TestMistakesInTURNAreFound(t *testing.T) {
	cfg := DefaultTURNConfig()
	cfg.Relay, cfg.UDPPort, cfg.TCPPort, cfg.TLSPort, cfg.Lifetime, cfg.PerSession, cfg.Bandwidth = "yes", -1, 5, 5, time.Second, 0, 1
	cfg.External = []ExternalTURN{{}, {URLs: []string{"https://example.org", "turn:"}, Secret: "a", Username: "b"}}
	found := map[string]bool{}
	cfg.Validate(func(field, _ string) { found[field] = true })
	for _, field := range []string{"relay", "udp_port", "tls_port", "lifetime", "per_session", "bandwidth", "external[0].urls", "external[1].urls[0]", "external[1].urls[1]", "external[1].secret"} {
		if !found[field] {
			t.Errorf("%s was not found", field)
		}
		delete(found, field)
	}
	if len(found) > 0 {
		t.Errorf("found besides: %v", found)
	}
	DefaultTURNConfig().Validate(func(field, problem string) { t.Errorf("%s %s", field, problem) })
}
