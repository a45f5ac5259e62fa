package signaling

import (
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/tls"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/asn1"
	"encoding/base64"
	"encoding/json"
	"encoding/pem"
	"errors"
	"fmt"
	"io"
	"math/big"
	"net"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync/atomic"
	"testing"
	"time"
)

// issuer is a small certificate authority that speaks ACME (RFC 8555) to one client
// that behaves. It offers one kind of challenge, and looks whether it is met.
type issuer struct {
	*httptest.Server
	t         *testing.T
	host      string // that it is asked for
	challenge string // its kind
	visit     func(token string) error
	key       *ecdsa.PrivateKey
	root      *x509.Certificate

	nonce, orders atomic.Int64
	met           atomic.Bool
	issued        atomic.Pointer[[]byte] // PEM
}

func newTestIssuer(t *testing.T, host, challenge string) *issuer {
	t.Helper()
	i := &issuer{t: t, host: host, challenge: challenge}
	var err error
	if i.key, err = ecdsa.GenerateKey(elliptic.P256(), rand.Reader); err != nil {
		t.Fatal(err)
	}
	template := &x509.Certificate{SerialNumber: big.NewInt(1), Subject: pkix.Name{CommonName: "Test issuer"}, IsCA: true, BasicConstraintsValid: true,
		KeyUsage: x509.KeyUsageCertSign, NotBefore: time.Now().Add(-time.Hour), NotAfter: time.Now().Add(time.Hour)}
	der, err := x509.CreateCertificate(rand.Reader, template, template, i.key.Public(), i.key)
	if err == nil {
		i.root, err = x509.ParseCertificate(der)
	}
	if err != nil {
		t.Fatal(err)
	}
	i.Server = httptest.NewServer(i)
	t.Cleanup(i.Close)
	return i
}

// ServeHTTP answers in the order in which a client asks.
func (i *issuer) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	w.Header().Set("Replay-Nonce", fmt.Sprint(i.nonce.Add(1)))
	at := func(path string) string { return i.URL + path }
	order := map[string]any{"status": "pending", "authorizations": []string{at("/authz")}, "finalize": at("/finalize")}
	state := "pending"
	if i.met.Load() {
		state, order["status"] = "valid", "ready"
	}
	if i.issued.Load() != nil {
		order["status"], order["certificate"] = "valid", at("/certificate")
	}
	challenge := map[string]any{"type": i.challenge, "url": at("/challenge"), "token": "token", "status": state}
	switch r.URL.Path {
	case "/directory":
		i.say(w, 200, map[string]any{"newNonce": at("/nonce"), "newAccount": at("/account"), "newOrder": at("/order"),
			"revokeCert": at("/revoke"), "keyChange": at("/key"), "meta": map[string]any{"termsOfService": at("/terms")}})
	case "/nonce":
	case "/account":
		w.Header().Set("Location", at("/account/1"))
		i.say(w, 201, map[string]any{"status": "valid"})
	case "/order":
		i.orders.Add(1)
		w.Header().Set("Location", at("/order/1"))
		i.say(w, 201, order)
	case "/order/1":
		i.say(w, 200, order)
	case "/authz":
		i.say(w, 200, map[string]any{"status": state, "identifier": map[string]any{"type": "dns", "value": i.host}, "challenges": []any{challenge}})
	case "/challenge":
		if err := i.visit("token"); err != nil {
			i.t.Errorf("%s: %v", i.challenge, err)
		}
		i.met.Store(true)
		i.say(w, 200, challenge)
	case "/finalize":
		i.sign(r)
		order["status"], order["certificate"] = "valid", at("/certificate")
		w.Header().Set("Location", at("/order/1"))
		i.say(w, 200, order)
	case "/certificate":
		w.Header().Set("Content-Type", "application/pem-certificate-chain")
		_, _ = w.Write(*i.issued.Load())
	default:
		http.NotFound(w, r)
	}
}

func (i *issuer) say(w http.ResponseWriter, status int, body any) {
	w.Header().Set("Content-Type", "application/json")
	w.WriteHeader(status)
	_ = json.NewEncoder(w).Encode(body)
}

