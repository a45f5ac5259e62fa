package signaling

import (
	"encoding/json"
	"io"
	"net/http"
	"net/url"
	"strings"

	"madang/signaling/protocol"
)

// publicHandler is everything on the public listener.
func (s *Server) publicHandler() http.Handler {
	mux := http.NewServeMux()
	mux.HandleFunc("GET /{$}", s.page.serveIndex)
	mux.HandleFunc("GET /r/{room}", s.serveRoomPage)
	mux.HandleFunc("GET /test", s.page.serveIndex)
	mux.HandleFunc("/", s.page.serveFile) // of all methods, so that /whip/ may be too
	mux.HandleFunc("GET /ws", s.serveWS)
	mux.HandleFunc("GET /api/rooms/{room}", s.serveRoomNeeds)
	mux.HandleFunc("GET /healthz", func(w http.ResponseWriter, _ *http.Request) { io.WriteString(w, "ok\n") })
	mux.HandleFunc("GET /readyz", s.serveReady)
	mux.HandleFunc("/whip/", serveNotBuilt)
	mux.HandleFunc("/whep/", serveNotBuilt)
	return s.secured(mux)
}

func (s *Server) serveRoomPage(w http.ResponseWriter, r *http.Request) {
	if !validRoomName(r.PathValue("room")) {
		http.Error(w, "There is no such room.", http.StatusNotFound)
		return
	}
	w.Header().Set("X-Robots-Tag", "noindex") // a room is for those who have its link
	s.page.serveIndex(w, r)
}

// serveRoomNeeds says what joining a room takes. Whether the room exists does
// not show.
func (s *Server) serveRoomNeeds(w http.ResponseWriter, r *http.Request) {
	name := r.PathValue("room")
	if !validRoomName(name) {
		refuse(w, http.StatusNotFound, protocol.NotFound, "there is no such room")
		return
	}
	needs := []string{}
	switch policy := s.rooms.Policy(name); {
	case policy.NeedsToken():
		needs = append(needs, "token")
	case policy.Password != "":
		needs = append(needs, "password")
	}
	writeJSON(w, http.StatusOK, map[string]any{"needs": needs})
}

func (s *Server) serveReady(w http.ResponseWriter, _ *http.Request) {
	if s.draining() {
		refuse(w, http.StatusServiceUnavailable, protocol.Unavailable, "draining")
		return
	}
	io.WriteString(w, "ok\n")
}

func serveNotBuilt(w http.ResponseWriter, _ *http.Request) {
	refuse(w, http.StatusNotFound, protocol.NotFound, "this server does not offer it")
}

func refuse(w http.ResponseWriter, status int, code protocol.Code, message string) {
	writeJSON(w, status, map[string]any{"code": code, "message": message})
}

func writeJSON(w http.ResponseWriter, status int, body any) {
	w.Header().Set("Content-Type", "application/json")
	w.WriteHeader(status)
	json.NewEncoder(w).Encode(body)
}

// originAllowed tells whether the page that makes a request may: no page at
// all, one of our own host, or one that the configuration names.
func originAllowed(r *http.Request, cfg ServerConfig) bool {
	text := r.Header.Get("Origin")
	if text == "" {
		return true
	}
	origin, err := url.Parse(text)
	if err != nil || origin.Host == "" {
		return false
	}
	if strings.EqualFold(origin.Host, r.Host) {
		return origin.Scheme == "https" || !encrypted(r, cfg) // others can write what comes by HTTP
	}
	for _, allowed := range append([]string{cfg.PublicURL}, cfg.AllowedOrigins...) {
		u, err := url.Parse(allowed)
		if err == nil && strings.EqualFold(u.Scheme, origin.Scheme) && strings.EqualFold(u.Host, origin.Host) {
			return true
		}
	}
	return false
}
