package password

import (
	"crypto/subtle"
	"encoding/base64"
	"errors"
	"fmt"
	"strings"
	"time"

	"golang.org/x/crypto/argon2"
)

// argon is a hash of argon2id (RFC 9106) with what it was made of.
type argon struct {
	memory  uint32 // KiB
	passes  uint32
	threads uint8
	salt    []byte
	sum     []byte
}

// usual is what a hash costs that we make: 19 MiB and some 20 ms of one core, the
// least that OWASP's cheat sheet on storing passwords asks for.
var usual = argon{memory: 19 << 10, passes: 2, threads: 1}

const (
	saltBytes = 16
	sumBytes  = 32
	// maxMemory bounds what one comparison may take, in KiB.
	maxMemory = 256 << 10
)

var errArgon = errors.New("the hash of argon2id cannot be read: it looks like $argon2id$v=19$m=19456,t=2,p=1$SALT$HASH")

// parseArgon reads the PHC string format.
func parseArgon(text string) (stored, error) {
	parts := strings.Split(text, "$")
	if len(parts) != 6 || parts[1] != "argon2id" || parts[2] != fmt.Sprintf("v=%d", argon2.Version) {
		return nil, errArgon
	}
	var a argon
	if n, err := fmt.Sscanf(parts[3], "m=%d,t=%d,p=%d", &a.memory, &a.passes, &a.threads); n != 3 || err != nil || parts[3] != a.costs() {
		return nil, errArgon
	}
	var saltErr, sumErr error
	a.salt, saltErr = base64.RawStdEncoding.Strict().DecodeString(parts[4])
	a.sum, sumErr = base64.RawStdEncoding.Strict().DecodeString(parts[5])
	switch {
	case saltErr != nil || sumErr != nil, len(a.salt) < 8 || len(a.salt) > 64, len(a.sum) < 16 || len(a.sum) > 64,
		a.passes < 1 || a.threads < 1 || a.memory < 8*uint32(a.threads):
		return nil, errArgon
	case a.memory > maxMemory:
		return nil, errors.New("the hash takes over 256 MiB")
	}
	return a, nil
}

func (a argon) costs() string { return fmt.Sprintf("m=%d,t=%d,p=%d", a.memory, a.passes, a.threads) }

func (a argon) is(given string) bool {
	sum := argon2.IDKey([]byte(given), a.salt, a.passes, a.memory, a.threads, uint32(len(a.sum)))
	return subtle.ConstantTimeCompare(sum, a.sum) == 1
}

// work takes half a microsecond for each pass over a KiB.
func (a argon) work() time.Duration {
	return time.Duration(a.memory) * time.Duration(a.passes) * 500 * time.Nanosecond
}

// hash is the PHC string of a text at the costs of a.
func (a argon) hash(text string, salt []byte) string {
	sum := argon2.IDKey([]byte(text), salt, a.passes, a.memory, a.threads, sumBytes)
	plain := base64.RawStdEncoding
	return fmt.Sprintf("$argon2id$v=%d$%s$%s$%s", argon2.Version, a.costs(), plain.EncodeToString(salt), plain.EncodeToString(sum))
}
