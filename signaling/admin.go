package signaling

import (
	"context"
	"encoding/json"
	"net"
	"net/http"
	"net/http/pprof"
	"net/netip"
	"strings"
	"time"

	"github.com/prometheus/client_golang/prometheus/promhttp"

	"madang/room/password"
	"madang/signaling/protocol"
)

// adminHandler is everything on the admin listener. What it shows and does is for
// who has the admin token. Metrics are for programs on this host too, and so are
// profiles while there is no token.
func (s *Server) adminHandler() http.Handler {
	mux := http.NewServeMux()
	mux.Handle("GET /metrics", s.guard(visitLocal, promhttp.HandlerFor(s.metrics.registry, promhttp.HandlerOpts{})))
	for path, handler := range map[string]http.HandlerFunc{ // not the command line, which may hold secrets
		"": pprof.Index, "profile": pprof.Profile, "symbol": pprof.Symbol, "trace": pprof.Trace,
	} {
		mux.Handle("GET /debug/pprof/"+path, s.guard(visitTokenless, handler))
	}
	for route, answer := range map[string]func(*http.Request) (any, error){
		"GET /api/admin/rooms":            s.showRooms,
		"GET /api/admin/rooms/{room}":     s.showRoom,
		"POST /api/admin/rooms/{room}":    s.moderateRoom,
		"GET /api/admin/members/{member}": s.showMember,
		"POST /api/admin/revoke":          s.revoke,
		"POST /api/admin/drain":           s.stop,
		"POST /api/admin/reload":          s.reload,
	} {
		mux.Handle(route, s.guard(visitKnown, s.answering(answer)))
	}
	return http.MaxBytesHandler(mux, maxAdminBody)
}

// maxAdminBody bounds what an act says of itself, in bytes.
const maxAdminBody = 64 << 10

// visit is who may ask for something on the admin listener.
type visit uint8

const (
	visitKnown     visit = iota // who has the token
	visitTokenless              // and programs on this host, while there is no token
	visitLocal                  // and programs on this host
)

// guard lets those through who may.
func (s *Server) guard(may visit, next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Cache-Control", "no-store")
		w.Header().Set("X-Content-Type-Options", "nosniff")
		token := s.config().Server.AdminToken.Reveal()
		shown, isShown := strings.CutPrefix(r.Header.Get("Authorization"), "Bearer ")
		switch {
		case token != "" && isShown && password.Same(shown, token):
		case !isShown && fromThisHost(r) && (may == visitLocal || may == visitTokenless && token == ""):
		case token == "":
			refuse(w, http.StatusForbidden, protocol.Forbidden, "there is no API without server.admin_token")
			return
		default:
			w.Header().Set("WWW-Authenticate", `Bearer realm="madang"`)
			refuse(w, http.StatusUnauthorized, protocol.Unauthorized, "show the admin token: Authorization: Bearer …")
			return
		}
		next.ServeHTTP(w, r)
	})
}

// lookWithin is how long those who run the server wait for who is busy.
const lookWithin = 5 * time.Second

// answering makes a handler of a function that returns what is to be shown.
func (s *Server) answering(answer func(*http.Request) (any, error)) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		ctx, cancel := context.WithTimeout(r.Context(), lookWithin)
		defer cancel()
		body, err := answer(r.WithContext(ctx))
		if err != nil {
			e := answerFor(s.log, "", err)
			refuse(w, statusOf(e.Code), e.Code, e.Message)
			return
		}
		w.Header().Set("Content-Type", "application/json")
		out := json.NewEncoder(w)
		out.SetIndent("", "  ") // people read it
		_ = out.Encode(body)    // who does not wait for it does not hear it
	})
}

// statusOf is the status of HTTP that goes with a code.
func statusOf(code protocol.Code) int {
	switch code {
	case protocol.BadMessage, protocol.TooBig:
		return http.StatusBadRequest
	case protocol.NotFound:
		return http.StatusNotFound
	case protocol.Unavailable:
		return http.StatusServiceUnavailable
	}
	return http.StatusInternalServerError
}

// fromThisHost tells whether a program on this host asks. A page in a browser here does
// not count, also where a name of its own leads here (DNS rebinding).
func fromThisHost(r *http.Request) bool {
	remote, err := netip.ParseAddrPort(r.RemoteAddr)
	if err != nil || !remote.Addr().Unmap().IsLoopback() || r.Header.Get("Origin") != "" || r.Header.Get("Sec-Fetch-Site") != "" {
		return false
	}
	host := r.Host
	if name, _, err := net.SplitHostPort(host); err == nil {
		host = name
	}
	ip, err := netip.ParseAddr(strings.Trim(host, "[]"))
	return host == "localhost" || err == nil && ip.IsLoopback()
}
