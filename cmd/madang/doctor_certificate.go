package main

import (
	"crypto/tls"
	"strings"
	"time"

	"madang/signaling"
)

// renewBefore is how long before its end a certificate is worth a word.
const renewBefore = 14 * 24 * time.Hour

// certificate tells what browsers will say of the encryption.
func (d *doctor) certificate(config signaling.TLSConfig, publicURL string, now time.Time) {
	switch config.Mode {
	case "self-signed":
		d.note("The certificate is self-signed: every browser warns once, on every start of the server.")
		return
	case "files":
	default:
		if strings.HasPrefix(publicURL, "https://") {
			d.note("TLS is off here, so something in front of this server must speak it for %s.", publicURL)
		} else {
			d.note("TLS is off: browsers give camera and microphone to pages from localhost only. See tls in madang config docs.")
		}
		return
	}
	pair, err := tls.LoadX509KeyPair(config.CertFile, config.KeyFile)
	if err != nil {
		d.ill("The certificate cannot be used: %v.", err)
		return
	}
	leaf := pair.Leaf
	day := leaf.NotAfter.Format(time.DateOnly)
	switch {
	case now.Before(leaf.NotBefore):
		d.ill("The certificate begins on %s only. Is the clock right?", leaf.NotBefore.Format(time.DateOnly))
	case now.After(leaf.NotAfter):
		d.ill("The certificate ended on %s.", day)
	case now.Add(renewBefore).After(leaf.NotAfter):
		d.note("The certificate ends on %s: renew it, and send the server SIGHUP.", day)
	default:
		d.well("The certificate is for %s, until %s.", strings.Join(leaf.DNSNames, ", "), day)
	}
	if host := hostOfURL(publicURL); host != "" && leaf.VerifyHostname(host) != nil {
		d.ill("The certificate is not for %s, which is the name in server.public_url.", host)
	}
	if len(pair.Certificate) == 1 && leaf.Issuer.String() != leaf.Subject.String() {
		d.note("The file holds one certificate without its chain: some browsers will not trust it. Use fullchain.pem.")
	}
}
