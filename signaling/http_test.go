package signaling

import (
	"crypto/tls"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"madang/room"
	"madang/signaling/protocol"
)

// get asks for a path without following redirects or keeping the connection.
func get(t *testing.T, url string, header http.Header) (*http.Response, string) {
	t.Helper()
	request, err := http.NewRequestWithContext(t.Context(), http.MethodGet, url, nil)
	if err != nil {
		t.Fatal(err)
	}
	for name, values := range header {
		request.Header[name] = values
	}
	transport := &http.Transport{DisableKeepAlives: true, DisableCompression: true,
		TLSClientConfig: &tls.Config{InsecureSkipVerify: true}} // of a test's own server
	response, err := transport.RoundTrip(request)
	if err != nil {
		t.Fatal(err)
	}
	defer response.Body.Close()
	body, err := io.ReadAll(response.Body)
	if err != nil {
		t.Fatal(err)
	}
	return response, string(body)
}

func TestPublicListener(t *testing.T) {
	h := newHouse(t, withFakeMedia(newFakeMedia()), func(s *settings) {
		s.rooms.Rooms.Overrides = []room.Override{{Name: "secret*", Policy: room.Policy{Password: "x"}}}
	})
	base := "http://" + h.Addr().String()
	cases := map[string]struct {
		status int
		body   string // contained
	}{
		"/":                             {200, "<title>Madang"},
		"/r/hello":                      {200, "<title>Madang"},
		"/test":                         {200, "<title>Madang"},
		"/r/%EB%A7%88%EB%8B%B9":         {200, "<title>Madang"},
		"/r/a%2Fb":                      {404, ""},
		"/r/a%00b":                      {404, ""},
		"/r/" + strings.Repeat("x", 65): {404, ""},
		"/assets/main-ABCDEFGH.js":      {200, "export"},
		"/assets/none.js":               {404, ""},
		"/assets/":                      {404, ""},
		"/api/rooms/hello":              {200, `{"needs":[]}`},
		"/api/rooms/secret-plans":       {200, `{"needs":["password"]}`},
		"/api/rooms/a%5Cb":              {404, `"not_found"`},
		"/whip/hello":                   {404, `"not_found"`},
		"/whep/hello/someone":           {404, `"not_found"`},
		"/healthz":                      {200, "ok"},
		"/readyz":                       {200, "ok"},
		"/ws":                           {400, `"bad_message"`},
		"/metrics":                      {404, ""},
		"/debug/pprof/":                 {404, ""},
	}
	for path, want := range cases {
		response, body := get(t, base+path, nil)
		if response.StatusCode != want.status || !strings.Contains(body, want.body) {
			t.Errorf("%s: %d %q, want %d with %q", path, response.StatusCode, body, want.status, want.body)
		}
		for _, header := range []string{"Content-Security-Policy", "Permissions-Policy", "Referrer-Policy", "X-Content-Type-Options"} {
			if response.Header.Get(header) == "" {
				t.Errorf("%s: no %s", path, header)
			}
		}
	}
}

func TestPageIsCachedByItsNames(t *testing.T) {
	h := newHouse(t, withFakeMedia(newFakeMedia()))
	base := "http://" + h.Addr().String()
	response, _ := get(t, base+"/assets/main-ABCDEFGH.css", http.Header{"Accept-Encoding": {"gzip, br"}})
	if cache := response.Header.Get("Cache-Control"); !strings.Contains(cache, "immutable") {
		t.Errorf("a hashed file has Cache-Control %q", cache)
	}
	if response.Header.Get("Content-Encoding") != "gzip" || !strings.HasPrefix(response.Header.Get("Content-Type"), "text/css") {
		t.Errorf("headers %v", response.Header)
	}
	response, _ = get(t, base+"/", nil)
	if cache := response.Header.Get("Cache-Control"); cache != "no-cache" {
		t.Errorf("the page has Cache-Control %q", cache)
	}
	again, _ := get(t, base+"/", http.Header{"If-None-Match": {response.Header.Get("ETag")}})
	if again.StatusCode != http.StatusNotModified {
		t.Errorf("the page is sent again: %d", again.StatusCode)
	}
}

