package signaling

import (
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/tls"
	"crypto/x509"
	"crypto/x509/pkix"
	"math/big"
	"net"
	"os"
	"sync/atomic"
	"time"
)

// certificate is the server's of now, which may be renewed while it runs.
type certificate struct {
	cfg TLSConfig
	now atomic.Pointer[tls.Certificate]
}

// newCertificate makes or reads the certificate; nil: there is to be none.
func newCertificate(cfg TLSConfig) (*certificate, error) {
	c := &certificate{cfg: cfg}
	switch cfg.Mode {
	case "files":
		return c, c.read()
	case "self-signed":
		own, err := selfSigned(time.Now())
		c.now.Store(&own)
		return c, err
	}
	return nil, nil
}

// read reads the certificate from its files, if it comes from there. After an error
// the one before holds.
func (c *certificate) read() error {
	if c == nil || c.cfg.Mode != "files" {
		return nil
	}
	pair, err := tls.LoadX509KeyPair(c.cfg.CertFile, c.cfg.KeyFile)
	if err == nil {
		c.now.Store(&pair)
	}
	return err
}

// tls is how a listener encrypts with it; nil for not at all.
func (c *certificate) tls() *tls.Config {
	if c == nil {
		return nil
	}
	get := func(*tls.ClientHelloInfo) (*tls.Certificate, error) { return c.now.Load(), nil }
	return &tls.Config{GetCertificate: get, MinVersion: tls.VersionTLS12}
}

// selfSigned makes a certificate for every name and address of this host, in
// memory: a LAN's browsers ask once per start of the server.
func selfSigned(now time.Time) (tls.Certificate, error) {
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		return tls.Certificate{}, err
	}
	serial, err := rand.Int(rand.Reader, new(big.Int).Lsh(big.NewInt(1), 127))
	if err != nil {
		return tls.Certificate{}, err
	}
	template := &x509.Certificate{
		SerialNumber: serial,
		Subject:      pkix.Name{CommonName: "Madang"},
		NotBefore:    now.Add(-time.Hour),
		NotAfter:     now.AddDate(0, 0, 397), // browsers take no longer one
		KeyUsage:     x509.KeyUsageDigitalSignature,
		ExtKeyUsage:  []x509.ExtKeyUsage{x509.ExtKeyUsageServerAuth},
		DNSNames:     []string{"localhost"},
		IPAddresses:  hostAddresses(),
	}
	if name, err := os.Hostname(); err == nil && name != "" {
		template.DNSNames = append(template.DNSNames, name, name+".local")
	}
	der, err := x509.CreateCertificate(rand.Reader, template, template, key.Public(), key)
	if err != nil {
		return tls.Certificate{}, err
	}
	return tls.Certificate{Certificate: [][]byte{der}, PrivateKey: key}, nil
}

func hostAddresses() []net.IP {
	all := []net.IP{net.IPv4(127, 0, 0, 1), net.IPv6loopback}
	addresses, _ := net.InterfaceAddrs() // without them: loopback only
	for _, address := range addresses {
		if n, ok := address.(*net.IPNet); ok && !n.IP.IsLoopback() {
			all = append(all, n.IP)
		}
	}
	return all
}
