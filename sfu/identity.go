package sfu

import (
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"fmt"
	"sync"
	"time"

	"github.com/pion/webrtc/v4"
)

// identityLasts is how long peers to come are shown the same certificate. Pion makes
// them for a month, and takes none that is over.
const identityLasts = 24 * time.Hour

// identity is the key and certificate that the server has in DTLS. All peers of a day
// share it: making one for each costs more than a join may. The key is in this
// process' memory alone; peers know the certificate by the fingerprint in the answer
// (RFC 8122 section 5). Any goroutine.
type identity struct {
	mu    sync.Mutex
	shown webrtc.Certificate
	until time.Time
}

// of is the certificate for a peer that comes now.
func (i *identity) of(now time.Time) (webrtc.Certificate, error) {
	i.mu.Lock()
	defer i.mu.Unlock()
	if now.Before(i.until) {
		return i.shown, nil
	}
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		return webrtc.Certificate{}, fmt.Errorf("make the DTLS key: %w", err)
	}
	made, err := webrtc.GenerateCertificate(key)
	if err != nil {
		return webrtc.Certificate{}, fmt.Errorf("make the DTLS certificate: %w", err)
	}
	i.shown, i.until = *made, now.Add(identityLasts)
	return i.shown, nil
}
