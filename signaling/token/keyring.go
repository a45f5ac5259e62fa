package token

import (
	"fmt"
	"slices"
	"time"

	"github.com/golang-jwt/jwt/v5"
)

// Config says which tokens are good.
type Config struct {
	// Keys in the order of preference: the first checks tokens that name no key, and
	// the first that can signs.
	Keys []Key
	// Issuer that tokens must name, and that is put in those that are signed; empty: any.
	Issuer string
	// Leeway is by how much clocks may differ.
	Leeway time.Duration
	// Longest is how far away the expiry of a token may be; 0: as far as it likes.
	Longest time.Duration
}

// Keyring checks and signs tokens. It never changes; safe for any goroutine.
type Keyring struct {
	keys   []key
	config Config
}

// New reads the keys. Two of the same id are an error, as is one that [Key.Check]
// finds fault with.
func New(cfg Config) (*Keyring, error) {
	ring := &Keyring{config: cfg}
	for i, k := range cfg.Keys {
		parsed, err := k.parse()
		if err != nil {
			return nil, fmt.Errorf("key %d: %w", i+1, err)
		}
		if ring.find(k.ID) != nil {
			return nil, fmt.Errorf("key %d: its id stands twice", i+1)
		}
		ring.keys = append(ring.keys, parsed)
	}
	return ring, nil
}

// find returns the key with an id; nil: there is none.
func (r *Keyring) find(id string) *key {
	if i := slices.IndexFunc(r.keys, func(k key) bool { return k.id == id }); i >= 0 {
		return &r.keys[i]
	}
	return nil
}

// keyOf chooses the key that checks a token. The algorithm is the key's: a token
// that asks for another is refused before its signature is looked at, so that a public
// key is never taken for a secret.
func (r *Keyring) keyOf(t *jwt.Token) (any, error) {
	if _, critical := t.Header["crit"]; critical { // RFC 7515, section 4.1.11: we know none
		return nil, ErrMalformed
	}
	var chosen *key
	switch id, named := t.Header["kid"]; {
	case named:
		text, ok := id.(string)
		if !ok {
			return nil, ErrMalformed
		}
		chosen = r.find(text)
	case len(r.keys) > 0:
		chosen = &r.keys[0]
	}
	switch {
	case chosen == nil:
		return nil, ErrUnknownKey
	case chosen.method != t.Method:
		return nil, ErrAlgorithm
	}
	return chosen.check, nil
}
