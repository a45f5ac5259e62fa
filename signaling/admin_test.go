package signaling

import (
	"context"
	"encoding/json"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync/atomic"
	"testing"

	"madang/room"
	"madang/signaling/protocol"
	"madang/signaling/token"
)

const adminToken = "an admin token of a test"

func withAdminToken(s *settings) { s.doors.Server.AdminToken = adminToken }

// admin asks the admin listener for something with the token.
func (h *house) admin(t *testing.T, method, path, body string) (status int, answer string) {
	t.Helper()
	r, err := http.NewRequest(method, "http://"+h.AdminAddr().String()+path, strings.NewReader(body))
	if err != nil {
		t.Fatal(err)
	}
	r.Header.Set("Authorization", "Bearer "+adminToken)
	response, err := http.DefaultClient.Do(r)
	if err != nil {
		t.Fatal(err)
	}
	defer response.Body.Close()
	said, err := io.ReadAll(response.Body)
	if err != nil {
		t.Fatal(err)
	}
	return response.StatusCode, string(said)
}

func TestAdminListenerKnowsWhoAsks(t *testing.T) {
	const here, elsewhere = "127.0.0.1:5000", "192.0.2.1:5000"
	for name, c := range map[string]struct {
		token          room.Secret
		from, host     string
		shown, origin  string
		fetched        string
		metrics, pprof int
		api            int
	}{
		"a program here":                    {adminToken, here, "localhost:8081", "", "", "", 200, 401, 401},
		"a program here, no token":          {"", here, "127.0.0.1:8081", "", "", "", 200, 200, 403},
		"a program here by IPv6":            {adminToken, "[::1]:5000", "[::1]:8081", "", "", "", 200, 401, 401},
		"another host":                      {adminToken, elsewhere, "madang:8081", "", "", "", 401, 401, 401},
		"another host, no token":            {"", elsewhere, "madang:8081", "", "", "", 403, 403, 403},
		"another host with the token":       {adminToken, elsewhere, "madang:8081", "Bearer " + adminToken, "", "", 200, 200, 200},
		"with the token":                    {adminToken, here, "localhost:8081", "Bearer " + adminToken, "", "", 200, 200, 200},
		"with another token":                {adminToken, here, "localhost:8081", "Bearer " + adminToken + "s", "", "", 401, 401, 401},
		"with its beginning":                {adminToken, here, "localhost:8081", "Bearer an admin", "", "", 401, 401, 401},
		"with the token in other words":     {adminToken, elsewhere, "localhost:8081", "Basic " + adminToken, "", "", 401, 401, 401},
		"with an empty token":               {"", elsewhere, "localhost:8081", "Bearer ", "", "", 403, 403, 403},
		"a page in a browser here":          {"", here, "localhost:8081", "", "https://evil.example", "", 403, 403, 403},
		"a page whose name leads here":      {"", here, "evil.example:8081", "", "", "", 403, 403, 403},
		"a page whose name leads here, too": {adminToken, here, "evil.example", "", "", "", 401, 401, 401},
		"a picture in a page here":          {"", here, "localhost:8081", "", "", "cross-site", 403, 403, 403},
	} {
		t.Run(name, func(t *testing.T) {
			h := &Server{rooms: newHouse(t, withFakeMedia(newFakeMedia())).rooms}
			cfg := DefaultConfig()
			cfg.Server.AdminToken = c.token
			h.current.Store(&cfg)
			h.metrics = newMetrics(&Server{})
			for path, want := range map[string]int{"/metrics": c.metrics, "/debug/pprof/symbol": c.pprof, "/api/admin/rooms": c.api} {
				r := httptest.NewRequest("GET", path, nil)
				r.RemoteAddr, r.Host = c.from, c.host
				if c.shown != "" {
					r.Header.Set("Authorization", c.shown)
				}
				if c.origin != "" {
					r.Header.Set("Origin", c.origin)
				}
				if c.fetched != "" {
					r.Header.Set("Sec-Fetch-Site", c.fetched)
				}
				w := httptest.NewRecorder()
				if path == "/metrics" { // what it shows is not the matter
					h.guard(visitLocal, http.NotFoundHandler()).ServeHTTP(w, r)
					if w.Code == http.StatusNotFound {
						w.Code = http.StatusOK
					}
				} else {
					h.adminHandler().ServeHTTP(w, r)
				}
				if w.Code != want {
					t.Errorf("%s: %d, want %d", path, w.Code, want)
				}
				if strings.Contains(w.Body.String(), adminToken) {
					t.Errorf("%s: it shows the token", path)
				}
			}
		})
	}
}

