// Package keying learns the SRTP keys of one DTLS association by Pion's public
// hooks: the key log gives the master secret, the ServerHello the server's random
// and what was chosen. From them the exporter of RFC 5705 makes the same keys as
// Pion has. What it hears is secret: it is never printed, and forgotten once told.
package keying

import (
	"bytes"
	"crypto/sha256"
	"crypto/sha512"
	"encoding/hex"
	"errors"
	"fmt"
	"sync"

	"github.com/pion/dtls/v3/pkg/crypto/prf"
	"github.com/pion/dtls/v3/pkg/protocol/extension"
	"github.com/pion/dtls/v3/pkg/protocol/handshake"

	"madang/sfu/srtp"
)

// ErrUnknown: the keys cannot be told, as we are not the DTLS server, the
// handshake is not over, or it chose something that this package does not know.
var ErrUnknown = errors.New("keying: the keys of this association cannot be told")

// hash is that of a cipher suite's pseudo-random function; nil: not known here.
func hash(suite uint16) prf.HashFunc {
	switch suite {
	case 0xc02b, 0xc02f, // ECDHE_ECDSA, ECDHE_RSA with AES_128_GCM_SHA256 (RFC 5289)
		0xcca9, 0xcca8, // with CHACHA20_POLY1305_SHA256 (RFC 7905)
		0xc00a, 0xc014: // with AES_256_CBC_SHA, under TLS 1.2 (RFC 5246 section 5)
		return sha256.New
	case 0xc02c, 0xc030: // with AES_256_GCM_SHA384 (RFC 5289)
		return sha512.New384
	}
	return nil
}

// Association listens to one handshake in which we are the DTLS server. It is
// Pion's key log writer. Safe for any goroutine.
type Association struct {
	mu      sync.Mutex
	server  []byte // random
	suite   uint16
	profile srtp.Profile
	client  []byte // random
	master  []byte // secret
}

// ServerHello is Pion's hook: it takes what the server says, and lets it pass.
func (a *Association) ServerHello(m handshake.MessageServerHello) handshake.Message {
	a.mu.Lock()
	defer a.mu.Unlock()
	random := m.Random.MarshalFixed()
	a.server, a.suite, a.profile = random[:], 0, 0
	if m.CipherSuiteID != nil {
		a.suite = *m.CipherSuiteID
	}
	for _, e := range m.Extensions {
		if use, ok := e.(*extension.UseSRTP); ok && len(use.ProtectionProfiles) == 1 && len(use.MasterKeyIdentifier) == 0 {
			a.profile = srtp.Profile(use.ProtectionProfiles[0])
		}
	}
	return &m
}

// Write takes one line of the key log: "CLIENT_RANDOM", the client's random and
// the master secret, both in hexadecimal. Lines of other kinds are passed over.
func (a *Association) Write(line []byte) (int, error) {
	label, rest, _ := bytes.Cut(bytes.TrimSpace(line), []byte(" "))
	random, secret, ok := bytes.Cut(rest, []byte(" "))
	if !ok || string(label) != "CLIENT_RANDOM" {
		return len(line), nil
	}
	a.mu.Lock()
	defer a.mu.Unlock()
	a.client, a.master = unhex(random), unhex(secret)
	return len(line), nil
}

// unhex is the bytes that a text stands for, nil if it is none.
func unhex(text []byte) []byte {
	out := make([]byte, hex.DecodedLen(len(text)))
	if _, err := hex.Decode(out, text); err != nil {
		return nil
	}
	return out
}

// Keys tells, once the handshake is over, what the two sides seal with, and
// forgets it. The error is ErrUnknown, also the second time, or srtp.ErrProfile.
func (a *Association) Keys() (client, server srtp.Master, err error) {
	a.mu.Lock()
	defer a.mu.Unlock()
	h := hash(a.suite)
	if h == nil || len(a.client) == 0 || len(a.server) == 0 || len(a.master) == 0 {
		return srtp.Master{}, srtp.Master{}, ErrUnknown
	}
	seed := bytes.Join([][]byte{[]byte(srtp.Label), a.client, a.server}, nil)
	material, err := prf.PHash(a.master, seed, a.profile.MaterialLen(), h)
	clear(a.master)
	a.master = nil
	if err != nil {
		return srtp.Master{}, srtp.Master{}, ErrUnknown
	}
	return srtp.Split(a.profile, material)
}

// Format hides the secret from every verb.
func (*Association) Format(f fmt.State, _ rune) { _, _ = f.Write([]byte("***")) }