// sign signs what a client asks to have signed.
func (i *issuer) sign(r *http.Request) {
	var envelope struct{ Payload string }
	var asked struct{ CSR string }
	err := json.NewDecoder(r.Body).Decode(&envelope)
	payload, err2 := base64.RawURLEncoding.DecodeString(envelope.Payload)
	err = errors.Join(err, err2, json.Unmarshal(payload, &asked))
	der, err2 := base64.RawURLEncoding.DecodeString(asked.CSR)
	request, err3 := x509.ParseCertificateRequest(der)
	if err := errors.Join(err, err2, err3); err != nil {
		i.t.Error(err)
		return
	}
	template := &x509.Certificate{SerialNumber: big.NewInt(2), DNSNames: request.DNSNames, NotBefore: time.Now().Add(-time.Hour),
		NotAfter: time.Now().Add(time.Hour / 2), ExtKeyUsage: []x509.ExtKeyUsage{x509.ExtKeyUsageServerAuth}}
	leaf, err := x509.CreateCertificate(rand.Reader, template, i.root, request.PublicKey, i.key)
	if err != nil {
		i.t.Error(err)
		return
	}
	chain := append(pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: leaf}),
		pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: i.root.Raw})...)
	i.issued.Store(&chain)
}

// reached is the server's health, as who trusts the issuer gets it by the name.
func (i *issuer) reached(address net.Addr) (*http.Response, error) {
	roots := x509.NewCertPool()
	roots.AddCert(i.root)
	transport := &http.Transport{DisableKeepAlives: true, TLSClientConfig: &tls.Config{RootCAs: roots, ServerName: i.host}}
	return (&http.Client{Transport: transport}).Get("https://" + address.String() + "/healthz")
}

func TestIssuerFindsUsByEitherChallengeAndIsAskedOnce(t *testing.T) {
	const host = "meet.example.org"
	for _, challenge := range []string{"http-01", "tls-alpn-01"} {
		t.Run(challenge, func(t *testing.T) {
			ca, open := newTestIssuer(t, host, challenge), make(chan *house, 1)
			ca.visit = func(token string) error {
				h := <-open
				open <- h
				if challenge == "http-01" {
					return seesAnswer(h.RedirectAddr().String(), host, token)
				}
				return seesCertificateFor(h.Addr().String(), host)
			}
			configured := func(s *settings) {
				s.doors.TLS.Mode, s.doors.TLS.ACMEHosts = "acme", []string{host}
				s.doors.TLS.Dir, s.doors.TLS.ACMEDirectory = t.TempDir(), ca.URL+"/directory"
				if challenge == "http-01" {
					s.doors.Server.RedirectListen = "127.0.0.1:0"
				}
			}
			var kept settings
			h := newHouse(t, withFakeMedia(newFakeMedia()), configured, func(s *settings) { kept = *s })
			open <- h
			eventually(t, "a certificate", func() bool {
				response, err := ca.reached(h.Addr())
				if err != nil {
					return false
				}
				response.Body.Close()
				return response.Header.Get("Strict-Transport-Security") != ""
			})
			again := newHouse(t, func(s *settings) { *s = kept })
			if response, err := ca.reached(again.Addr()); err != nil {
				t.Error("after a restart:", err)
			} else {
				response.Body.Close()
			}
			if n := ca.orders.Load(); n != 1 {
				t.Errorf("the issuer was asked %d times", n)
			}
			if conn, err := tls.Dial("tcp", h.Addr().String(), &tls.Config{ServerName: "evil.example.org", InsecureSkipVerify: true}); err == nil { // of a test's own server
				conn.Close()
				t.Error("a certificate is shown for another name")
			}
		})
	}
}

// seesAnswer looks as an issuer does for HTTP-01 (RFC 8555 section 8.3).
func seesAnswer(address, host, token string) error {
	request, err := http.NewRequest(http.MethodGet, "http://"+address+"/.well-known/acme-challenge/"+token, nil)
	if err != nil {
		return err
	}
	request.Host = host
	response, err := (&http.Transport{DisableKeepAlives: true}).RoundTrip(request)
	if err != nil {
		return err
	}
	defer response.Body.Close()
	body, err := io.ReadAll(response.Body)
	if err == nil && !strings.HasPrefix(string(body), token+".") {
		err = fmt.Errorf("%d %q is no answer", response.StatusCode, body)
	}
	return err
}

// seesCertificateFor looks as an issuer does for TLS-ALPN-01 (RFC 8737 section 3).
func seesCertificateFor(address, host string) error {
	conn, err := tls.Dial("tcp", address, &tls.Config{ServerName: host, NextProtos: []string{"acme-tls/1"}, InsecureSkipVerify: true}) // it proves itself by what it holds
	if err != nil {
		return err
	}
	defer conn.Close()
	leaf := conn.ConnectionState().PeerCertificates[0]
	for _, e := range leaf.Extensions {
		if e.Id.Equal(asn1.ObjectIdentifier{1, 3, 6, 1, 5, 5, 7, 1, 31}) && e.Critical && leaf.VerifyHostname(host) == nil {
			return nil
		}
	}
	return fmt.Errorf("the certificate of %v is no answer", leaf.DNSNames)
}