func TestSearchFindsTheFirstPageAndNoRoom(t *testing.T) {
	h := newHouse(t, withFakeMedia(newFakeMedia()))
	for path, want := range map[string]string{"/": "", "/r/hello": "noindex"} {
		response, _ := get(t, "http://"+h.Addr().String()+path, nil)
		if got := response.Header.Get("X-Robots-Tag"); got != want {
			t.Errorf("%s: X-Robots-Tag is %q, want %q", path, got, want)
		}
	}
}

func TestManifestHasItsTypeOnEverySystem(t *testing.T) {
	if got := contentTypeOf("madang.webmanifest"); got != "application/manifest+json" {
		t.Errorf("it is %q", got)
	}
}

func TestAdminListenerHasMetrics(t *testing.T) {
	h := newHouse(t, withFakeMedia(newFakeMedia()))
	c := h.dial(t)
	c.inside("r", "Mina", "offer")
	c.raw(`{"t":"dance","id":"1"}`)
	c.hearError(protocol.BadMessage)
	_, body := get(t, "http://"+h.AdminAddr().String()+"/metrics", nil)
	for _, line := range []string{
		"madang_members 1", "madang_rooms 1", "madang_connections 1", "madang_packets_in_total 7", "madang_packets_out_total 21",
		`madang_drops_total{cause="malformed"} 3`, `madang_errors_total{code="bad_message"} 1`, "madang_nack_in_total", `madang_worker_busy{worker="0"} 0.25`, "madang_pli_out_total",
		"madang_bytes_in_total", "madang_join_seconds_bucket", "process_cpu_seconds_total", "go_memstats_heap_inuse_bytes",
	} {
		if !strings.Contains(body, "\n"+line) {
			t.Errorf("/metrics has no %s", line)
		}
	}
	if response, _ := get(t, "http://"+h.AdminAddr().String()+"/debug/pprof/", nil); response.StatusCode != 200 {
		t.Errorf("pprof: %d", response.StatusCode)
	}
}

func TestTwoServersLiveInOneProcess(t *testing.T) {
	one, two := newHouse(t, withFakeMedia(newFakeMedia())), newHouse(t, withFakeMedia(newFakeMedia()))
	one.dial(t).inside("r", "Mina", "offer")
	if people := two.dial(t).inside("r", "Mina", "offer").People; len(people) != 1 {
		t.Errorf("the houses share a room: %v", people)
	}
}

func TestSelfSignedTLS(t *testing.T) {
	h := newHouse(t, withFakeMedia(newFakeMedia()), func(s *settings) { s.doors.TLS.Mode = "self-signed" })
	if !strings.HasPrefix(h.URL(), "https://127.0.0.1:") {
		t.Errorf("URL = %s", h.URL())
	}
	response, _ := get(t, h.URL()+"/", nil)
	certificate := response.TLS.PeerCertificates[0]
	if err := certificate.VerifyHostname("127.0.0.1"); err != nil {
		t.Error(err)
	}
	if err := certificate.VerifyHostname("localhost"); err != nil {
		t.Error(err)
	}
}

func TestStartSaysWhichAddressIsTaken(t *testing.T) {
	h := newHouse(t, withFakeMedia(newFakeMedia()))
	cfg := *h.config()
	cfg.Server.Listen, cfg.Server.AdminListen = "127.0.0.1:0", h.AdminAddr().String()
	other, err := New(cfg, h.rooms, h.media, testPage, h.log)
	if err != nil {
		t.Fatal(err)
	}
	if err := other.Start(); err == nil || !strings.Contains(err.Error(), "admin_listen") {
		t.Errorf("Start = %v", err)
	}
}

