package signaling

import (
	"net"
	"net/http"
	"net/url"
)

// redirectHandler sends browsers to the same place by HTTPS. All that it serves
// besides is what an issuer of certificates looks for.
func (s *Server) redirectHandler() http.Handler {
	return s.keys.challenges(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		host := s.secureHost(r)
		if host == "" || r.Method != http.MethodGet && r.Method != http.MethodHead {
			http.Error(w, "Use HTTPS.", http.StatusBadRequest) // what was sent has been read by others
			return
		}
		w.Header().Set("Cache-Control", "no-store")
		to := url.URL{Scheme: "https", Host: host, Path: r.URL.Path, RawPath: r.URL.RawPath, RawQuery: r.URL.RawQuery}
		http.Redirect(w, r, to.String(), http.StatusPermanentRedirect)
	}))
}

// secureHost is where HTTPS is: the public address, else by the name that the
// request was made to, at the port of the public listener. Empty: there is none.
func (s *Server) secureHost(r *http.Request) string {
	cfg := s.config().Server
	if u, err := url.Parse(cfg.PublicURL); err == nil && u.Scheme == "https" {
		return u.Host
	}
	name := hostOf(r, ServerConfig{})
	if name == "" || s.tls == nil {
		return ""
	}
	_, port, _ := net.SplitHostPort(s.Addr().String()) // it listens
	if port == "443" {
		if ip := net.ParseIP(name); ip != nil && ip.To4() == nil {
			return "[" + name + "]"
		}
		return name
	}
	return net.JoinHostPort(name, port)
}
