package sfu

import (
	"context"
	"fmt"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/pion/dtls/v3"
	"github.com/pion/webrtc/v4"
)

// OWASP ASVS 5.0, V17.2, what its other tests leave: 17.2.3 is in srtp/srtp_test.go,
// 17.2.4 in attack_turn_test.go, 17.2.5 in attack_valid_test.go and 17.2.6 in
// attack_hello_test.go.

// V17.2.1: each server makes a key of its own, renews it long before it ends, and shows
// it to nobody.
func TestASVS_V17_2_1_KeyIsOurOwnAndRenewed(t *testing.T) {
	now := time.Now()
	one, another := &identity{}, &identity{}
	seen := map[string]bool{}
	for _, c := range []struct {
		of    *identity
		at    time.Time
		fresh bool
	}{{one, now, true}, {one, now.Add(time.Hour), false}, {another, now, true}, {one, now.Add(identityLasts), true}} {
		certificate, err := c.of.of(c.at)
		if err != nil {
			t.Fatal(err)
		}
		prints, err := certificate.GetFingerprints()
		if err != nil || len(prints) == 0 || prints[0].Algorithm != "sha-256" {
			t.Fatalf("fingerprints %v, %v", prints, err)
		}
		if seen[prints[0].Value] == c.fresh {
			t.Errorf("after %v the key is fresh: %t", c.at.Sub(now), !c.fresh)
		}
		seen[prints[0].Value] = true
		if left := certificate.Expires().Sub(now); left < 7*identityLasts {
			t.Errorf("the certificate ends in %v", left)
		}
	}
}

// offerOf makes an offer, and has a peer answer what becomes of it on the way.
func (b *browser) offerOf(p *Peer, change func(offer string) string) (*Negotiated, error) {
	offer, err := b.pc.CreateOffer(nil)
	if err != nil {
		return nil, err
	}
	gathered := webrtc.GatheringCompletePromise(b.pc)
	if err := b.pc.SetLocalDescription(offer); err != nil {
		return nil, err
	}
	<-gathered
	kinds := map[string]SourceKind{}
	for tr, kind := range b.kinds {
		kinds[tr.Mid()] = kind
	}
	return p.Answer(context.Background(), change(b.pc.LocalDescription().SDP), kinds)
}

// attempt has a client with these settings come in, and tells whether it did.
func attempt(t *testing.T, s *SFU, set webrtc.SettingEngine, change func(offer string) string) bool {
	t.Helper()
	b := newBrowserWith(t, set, 1, 0)
	p, events := newTestPeer(t, s)
	defer p.Close()
	n, err := b.offerOf(p, change)
	if err != nil {
		return false
	}
	if err := b.pc.SetRemoteDescription(webrtc.SessionDescription{Type: webrtc.SDPTypeAnswer, SDP: n.SDP}); err != nil {
		t.Fatal(err)
	}
	for deadline := time.After(4 * time.Second); ; {
		select {
		case state := <-events.state:
			if state != PeerConnecting {
				return state == PeerConnected
			}
		case <-deadline:
			return false
		}
	}
}

func asItIs(offer string) string { return offer }

// V17.2.2: only strong cipher suites and SRTP profiles are spoken.
func TestASVS_V17_2_2_WeakCiphersAreRefused(t *testing.T) {
	s := newTestSFU(t)
	for suite, want := range map[dtls.CipherSuiteID]bool{
		dtls.TLS_ECDHE_ECDSA_WITH_AES_128_GCM_SHA256:       true,
		dtls.TLS_ECDHE_ECDSA_WITH_AES_256_GCM_SHA384:       true,
		dtls.TLS_ECDHE_ECDSA_WITH_CHACHA20_POLY1305_SHA256: true,
		dtls.TLS_ECDHE_ECDSA_WITH_AES_256_CBC_SHA:          false,
		dtls.TLS_ECDHE_ECDSA_WITH_AES_128_CCM_8:            false,
	} {
		t.Run(fmt.Sprint(suite), func(t *testing.T) {
			t.Parallel()
			set := settings()
			set.SetDTLSCipherSuites(suite)
			if got := attempt(t, s, set, asItIs); got != want {
				t.Errorf("a client that has %s alone came in: %t", suite, got)
			}
		})
	}
	for profile, want := range map[dtls.SRTPProtectionProfile]bool{
		dtls.SRTP_AEAD_AES_128_GCM:       true,
		dtls.SRTP_AEAD_AES_256_GCM:       true,
		dtls.SRTP_AES128_CM_HMAC_SHA1_80: true,
		dtls.SRTP_AES128_CM_HMAC_SHA1_32: false,
		dtls.SRTP_NULL_HMAC_SHA1_80:      false,
		dtls.SRTP_NULL_HMAC_SHA1_32:      false,
		dtls.SRTP_AES256_CM_SHA1_32:      false,
	} {
		t.Run(fmt.Sprintf("profile 0x%04x", uint16(profile)), func(t *testing.T) {
			t.Parallel()
			set := settings()
			set.SetSRTPProtectionProfiles(profile)
			if got := attempt(t, s, set, asItIs); got != want {
				t.Errorf("a client that has profile 0x%04x alone came in: %t", uint16(profile), got)
			}
		})
	}
}

// V17.2.8: a client whose certificate is not the one of its offer does not come in.
func TestASVS_V17_2_8_CertificateMustHaveTheFingerprint(t *testing.T) {
	s := newTestSFU(t)
	print := regexp.MustCompile(`a=fingerprint:sha-256 ([0-9A-Fa-f:]+)`)
	for name, tt := range map[string]struct {
		change func(string) string
		want   bool
	}{
		"as it is": {asItIs, true},
		"another's": {func(o string) string {
			return print.ReplaceAllString(o, "a=fingerprint:sha-256 "+strings.Repeat("00:", 31)+"00")
		}, false},
		"none": {func(o string) string { return print.ReplaceAllString(o, "a=x:y") }, false},
		"by a weak hash": {func(o string) string {
			return print.ReplaceAllString(o, "a=fingerprint:md5 "+strings.Repeat("00:", 15)+"00")
		}, false},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			if got := attempt(t, s, settings(), tt.change); got != tt.want {
				t.Errorf("the client came in: %t", got)
			}
		})
	}
}
