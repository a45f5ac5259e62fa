package signaling

import (
	"bytes"
	"context"
	"crypto/sha256"
	"crypto/tls"
	"fmt"
	"log/slog"
	"net/http"
	"strings"
	"sync/atomic"
	"time"

	"golang.org/x/crypto/acme"
	"golang.org/x/crypto/acme/autocert"
)

// certificates are what the public listener shows of itself; they may be renewed
// while it runs. A nil one is of a listener that does not encrypt. Any goroutine.
type certificates struct {
	cfg    TLSConfig
	now    atomic.Pointer[tls.Certificate] // nil where an issuer is asked
	issuer *autocert.Manager               // nil: none is asked
	end    context.CancelFunc              // has no more asked of the issuer
}

// newCertificates makes or reads the certificate, or gets ready to ask for it;
// nil: there is to be none.
func newCertificates(cfg TLSConfig) (*certificates, error) {
	c := &certificates{cfg: cfg}
	switch cfg.Mode {
	case "files":
		return c, c.read()
	case "acme":
		c.issuer, c.end = newIssuer(cfg)
		return c, nil
	case "self-signed":
		own, err := keptSelfSigned(cfg.Dir, time.Now())
		c.now.Store(&own)
		return c, err
	}
	return nil, nil
}

// tls is how a listener encrypts with them; nil for not at all.
func (c *certificates) tls() *tls.Config {
	switch {
	case c == nil:
		return nil
	case c.issuer != nil:
		return &tls.Config{GetCertificate: c.issuer.GetCertificate, MinVersion: tls.VersionTLS12, NextProtos: []string{"h2", "http/1.1", acme.ALPNProto}}
	}
	get := func(*tls.ClientHelloInfo) (*tls.Certificate, error) { return c.now.Load(), nil }
	return &tls.Config{GetCertificate: get, MinVersion: tls.VersionTLS12}
}

// watch sees to it that they are those of now, until ctx ends.
func (c *certificates) watch(ctx context.Context, log *slog.Logger) {
	switch {
	case c == nil:
	case c.issuer != nil:
		c.ask(ctx, log)
	case c.cfg.Mode == "files":
		c.follow(ctx, log)
	}
}

// challenges lets an issuer look at the redirecting listener whether its name is
// ours; all else goes on to next.
func (c *certificates) challenges(next http.Handler) http.Handler {
	if c == nil || c.issuer == nil {
		return next
	}
	return c.issuer.HTTPHandler(next)
}

// issued tells whether somebody else vouches for us, so that browsers may be held to
// HTTPS: with a certificate of our own making nobody could go on after a mistake.
func (c *certificates) issued() bool {
	if c == nil || c.issuer != nil {
		return c != nil
	}
	leaf := c.now.Load().Leaf
	return !bytes.Equal(leaf.RawIssuer, leaf.RawSubject)
}

// fingerprint is that of a self-signed certificate as browsers show it, empty for
// any other.
func (c *certificates) fingerprint() string {
	if c == nil || c.cfg.Mode != "self-signed" {
		return ""
	}
	sum := sha256.Sum256(c.now.Load().Certificate[0])
	return strings.ReplaceAll(fmt.Sprintf("% X", sum), " ", ":")
}
