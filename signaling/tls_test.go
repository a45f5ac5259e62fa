package signaling

import (
	"bytes"
	"crypto/rand"
	"crypto/tls"
	"crypto/x509"
	"encoding/pem"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"
)

func TestCertificateFollowsItsFiles(t *testing.T) {
	folder := t.TempDir()
	cfg := TLSConfig{Mode: "files", CertFile: filepath.Join(folder, "cert.pem"), KeyFile: filepath.Join(folder, "key.pem")}
	write := func(file, kind string, der []byte) {
		if err := os.WriteFile(file, pem.EncodeToMemory(&pem.Block{Type: kind, Bytes: der}), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	made := func() (certificate, key []byte) {
		one, err := selfSigned(time.Now())
		if err != nil {
			t.Fatal(err)
		}
		if key, err = x509.MarshalPKCS8PrivateKey(one.PrivateKey); err != nil {
			t.Fatal(err)
		}
		return one.Certificate[0], key
	}
	first, key := made()
	write(cfg.CertFile, "CERTIFICATE", first)
	write(cfg.KeyFile, "PRIVATE KEY", key)
	h := newHouse(t, withFakeMedia(newFakeMedia()), func(s *settings) { s.doors.TLS = cfg })
	shows := func(der []byte) func() bool {
		return func() bool {
			response, _ := get(t, h.URL()+"/healthz", nil)
			return bytes.Equal(response.TLS.PeerCertificates[0].Raw, der)
		}
	}
	second, key := made()
	write(cfg.CertFile, "CERTIFICATE", second)
	time.Sleep(renewalEvery + renewalEvery/2) // it looks at one file without the other
	if !shows(first)() {
		t.Error("half a renewal was taken")
	}
	write(cfg.KeyFile, "PRIVATE KEY", key)
	eventually(t, "the renewed certificate", shows(second))
}

func TestSelfSignedCertificateIsKept(t *testing.T) {
	now := time.Now()
	dir := filepath.Join(t.TempDir(), "tls")
	first := selfSignedIn(t, dir, now)
	if again := selfSignedIn(t, dir, now.AddDate(1, 0, 0)); !bytes.Equal(again.Certificate[0], first.Certificate[0]) {
		t.Error("the certificate is another after a restart")
	}
	info, err := os.Stat(filepath.Join(dir, selfSignedFile))
	if err != nil || info.Mode().Perm() != 0o600 {
		t.Errorf("its file is for others too: %v, %v", info.Mode(), err)
	}
	renewed := selfSignedIn(t, dir, now.AddDate(0, 0, selfSignedDays-20))
	if bytes.Equal(renewed.Certificate[0], first.Certificate[0]) {
		t.Error("a certificate that ends soon is kept")
	}
	if err := os.WriteFile(filepath.Join(dir, selfSignedFile), []byte("half a file"), 0o600); err != nil {
		t.Fatal(err)
	}
	if broken := selfSignedIn(t, dir, now); bytes.Equal(broken.Certificate[0], renewed.Certificate[0]) {
		t.Error("a broken file holds a certificate")
	}
	c := &certificates{cfg: TLSConfig{Mode: "self-signed"}}
	c.now.Store(&first)
	if print := c.fingerprint(); len(print) != 32*3-1 || strings.Count(print, ":") != 31 {
		t.Errorf("fingerprint %s", print)
	}
}

func selfSignedIn(t *testing.T, dir string, now time.Time) tls.Certificate {
	t.Helper()
	made, err := keptSelfSigned(dir, now)
	if err != nil {
		t.Fatal(err)
	}
	return made
}

func TestBrowsersAreSentToHTTPS(t *testing.T) {
	h := newHouse(t, withFakeMedia(newFakeMedia()), func(s *settings) {
		s.doors.TLS.Mode, s.doors.Server.RedirectListen = "self-signed", "127.0.0.1:0"
	})
	_, port, _ := strings.Cut(h.Addr().String(), ":")
	for _, tt := range []struct {
		name, method, host, path, public string
		to                               string // empty: refused
	}{
		{"a room", "GET", "yard.example.org", "/r/a%2Fb?x=1", "", "https://yard.example.org:" + port + "/r/a%2Fb?x=1"},
		{"another port", "GET", "yard.example.org:8080", "/", "", "https://yard.example.org:" + port + "/"},
		{"IPv6", "HEAD", "[2001:db8::1]:80", "/", "", "https://[2001:db8::1]:" + port + "/"},
		{"the public address", "GET", "evil.example.com", "/r/x", "https://meet.example.org", "https://meet.example.org/r/x"},
		{"a name that is none", "GET", "a\"b", "/", "", ""},
		{"what was sent", "POST", "yard.example.org", "/whip/x", "", ""},
	} {
		cfg := *h.config()
		cfg.Server.PublicURL = tt.public
		if err := h.Reconfigure(cfg); err != nil {
			t.Fatal(err)
		}
		request, err := http.NewRequestWithContext(t.Context(), tt.method, "http://"+h.RedirectAddr().String()+tt.path, nil)
		if err != nil {
			t.Fatal(err)
		}
		request.Host = tt.host
		response, err := (&http.Transport{DisableKeepAlives: true}).RoundTrip(request)
		if err != nil {
			t.Fatal(err)
		}
		response.Body.Close()
		to := response.Header.Get("Location")
		if refused := response.StatusCode == http.StatusBadRequest; to != tt.to || refused != (tt.to == "") {
			t.Errorf("%s: %d to %s, want %s", tt.name, response.StatusCode, to, tt.to)
		}
	}
}

// vouched is a certificate that somebody else signed, of whom nobody knows.
func vouched(t *testing.T) TLSConfig {
	t.Helper()
	ca := newTestIssuer(t, "localhost", "none")
	own, err := selfSigned(time.Now())
	if err != nil {
		t.Fatal(err)
	}
	der, err := x509.CreateCertificate(rand.Reader, own.Leaf, ca.root, own.Leaf.PublicKey, ca.key)
	if err != nil {
		t.Fatal(err)
	}
	dir := t.TempDir()
	file := filepath.Join(dir, "both.pem")
	own.Certificate = [][]byte{der}
	if err := keep(dir, file, own); err != nil {
		t.Fatal(err)
	}
	return TLSConfig{Mode: "files", CertFile: file, KeyFile: file, HSTS: time.Hour}
}

func TestHeadersKeepThePageToItself(t *testing.T) {
	const hsts, coop = "Strict-Transport-Security", "Cross-Origin-Opener-Policy"
	always := map[string]string{ // by a part of what they say
		"Content-Security-Policy": "frame-ancestors 'none'", "Permissions-Policy": "geolocation=()",
		"Referrer-Policy": "no-referrer", "X-Content-Type-Options": "nosniff",
	}
	brief := vouched(t)
	never := brief
	never.HSTS = 0
	for _, tt := range []struct {
		name     string
		tls      TLSConfig
		request  http.Header
		has, not []string
	}{
		{"plain", TLSConfig{Mode: "off", HSTS: time.Hour}, nil, nil, []string{hsts, coop}},
		{"plain, and a client says otherwise", TLSConfig{Mode: "off", HSTS: time.Hour}, http.Header{"X-Forwarded-Proto": {"https"}}, nil, []string{hsts, coop}},
		{"self-signed", TLSConfig{Mode: "self-signed", HSTS: time.Hour}, nil, []string{coop}, []string{hsts}},
		{"signed by another", brief, nil, []string{coop, hsts}, nil},
		{"signed by another, and not to be kept", never, nil, []string{coop}, []string{hsts}},
	} {
		t.Run(tt.name, func(t *testing.T) {
			h := newHouse(t, withFakeMedia(newFakeMedia()), func(s *settings) { s.doors.TLS = tt.tls })
			for _, path := range []string{"/", "/r/x", "/api/rooms/x", "/assets/none.js", "/ws", "/healthz"} {
				response, _ := get(t, h.URL()+path, tt.request)
				for name, part := range always {
					if !strings.Contains(response.Header.Get(name), part) {
						t.Errorf("%s: %s is %q", path, name, response.Header.Get(name))
					}
				}
				for _, name := range tt.has {
					if response.Header.Get(name) == "" {
						t.Errorf("%s: no %s", path, name)
					}
				}
				for _, name := range tt.not {
					if said := response.Header.Get(name); said != "" {
						t.Errorf("%s: %s is %q", path, name, said)
					}
				}
			}
		})
	}
}
