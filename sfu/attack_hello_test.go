package sfu

import (
	"context"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"net"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/pion/dtls/v3"
	"github.com/pion/dtls/v3/pkg/crypto/selfsign"
)

// clientHello is the first datagram of a DTLS client.
func clientHello(t *testing.T) []byte {
	t.Helper()
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	certificate, err := selfsign.SelfSign(key)
	if err != nil {
		t.Fatal(err)
	}
	from, to := loopback(t), loopback(t)
	defer from.Close()
	defer to.Close()
	client, err := dtls.ClientWithOptions(from, to.LocalAddr(), dtls.WithCertificates(certificate),
		dtls.WithInsecureSkipVerify(true), dtls.WithSRTPProtectionProfiles(dtls.SRTP_AEAD_AES_128_GCM))
	if err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithCancel(t.Context())
	done := make(chan struct{})
	go func() { defer close(done); _ = client.HandshakeContext(ctx) }()
	defer func() { cancel(); client.Close(); <-done }()
	buf := make([]byte, 2048)
	_ = to.SetReadDeadline(time.Now().Add(10 * time.Second))
	n, err := to.Read(buf)
	if err != nil {
		t.Fatal(err)
	}
	return buf[:n]
}

// listening counts what comes to a socket until the end of the test.
func listening(t *testing.T, c *net.UDPConn) *atomic.Int64 {
	bytes, done := &atomic.Int64{}, make(chan struct{})
	go func() {
		defer close(done)
		for buf := make([]byte, 2048); ; {
			n, err := c.Read(buf)
			if err != nil {
				return
			}
			bytes.Add(int64(n))
		}
	}()
	t.Cleanup(func() { c.Close(); <-done })
	return bytes
}

// OWASP ASVS 5.0, V17.2.6: a ClientHello that comes before the client's own, from where
// ICE has not found the client, is nothing: it is not answered, and keeps nobody out.
func TestASVS_V17_2_6_ClientHelloRaceFromElsewhereIsLost(t *testing.T) {
	s, hello := newTestSFU(t), clientHello(t)
	stranger := loopback(t)
	answered := listening(t, stranger)
	connected, sent, slowest := 0, 0, time.Duration(0)
	const joins = 20
	for range joins {
		state, took, n := raceHello(t, s, func(n *nat) {
			_, server := n.addresses()
			_, _ = stranger.WriteToUDPAddrPort(hello, server)
		})
		sent += n
		if state == PeerConnected {
			connected++
			slowest = max(slowest, took)
		}
	}
	t.Logf("%d ClientHellos from another socket: %d of %d clients connected, the slowest after %v, and %d bytes were answered",
		sent, connected, joins, slowest.Round(time.Millisecond), answered.Load())
	if connected != joins || answered.Load() != 0 {
		t.Errorf("%d of %d clients connected, %d bytes were answered", connected, joins, answered.Load())
	}
}

// Who can write the client's address and port on it, in the moment between its first
// check and its handshake, ends that handshake: Pion keeps what the first ClientHello
// said, where RFC 6347 section 4.2.1 would have it keep nothing. That harms nobody else,
// and the client, who comes back from another port, is in.
func TestClientHelloRaceWithTheClientsAddressEndsOneHandshake(t *testing.T) {
	s, hello := newTestSFU(t), clientHello(t)
	others := newCall(t, s, newBrowserWith(t, settings(), 1, 0), newBrowserWith(t, settings(), 1, 0))
	others.flow(20)
	late := append([]byte(nil), hello...)
	late[8] = 1 // a record number that the client's own come far behind of (RFC 6347 section 4.1.2.6)
	spoof := spoofer(t)
	for _, tt := range []struct {
		name string
		send func(*nat)
	}{
		{"from the client's address", func(n *nat) { n.inject(hello) }},
		{"from the client's address, numbered far ahead", func(n *nat) { n.inject(late) }},
		{"with the client's address on it", func(n *nat) {
			if client, server := n.addresses(); spoof != nil && server.IsValid() {
				spoof(hello, client, server)
			}
		}},
	} {
		came, due := others.heard()
		state, took, sent := raceHello(t, s, tt.send)
		again, _, _ := raceHello(t, s, func(*nat) {})
		others.flow(5)
		heard, all := others.heard()
		t.Logf("%d ClientHellos %s: connected %t after %v, the next time %t; the others heard %d of %d", sent, tt.name,
			state == PeerConnected, took.Round(time.Millisecond), again == PeerConnected, heard-came, all-due)
		if again != PeerConnected {
			t.Errorf("%s: the client is kept out", tt.name)
		}
		if missing := (all - due) - (heard - came); missing > 1 {
			t.Errorf("%s: others lost %d packets", tt.name, missing)
		}
	}
}

// raceHello has a client join while somebody sends ClientHellos every millisecond from
// before its first check on, and tells what came of it.
func raceHello(t *testing.T, s *SFU, send func(*nat)) (state PeerState, took time.Duration, sent int) {
	b := behindNAT(t, 1, 0)
	p, events := newTestPeer(t, s)
	stop := make(chan struct{})
	var racing sync.WaitGroup
	racing.Go(func() {
		tick := time.NewTicker(time.Millisecond)
		defer tick.Stop()
		for ; ; sent++ {
			select {
			case <-stop:
				return
			case <-tick.C:
				send(b.nat)
			}
		}
	})
	began := time.Now()
	b.join(p)
	deadline := time.After(5 * time.Second)
	for waiting := true; waiting; {
		select {
		case state = <-events.state:
			waiting = state == PeerConnecting || state == PeerDisconnected
		case <-deadline:
			waiting = false
		}
	}
	took = time.Since(began)
	close(stop)
	racing.Wait()
	p.Close()
	return state, took, sent
}
