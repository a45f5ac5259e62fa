package sfu

import (
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/tls"
	"crypto/x509"
	"encoding/pem"
	"fmt"
	"math/big"
	"net"
	"os"
	"path/filepath"
	"testing"
	"time"

	"github.com/pion/interceptor"
	"github.com/pion/webrtc/v4"

	"madang/sfu/lane"
)

// publicIP is how relayed clients know the server of a test; no way leads there.
const publicIP = "192.0.2.1"

// newRelaySFU is one that relays on ports of its own too.
func newRelaySFU(t *testing.T, certificate tls.Certificate) *SFU {
	t.Helper()
	cfg := DefaultConfig()
	cfg.ICE.UDPPort, cfg.ICE.PublicIPs = 0, []string{publicIP}
	cfg.TURN.UDPPort, cfg.TURN.TCPPort = freePort(t), freePort(t)
	s := newSFU(t, cfg)
	s.UseTLS(&tls.Config{Certificates: []tls.Certificate{certificate}})
	return s
}

// freePort is free for UDP and TCP, as far as one can know.
func freePort(t *testing.T) int {
	t.Helper()
	for {
		l, err := net.Listen("tcp", ":0")
		if err != nil {
			t.Fatal(err)
		}
		port := l.Addr().(*net.TCPAddr).Port
		packets, err := net.ListenPacket("udp", fmt.Sprintf(":%d", port))
		l.Close()
		if err == nil {
			packets.Close()
			return port
		}
	}
}

// selfSigned is a certificate that this process trusts: it reads the roots once.
func selfSigned(t *testing.T) tls.Certificate {
	t.Helper()
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	template := &x509.Certificate{
		SerialNumber: big.NewInt(1), NotAfter: time.Now().Add(time.Hour),
		BasicConstraintsValid: true, IsCA: true, IPAddresses: []net.IP{net.IPv4(127, 0, 0, 1)},
	}
	der, err := x509.CreateCertificate(rand.Reader, template, template, key.Public(), key)
	if err != nil {
		t.Fatal(err)
	}
	file := filepath.Join(t.TempDir(), "root.pem")
	if err := os.WriteFile(file, pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: der}), 0o600); err != nil {
		t.Fatal(err)
	}
	t.Setenv("SSL_CERT_FILE", file)
	return tls.Certificate{Certificate: [][]byte{der}, PrivateKey: key}
}

// relayedBrowser is a browser that reaches nothing but one URL of the relay.
func relayedBrowser(t *testing.T, s *SFU, url int) *browser {
	t.Helper()
	settings := settings()
	server := s.ICEServers("somebody", "127.0.0.1")[0]
	m := &webrtc.MediaEngine{}
	if err := m.RegisterDefaultCodecs(); err != nil {
		t.Fatal(err)
	}
	i := &interceptor.Registry{}
	if err := webrtc.RegisterDefaultInterceptors(m, i); err != nil {
		t.Fatal(err)
	}
	pc, err := webrtc.NewAPI(webrtc.WithMediaEngine(m), webrtc.WithInterceptorRegistry(i), webrtc.WithSettingEngine(settings)).NewPeerConnection(webrtc.Configuration{
		ICETransportPolicy: webrtc.ICETransportPolicyRelay,
		ICEServers:         []webrtc.ICEServer{{URLs: server.URLs[url : url+1], Username: server.Username, Credential: server.Credential}},
	})
	if err != nil {
		t.Fatal(err)
	}
	return newBrowserOn(t, pc, webrtc.MimeTypeVP8, 1, 1)
}

func TestMediaFlowsThroughTheRelay(t *testing.T) {
	certificate := selfSigned(t)
	for url, way := range []string{"UDP", "TCP", "TLS"} {
		s := newRelaySFU(t, certificate)
		t.Run(way, func(t *testing.T) {
			t.Parallel()
			c := newCall(t, s, relayedBrowser(t, s, url), relayedBrowser(t, s, url))
			if on := c.fast(); on != [2]bool{true, true} {
				t.Errorf("the worker seals for %v", on)
			}
			c.flow(80)
			for i, e := range c.ears {
				if at := c.at(i); !lane.Is(at) {
					t.Errorf("the server sends to %v", at)
				}
				for _, kind := range []uint8{96, 111} {
					if lost, came := e.lost(kind); lost > 0 {
						t.Errorf("client %d lost %.1f %% of %d packets of type %d", i, 100*lost, came, kind)
					}
				}
			}
			for _, b := range c.browsers {
				_ = b.pc.GracefulClose()
			}
			for deadline := time.Now().Add(20 * time.Second); s.lanes.Len() > 0; time.Sleep(20 * time.Millisecond) {
				if time.Now().After(deadline) {
					t.Fatalf("%d lanes", s.lanes.Len())
				}
			}
		})
	}
}