func TestConnectionsAreBounded(t *testing.T) {
	h := newHouse(t, withFakeMedia(newFakeMedia()), func(s *settings) { s.doors.Limits.ConnectionsPerIP = 2 })
	h.dial(t).inLobby("r", "1")
	second := h.dial(t)
	second.inLobby("r", "2")
	if _, response, err := h.dialWith(nil, protocol.Subprotocol); err == nil || response.StatusCode != http.StatusServiceUnavailable {
		t.Errorf("a third connection: %v, %v", response, err)
	}
	second.say(&protocol.Bye{})
	second.hearClose(protocol.CloseNormal)
	eventually(t, "a free place", func() bool { return h.doors.count() == 1 })
	h.dial(t).inLobby("r", "3")
}

func TestOriginAllowed(t *testing.T) {
	cfg := ServerConfig{PublicURL: "https://meet.example.org", AllowedOrigins: []string{"https://app.example.com", "http://localhost:3000"}}
	for origin, want := range map[string]bool{
		"":                             true,
		"http://house:8080":            true,
		"https://HOUSE:8080":           true,
		"https://meet.example.org":     true,
		"https://app.example.com":      true,
		"http://localhost:3000":        true,
		"http://app.example.com":       false,
		"https://app.example.com:444":  false,
		"https://app.example.com.evil": false,
		"https://evil/app.example.com": false,
		"null":                         false,
		"house:8080":                   false,
		"%zz":                          false,
	} {
		r := httptest.NewRequest(http.MethodGet, "http://house:8080/ws", nil)
		r.Header.Set("Origin", origin)
		if got := originAllowed(r, cfg); got != want {
			t.Errorf("originAllowed(%q) = %t", origin, got)
		}
	}
}

func FuzzOriginAllowed(f *testing.F) {
	f.Add("https://meet.example.org")
	f.Add("http://house:8080@evil")
	f.Fuzz(func(t *testing.T, origin string) {
		r := httptest.NewRequest(http.MethodGet, "http://house:8080/ws", nil)
		r.Header.Set("Origin", origin)
		if originAllowed(r, ServerConfig{}) && origin != "" && !strings.Contains(strings.ToLower(origin), "//house:8080") &&
			!strings.HasSuffix(strings.ToLower(origin), "@house:8080") && !strings.Contains(strings.ToLower(origin), "@house:8080/") {
			t.Errorf("%q may come in", origin)
		}
	})
}

func TestValidRoomName(t *testing.T) {
	for name, want := range map[string]bool{
		"hello": true, "마당": true, "a b": true, "…": true, "🏡": true, strings.Repeat("x", 64): true,
		"": false, ".": false, "..": false, "a/b": false, `a\b`: false, "a\nb": false, "\x7f": false, "\xff": false,
		strings.Repeat("마", 22): false,
	} {
		if got := validRoomName(name); got != want {
			t.Errorf("validRoomName(%q) = %t", name, got)
		}
	}
}

func FuzzValidRoomName(f *testing.F) {
	f.Add("hello")
	f.Add("../x")
	f.Fuzz(func(t *testing.T, name string) {
		if validRoomName(name) && (len(name) > maxRoomName || strings.ContainsAny(name, "/\\\x00\r\n")) {
			t.Errorf("%q is a room's name", name)
		}
	})
}

func TestURLNamesAHostThatPeopleCanOpen(t *testing.T) {
	for listen, host := range map[string]string{"127.0.0.1:0": "127.0.0.1", "localhost:0": "localhost", "0.0.0.0:0": "localhost", ":0": "localhost"} {
		h := newHouse(t, withFakeMedia(newFakeMedia()), func(s *settings) { s.doors.Server.Listen = listen })
		if want := fmt.Sprintf("http://%s:", host); !strings.HasPrefix(h.URL(), want) {
			t.Errorf("listening on %s, URL = %s", listen, h.URL())
		}
	}
}
