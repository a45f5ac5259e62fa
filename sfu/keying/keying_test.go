package keying_test

import (
	"bytes"
	"context"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/tls"
	"errors"
	"fmt"
	"net"
	"testing"
	"time"

	"github.com/pion/dtls/v3"
	"github.com/pion/dtls/v3/pkg/crypto/selfsign"
	pion "github.com/pion/srtp/v3"

	"madang/sfu/keying"
	"madang/sfu/srtp"
)

// shake has Pion shake hands with itself; the server's side is overheard.
func shake(t *testing.T, profile dtls.SRTPProtectionProfile, suite dtls.CipherSuiteID) (*keying.Association, *dtls.State) {
	t.Helper()
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	certificate, err := selfsign.SelfSign(key)
	if err != nil {
		t.Fatal(err)
	}
	var ends [2]net.PacketConn
	for i := range ends {
		if ends[i], err = net.ListenPacket("udp", "127.0.0.1:0"); err != nil {
			t.Fatal(err)
		}
		defer ends[i].Close()
	}
	common := []dtls.Option{
		dtls.WithCertificates([]tls.Certificate{certificate}...), dtls.WithInsecureSkipVerify(true),
		dtls.WithSRTPProtectionProfiles(profile), dtls.WithCipherSuites(suite),
	}
	heard := &keying.Association{}
	server := []dtls.ServerOption{dtls.WithKeyLogWriter(heard), dtls.WithServerHelloMessageHook(heard.ServerHello)}
	var client []dtls.ClientOption
	for _, o := range common {
		server, client = append(server, o), append(client, o)
	}
	s, err := dtls.ServerWithOptions(ends[0], ends[1].LocalAddr(), server...)
	if err != nil {
		t.Fatal(err)
	}
	defer s.Close()
	c, err := dtls.ClientWithOptions(ends[1], ends[0].LocalAddr(), client...)
	if err != nil {
		t.Fatal(err)
	}
	defer c.Close()
	ctx, cancel := context.WithTimeout(t.Context(), 20*time.Second)
	defer cancel()
	done := make(chan error, 1)
	go func() { done <- c.HandshakeContext(ctx) }()
	if err := errors.Join(s.HandshakeContext(ctx), <-done); err != nil {
		t.Fatal(err)
	}
	state, ok := s.ConnectionState()
	if !ok {
		t.Fatal("no state after the handshake")
	}
	return heard, &state
}

// What is overheard opens what Pion seals with the keys that Pion exports: a
// change in pion/dtls shows here first.
func TestKeysAreThoseThatPionExports(t *testing.T) {
	for _, row := range []struct {
		profile dtls.SRTPProtectionProfile
		pion    pion.ProtectionProfile
		suite   dtls.CipherSuiteID
	}{
		{dtls.SRTP_AEAD_AES_128_GCM, pion.ProtectionProfileAeadAes128Gcm, dtls.TLS_ECDHE_ECDSA_WITH_AES_128_GCM_SHA256},
		{dtls.SRTP_AEAD_AES_256_GCM, pion.ProtectionProfileAeadAes256Gcm, dtls.TLS_ECDHE_ECDSA_WITH_AES_256_GCM_SHA384},
		{dtls.SRTP_AEAD_AES_128_GCM, pion.ProtectionProfileAeadAes128Gcm, dtls.TLS_ECDHE_ECDSA_WITH_AES_256_CBC_SHA},
		{dtls.SRTP_AEAD_AES_128_GCM, pion.ProtectionProfileAeadAes128Gcm, dtls.TLS_ECDHE_ECDSA_WITH_CHACHA20_POLY1305_SHA256},
	} {
		t.Run(fmt.Sprint(row.profile, " ", row.suite), func(t *testing.T) {
			heard, state := shake(t, row.profile, row.suite)
			client, server, err := heard.Keys()
			if err != nil {
				t.Fatal(err)
			}
			config := pion.Config{Profile: row.pion}
			if err := config.ExtractSessionKeysFromDTLS(state, false); err != nil {
				t.Fatal(err)
			}
			keys := config.Keys
			opensWhatPionSeals(t, server, keys.LocalMasterKey, keys.LocalMasterSalt, row.pion)
			opensWhatPionSeals(t, client, keys.RemoteMasterKey, keys.RemoteMasterSalt, row.pion)
		})
	}
}

func opensWhatPionSeals(t *testing.T, m srtp.Master, key, salt []byte, profile pion.ProtectionProfile) {
	t.Helper()
	theirs, err := pion.CreateContext(key, salt, profile)
	if err != nil {
		t.Fatal(err)
	}
	opener, err := srtp.NewOpener(m)
	if err != nil {
		t.Fatal(err)
	}
	packet := []byte{0x80, 96, 0, 1, 0, 0, 0, 2, 0, 0, 0, 3, 'h', 'e', 'y'}
	protected, err := theirs.EncryptRTP(nil, packet, nil)
	if err != nil {
		t.Fatal(err)
	}
	if opened, err := opener.RTP(protected, 12); err != nil || !bytes.Equal(opened, packet) {
		t.Fatalf("%x, %v", opened, err)
	}
}

func TestKeysAreToldOnceAndNeverPrinted(t *testing.T) {
	heard, _ := shake(t, dtls.SRTP_AEAD_AES_128_GCM, dtls.TLS_ECDHE_ECDSA_WITH_AES_128_GCM_SHA256)
	if text := fmt.Sprintf("%v %+v %#v %x", heard, heard, heard, heard); text != "*** *** *** ***" {
		t.Errorf("printed as %s", text)
	}
	if _, _, err := heard.Keys(); err != nil {
		t.Fatal(err)
	}
	if _, _, err := heard.Keys(); !errors.Is(err, keying.ErrUnknown) {
		t.Errorf("the second time: %v", err)
	}
}

func TestWhatCannotBeToldIsNotGuessed(t *testing.T) {
	if _, _, err := new(keying.Association).Keys(); !errors.Is(err, keying.ErrUnknown) {
		t.Errorf("before the handshake: %v", err)
	}
	heard, _ := shake(t, dtls.SRTP_AES128_CM_HMAC_SHA1_80, dtls.TLS_ECDHE_ECDSA_WITH_AES_128_GCM_SHA256)
	if _, _, err := heard.Keys(); !errors.Is(err, srtp.ErrProfile) {
		t.Errorf("another profile: %v", err)
	}
	for _, line := range []string{"", "CLIENT_RANDOM", "CLIENT_RANDOM zz zz", "SERVER_HANDSHAKE_TRAFFIC_SECRET 00 00"} {
		a := &keying.Association{}
		if n, err := a.Write([]byte(line)); n != len(line) || err != nil {
			t.Errorf("%q: %d, %v", line, n, err)
		}
		if _, _, err := a.Keys(); !errors.Is(err, keying.ErrUnknown) {
			t.Errorf("%q: %v", line, err)
		}
	}
}
