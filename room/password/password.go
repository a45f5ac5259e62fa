// Package password compares passwords with what a configuration holds of them: the
// text itself, or a hash of argon2id or bcrypt as the PHC string format and crypt(3)
// write it.
package password

import (
	"crypto/rand"
	"crypto/sha256"
	"crypto/subtle"
	"errors"
	"strings"
	"time"

	"golang.org/x/crypto/bcrypt"
)

// MaxBytes bounds a password that somebody gives. A longer one is never right.
const MaxBytes = 1 << 10

// maxWork bounds what one comparison may cost: whoever guesses has us pay.
const maxWork = 2 * time.Second

// stored is one way of keeping a password.
type stored interface {
	is(given string) bool
	work() time.Duration
}

// Stored is a password as it is kept. The zero value is none: no text is it.
type Stored struct{ kept stored }

// Parse reads what a configuration holds. What does not begin as a hash is the password
// itself. The error says what is wrong with a hash and shows nothing of it.
func Parse(text string) (Stored, error) {
	switch {
	case text == "":
		return Stored{}, nil
	case strings.HasPrefix(text, "$argon2"):
		return bounded(parseArgon(text))
	case strings.HasPrefix(text, "$2a$"), strings.HasPrefix(text, "$2b$"), strings.HasPrefix(text, "$2y$"):
		return bounded(parseBcrypt(text))
	}
	return Stored{plain(text)}, nil
}

func bounded(kept stored, err error) (Stored, error) {
	switch {
	case err != nil:
		return Stored{}, err
	case kept.work() > maxWork:
		return Stored{}, errors.New("the hash costs too much: to compare with it would take seconds")
	}
	return Stored{kept}, nil
}

// Is tells whether a text is the password. How long it takes says nothing of either.
func (s Stored) Is(given string) bool {
	return s.kept != nil && len(given) <= MaxBytes && s.kept.is(given)
}

// Work is about how long Is takes on one core: next to nothing without a hash.
func (s Stored) Work() time.Duration {
	if s.kept == nil {
		return 0
	}
	return s.kept.work()
}

// plain is the password itself.
type plain string

func (p plain) is(given string) bool { return Same(string(p), given) }

// Same compares two secrets in a time that says nothing about either, not even how
// long they are. Any goroutine.
func Same(a, b string) bool {
	x, y := sha256.Sum256([]byte(a)), sha256.Sum256([]byte(b))
	return subtle.ConstantTimeCompare(x[:], y[:]) == 1
}

func (plain) work() time.Duration { return 0 }

// blowfish is a hash of bcrypt.
type blowfish struct {
	hash []byte
	cost int
}

func parseBcrypt(text string) (stored, error) {
	cost, err := bcrypt.Cost([]byte(text))
	if err != nil || len(text) != 60 {
		return nil, errors.New("the hash of bcrypt cannot be read")
	}
	return blowfish{[]byte(text), cost}, nil
}

func (b blowfish) is(given string) bool {
	return bcrypt.CompareHashAndPassword(b.hash, []byte(given)) == nil
}

func (b blowfish) work() time.Duration { return 50 * time.Microsecond << b.cost }

// Hash makes a hash of a password to keep in its place, another each time.
func Hash(text string) string {
	salt := make([]byte, saltBytes)
	rand.Read(salt) // never fails
	return usual.hash(text, salt)
}
