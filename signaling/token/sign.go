package token

import (
	"time"

	"github.com/golang-jwt/jwt/v5"
)

// Sign writes a token with the first key that can sign. Times are whole seconds in
// it, Expires rounded up. The error is one of this package's, for a grant that Verify
// would refuse, or [ErrNoKey].
func (r *Keyring) Sign(g Grant) (string, error) {
	if g.Expires.IsZero() {
		return "", ErrNoExpiry
	}
	if err := g.check(); err != nil {
		return "", err
	}
	for _, k := range r.keys {
		if k.sign == nil {
			continue
		}
		unsigned := jwt.NewWithClaims(k.method, r.claimsOf(g))
		unsigned.Header["kid"] = k.id
		text, err := unsigned.SignedString(k.sign)
		if err == nil && len(text) > MaxBytes {
			return "", ErrTooBig
		}
		return text, err
	}
	return "", ErrNoKey
}

func (r *Keyring) claimsOf(g Grant) claims {
	return claims{
		RegisteredClaims: jwt.RegisteredClaims{
			Issuer: r.config.Issuer, Subject: g.Identity, ID: g.ID,
			IssuedAt: dateOf(g.Issued), NotBefore: dateOf(g.Begins),
			ExpiresAt: dateOf(g.Expires.Add(time.Second - 1)),
		},
		Room: g.Room, Name: g.Name, Role: g.Role, May: g.May, Uses: g.Uses, Reign: g.Reign,
	}
}

// dateOf is a time as a claim, whose fractions the library cuts; nil for none.
func dateOf(at time.Time) *jwt.NumericDate {
	if at.IsZero() {
		return nil
	}
	return jwt.NewNumericDate(at)
}
