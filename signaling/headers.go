package signaling

import (
	"fmt"
	"net/http"
)

// What holds for every answer of the public listener. WebRTC needs nothing of the
// CSP; blob: and mediastream: are for pictures and media made in the page.
const (
	contentPolicy = "default-src 'self'; script-src 'self'; img-src 'self' data: blob:; media-src 'self' blob: mediastream:; " +
		"worker-src 'self' blob:; object-src 'none'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'"
	permissionsPolicy = "camera=(self), microphone=(self), display-capture=(self), autoplay=(self), fullscreen=(self), " +
		"speaker-selection=(self), screen-wake-lock=(self), picture-in-picture=(self), geolocation=(), payment=(), usb=(), " +
		"serial=(), hid=(), midi=(), accelerometer=(), gyroscope=(), magnetometer=()"
)

// secured sets the headers that keep a page to itself.
func (s *Server) secured(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		cfg := s.config()
		h := w.Header()
		h.Set("Content-Security-Policy", contentPolicy)
		h.Set("Permissions-Policy", permissionsPolicy)
		h.Set("Referrer-Policy", "no-referrer") // a room's name is in its address
		h.Set("X-Content-Type-Options", "nosniff")
		h.Set("Cache-Control", "no-store") // what may be kept says so itself
		if encrypted(r, cfg.Server) {      // browsers heed it nowhere else, and say so
			h.Set("Cross-Origin-Opener-Policy", "same-origin")
		}
		if r.TLS != nil && cfg.TLS.HSTS > 0 && s.keys.issued() {
			h.Set("Strict-Transport-Security", fmt.Sprintf("max-age=%d", int(cfg.TLS.HSTS.Seconds())))
		}
		next.ServeHTTP(w, r)
	})
}
