package signaling

import (
	"context"
	"crypto/tls"
	"log/slog"
	"net/http"
	"time"

	"golang.org/x/crypto/acme"
	"golang.org/x/crypto/acme/autocert"
)

// askAgainAfter is how long an issuer is left alone that gave no certificate.
const askAgainAfter = 10 * time.Minute

// newIssuer is who is asked for certificates by ACME (RFC 8555), for the names of
// the configuration alone, and renews them: by TLS-ALPN-01 (RFC 8737), and by HTTP-01
// where there is a listener that redirects. The manager knows no end of its own: from
// end on it cannot ask any more.
func newIssuer(cfg TLSConfig) (manager *autocert.Manager, end context.CancelFunc) {
	open, end := context.WithCancel(context.Background())
	return &autocert.Manager{
		Prompt:     autocert.AcceptTOS,
		Cache:      autocert.DirCache(cfg.Dir),
		HostPolicy: autocert.HostWhitelist(cfg.ACMEHosts...),
		Email:      cfg.ACMEEmail,
		Client: &acme.Client{
			DirectoryURL: cfg.ACMEDirectory,
			UserAgent:    "madang",
			HTTPClient:   &http.Client{Transport: untilEnd{open, http.DefaultTransport}, Timeout: 30 * time.Second},
		},
	}, end
}

// ask has the certificates of all names there before the first visitor comes, and
// says what stands in the way. It ends when they are, or with ctx.
func (c *certificates) ask(ctx context.Context, log *slog.Logger) {
	context.AfterFunc(ctx, c.end)
	for _, host := range c.cfg.ACMEHosts {
		for !c.get(host, log) {
			select {
			case <-ctx.Done():
				return
			case <-time.After(askAgainAfter):
			}
		}
	}
}

// get gets the certificate of one name, kept or new.
func (c *certificates) get(host string, log *slog.Logger) (ok bool) {
	hello := &tls.ClientHelloInfo{ServerName: host, CipherSuites: []uint16{tls.TLS_ECDHE_ECDSA_WITH_AES_128_GCM_SHA256}}
	got, err := c.issuer.GetCertificate(hello)
	if err != nil {
		log.Warn("no certificate was got, and is asked for again", "host", host, "in", askAgainAfter, "why", err)
		return false
	}
	log.Info("certificate", "host", host, "until", got.Leaf.NotAfter)
	return true
}

// untilEnd carries requests until a context ends, and those under way with it.
type untilEnd struct {
	open context.Context
	next http.RoundTripper
}

// RoundTrip implements http.RoundTripper. What reads the answer needs the request's
// context for longer, so it ends with the server at the latest: there are few.
func (u untilEnd) RoundTrip(r *http.Request) (*http.Response, error) {
	ctx, cancel := context.WithCancel(r.Context())
	context.AfterFunc(u.open, cancel)
	return u.next.RoundTrip(r.WithContext(ctx))
}
