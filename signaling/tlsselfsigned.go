package signaling

import (
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/tls"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/pem"
	"errors"
	"fmt"
	"io/fs"
	"math/big"
	"net"
	"os"
	"path/filepath"
	"time"
)

// A certificate of our own making.
const (
	selfSignedFile  = "self-signed.pem" // the certificate and its key
	selfSignedDays  = 397               // browsers take no longer one
	selfSignedSpare = 30 * 24 * time.Hour
)

// keptSelfSigned is the self-signed certificate of a folder, so that browsers that
// took it once need not be asked again; a new one where there is none, or none that
// fits this host. Without a folder it lasts as long as the server.
func keptSelfSigned(dir string, now time.Time) (tls.Certificate, error) {
	if dir == "" {
		return selfSigned(now)
	}
	file := filepath.Join(dir, selfSignedFile)
	text, err := os.ReadFile(file)
	if err != nil && !errors.Is(err, fs.ErrNotExist) {
		return tls.Certificate{}, err
	}
	if pair, err := tls.X509KeyPair(text, text); err == nil && fitsHost(pair.Leaf, now) {
		return pair, nil
	}
	made, err := selfSigned(now)
	if err == nil {
		err = keep(dir, file, made)
	}
	return made, err
}

// fitsHost tells whether a certificate still names this host: its name, and its IPv4
// addresses, as those of IPv6 change by themselves.
func fitsHost(leaf *x509.Certificate, now time.Time) bool {
	if now.Before(leaf.NotBefore) || now.Add(selfSignedSpare).After(leaf.NotAfter) {
		return false
	}
	for _, name := range hostNames() {
		if leaf.VerifyHostname(name) != nil {
			return false
		}
	}
	for _, ip := range hostAddresses() {
		if ip.To4() != nil && leaf.VerifyHostname(ip.String()) != nil {
			return false
		}
	}
	return true
}

// keep writes a certificate and its key to a file, whole or not at all.
func keep(dir, file string, made tls.Certificate) error {
	key, err := x509.MarshalPKCS8PrivateKey(made.PrivateKey)
	if err != nil {
		return err
	}
	text := append(pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: made.Certificate[0]}),
		pem.EncodeToMemory(&pem.Block{Type: "PRIVATE KEY", Bytes: key})...)
	if err := os.MkdirAll(dir, 0o700); err != nil {
		return err
	}
	if err := os.WriteFile(file+".new", text, 0o600); err != nil {
		return err
	}
	return os.Rename(file+".new", file)
}

// selfSigned makes a certificate for every name and address of this host.
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
		NotAfter:     now.AddDate(0, 0, selfSignedDays),
		KeyUsage:     x509.KeyUsageDigitalSignature,
		ExtKeyUsage:  []x509.ExtKeyUsage{x509.ExtKeyUsageServerAuth},
		DNSNames:     hostNames(),
		IPAddresses:  hostAddresses(),
	}
	der, err := x509.CreateCertificate(rand.Reader, template, template, key.Public(), key)
	if err != nil {
		return tls.Certificate{}, err
	}
	leaf, err := x509.ParseCertificate(der)
	if err != nil {
		return tls.Certificate{}, fmt.Errorf("read our own certificate: %w", err)
	}
	return tls.Certificate{Certificate: [][]byte{der}, PrivateKey: key, Leaf: leaf}, nil
}

func hostNames() []string {
	names := []string{"localhost"}
	if name, err := os.Hostname(); err == nil && name != "" {
		names = append(names, name, name+".local")
	}
	return names
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
