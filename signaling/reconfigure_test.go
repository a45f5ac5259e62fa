package signaling

import (
	"crypto/x509"
	"encoding/pem"
	"net/http"
	"os"
	"path/filepath"
	"testing"
	"time"

	"madang/room"
	"madang/signaling/protocol"
)

func TestAChangedConfigurationHoldsForWhoComes(t *testing.T) {
	h := newHouse(t, withFakeMedia(newFakeMedia()))
	stranger := http.Header{"Origin": {"https://app.example.com"}}
	if _, response, err := h.dialWith(stranger, protocol.Subprotocol); err == nil || response.StatusCode != http.StatusForbidden {
		t.Fatalf("a stranger's page may come: %v", err)
	}
	before := h.dial(t)
	before.inside("r", "Mina", "offer")

	cfg := *h.config()
	cfg.Server.AllowedOrigins = []string{"https://app.example.com"}
	cfg.Limits.ChatPerSecond = 3
	cfg.Limits.ConnectionsPerIP = 2
	cfg.TURN.External = []ExternalTURN{{URLs: []string{"turn:turn.example.org"}, Username: "u", Credential: room.Secret("c")}}
	if err := h.Reconfigure(cfg); err != nil {
		t.Fatal(err)
	}

	conn, _, err := h.dialWith(stranger, protocol.Subprotocol)
	if err != nil {
		t.Fatal("an allowed page may not come:", err)
	}
	conn.Close()
	eventually(t, "a free place", func() bool { return h.doors.count() == 1 })
	c := h.dial(t)
	if ice := c.inLobby("r", "Yuna").ICE; len(ice) == 0 || ice[len(ice)-1].URLs[0] != "turn:turn.example.org" {
		t.Errorf("ice = %v", ice)
	}
	c.say(&protocol.Join{ID: "join", SDP: "offer"})
	if n := hear[*protocol.Joined](c).Limits.Chat; n != 3 {
		t.Errorf("%d lines a second", n)
	}
	if _, response, err := h.dialWith(nil, protocol.Subprotocol); err == nil || response.StatusCode != http.StatusServiceUnavailable {
		t.Errorf("a third connection: %v", err)
	}
	before.works()
}

func TestACertificateIsReadAgainAndABadOneIsNot(t *testing.T) {
	folder := t.TempDir()
	files := TLSConfig{Mode: "files", CertFile: filepath.Join(folder, "cert.pem"), KeyFile: filepath.Join(folder, "key.pem")}
	issue := func(now time.Time) (serial string) {
		made, err := selfSigned(now)
		if err != nil {
			t.Fatal(err)
		}
		key, err := x509.MarshalPKCS8PrivateKey(made.PrivateKey)
		if err != nil {
			t.Fatal(err)
		}
		for file, block := range map[string]*pem.Block{
			files.CertFile: {Type: "CERTIFICATE", Bytes: made.Certificate[0]},
			files.KeyFile:  {Type: "PRIVATE KEY", Bytes: key},
		} {
			if err := os.WriteFile(file, pem.EncodeToMemory(block), 0o600); err != nil {
				t.Fatal(err)
			}
		}
		leaf, err := x509.ParseCertificate(made.Certificate[0])
		if err != nil {
			t.Fatal(err)
		}
		return leaf.SerialNumber.String()
	}
	first := issue(time.Now())
	h := newHouse(t, withFakeMedia(newFakeMedia()), func(s *settings) { s.doors.TLS = files })
	shown := func() string {
		response, _ := get(t, h.URL()+"/healthz", nil)
		return response.TLS.PeerCertificates[0].SerialNumber.String()
	}
	if shown() != first {
		t.Fatal("another certificate than the one in the files is shown")
	}
	second := issue(time.Now())
	if err := h.Reconfigure(*h.config()); err != nil || shown() != second {
		t.Errorf("the old one is shown: %v", err)
	}
	if err := os.WriteFile(files.CertFile, []byte("half a file"), 0o600); err != nil {
		t.Fatal(err)
	}
	if err := h.Reconfigure(*h.config()); err == nil || shown() != second {
		t.Errorf("a broken one was taken: %v", err)
	}
}
