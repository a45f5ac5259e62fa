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
		if config.Dir == "" {
			d.note(d.say.SelfSignedAnew)
		} else {
			d.note(d.say.SelfSigned)
		}
		return
	case "acme":
		d.note(d.say.ACME.with(strings.Join(config.ACMEHosts, ", ")))
		return
	case "files":
	default:
		if strings.HasPrefix(publicURL, "https://") {
			d.note(d.say.TLSInFront.with(publicURL))
		} else {
			d.note(d.say.TLSOff)
		}
		return
	}
	pair, err := tls.LoadX509KeyPair(config.CertFile, config.KeyFile)
	if err != nil {
		d.ill(d.say.Unusable.with(err))
		return
	}
	leaf := pair.Leaf
	day := leaf.NotAfter.Format(time.DateOnly)
	switch {
	case now.Before(leaf.NotBefore):
		d.ill(d.say.NotYet.with(leaf.NotBefore.Format(time.DateOnly)))
	case now.After(leaf.NotAfter):
		d.ill(d.say.Ended.with(day))
	case now.Add(renewBefore).After(leaf.NotAfter):
		d.note(d.say.EndsSoon.with(day))
	default:
		d.well(d.say.Good.with(strings.Join(leaf.DNSNames, ", "), day))
	}
	if host := hostOfURL(publicURL); host != "" && leaf.VerifyHostname(host) != nil {
		d.ill(d.say.OtherName.with(host))
	}
	if len(pair.Certificate) == 1 && leaf.Issuer.String() != leaf.Subject.String() {
		d.note(d.say.NoChain)
	}
}