func TestAdminSeesRoomsAndMembers(t *testing.T) {
	h := newHouse(t, withFakeMedia(newFakeMedia()), withAdminToken)
	_, lobby, _ := h.visitor(t, "yard", "Mina")
	you := lobby.You
	_, said := h.admin(t, "GET", "/api/admin/rooms", "")
	var all struct {
		Rooms []struct {
			Room    string
			Members []struct {
				Member, Name, Role, From string
				May                      []string
				Sources                  []struct{ Source, State string }
			}
		}
		Draining *bool
	}
	if err := json.Unmarshal([]byte(said), &all); err != nil {
		t.Fatal(err)
	}
	if len(all.Rooms) != 1 || all.Draining == nil || len(all.Rooms[0].Members) != 1 {
		t.Fatalf("it shows %s", said)
	}
	if m := all.Rooms[0].Members[0]; m.Name != "Mina" || m.Role != "owner" || m.From != "127.0.0.1/32" || len(m.May) == 0 || len(m.Sources) == 0 || m.Sources[0].Source != "mic" {
		t.Errorf("it shows %s", said)
	}
	status, said := h.admin(t, "GET", "/api/admin/members/"+you, "")
	if status != 200 || !strings.Contains(said, `"room": "yard"`) || !strings.Contains(said, `"over": "udp"`) || !strings.Contains(said, `"slots"`) {
		t.Errorf("of the member %d %s", status, said)
	}
	if strings.Contains(said, lobby.Session) {
		t.Error("it shows the session")
	}
	for _, path := range []string{"/api/admin/rooms/nowhere", "/api/admin/members/nobody"} {
		if status, said := h.admin(t, "GET", path, ""); status != 404 || !strings.Contains(said, "not_found") {
			t.Errorf("%s: %d %s", path, status, said)
		}
	}
}

func TestAdminModeratesAsTheServerItself(t *testing.T) {
	h := newHouse(t, withFakeMedia(newFakeMedia()), withAdminToken)
	owner, _, _ := h.visitor(t, "yard", "Mina")
	other, lobby, _ := h.visitor(t, "yard", "Bora")
	for body, want := range map[string]struct {
		status int
		says   string
	}{
		`{"t":"lock","locked":true}`:           {200, `"locked": true`},
		`{"t":"slow","seconds":7}`:             {200, `"slow_s": 7`},
		`{"t":"msg","cid":"1","text":"hello"}`: {400, "moderation"},
		`{"t":"kick","member":"nobody"}`:       {404, "not_found"},
		`{"t":"kick"}`:                         {400, "bad_message"},
		`{"t":"slow","seconds":-1}`:            {400, "bad_message"},
		`[]`:                                   {400, "bad_message"},
		``:                                     {400, "bad_message"},
		strings.Repeat("x", maxAdminBody+1):    {400, "bad_message"},
	} {
		if status, said := h.admin(t, "POST", "/api/admin/rooms/yard", body); status != want.status || !strings.Contains(said, want.says) {
			t.Errorf("%.40s: %d %s", body, status, said)
		}
	}
	if status, said := h.admin(t, "POST", "/api/admin/rooms/yard", `{"t":"kick","member":"`+lobby.You+`"}`); status != 200 || strings.Contains(said, "Bora") {
		t.Errorf("kick: %d %s", status, said)
	}
	other.hearClose(protocol.CloseKicked)
	h.admin(t, "POST", "/api/admin/rooms/yard", `{"t":"end"}`)
	owner.hearClose(protocol.CloseRoomGone) // though nobody in the room could do that to its owner
}

func TestAdminRevokes(t *testing.T) {
	audit := &heardActs{}
	h := newHouse(t, withFakeMedia(newFakeMedia()), withTokens, withAdminToken, func(s *settings) { s.rooms.Audit = audit })
	c := h.dial(t)
	c.enters(tokenFor(t, func(g *token.Grant) { g.Identity, g.ID = "mina@school", "t1" }))
	for body, want := range map[string]int{
		`{}`: 400, ``: 400, `{"jti":"t2","identity":"x"}`: 400, `{"jti":7}`: 400, `{"who":"x"}`: 400, `{"member":"nobody"}`: 404,
	} {
		if status, said := h.admin(t, "POST", "/api/admin/revoke", body); status != want {
			t.Errorf("%s: %d %s", body, status, said)
		}
	}
	if status, said := h.admin(t, "POST", "/api/admin/revoke", `{"jti":"t1"}`); status != 200 || !strings.Contains(said, `"ended": 1`) {
		t.Errorf("%d %s", status, said)
	}
	c.hearClose(protocol.CloseUnauthorized)
	audit.mu.Lock()
	defer audit.mu.Unlock()
	if len(audit.acts) != 1 || audit.acts[0].What != "revoke" || audit.acts[0].Detail != "t1" {
		t.Errorf("the audit heard %+v", audit.acts)
	}
}

func TestAdminStopsAndReloadsByTheProcess(t *testing.T) {
	stopped := atomic.Bool{}
	rooms := newHouse(t, withFakeMedia(newFakeMedia())).rooms
	for name, c := range map[string]struct {
		process Process
		status  int
	}{
		"with one":    {Process{Stop: func() { stopped.Store(true) }, Reload: func() string { return "Nothing changes." }}, 200},
		"without one": {Process{}, 404},
	} {
		t.Run(name, func(t *testing.T) {
			h := &Server{rooms: rooms, process: c.process}
			for _, act := range []func(*http.Request) (any, error){h.stop, h.reload} {
				w := httptest.NewRecorder()
				h.answering(act).ServeHTTP(w, httptest.NewRequest("POST", "/", nil).WithContext(context.Background()))
				if w.Code != c.status {
					t.Errorf("%d %s", w.Code, w.Body)
				}
			}
		})
	}
	if !stopped.Load() {
		t.Error("nobody was told to stop")
	}
}
