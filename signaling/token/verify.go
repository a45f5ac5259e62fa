package token

import (
	"errors"
	"time"

	"github.com/golang-jwt/jwt/v5"
)

// claims are what stands in a token.
type claims struct {
	jwt.RegisteredClaims
	Room string   `json:"room"`
	Name string   `json:"name,omitempty"`
	Role string   `json:"role,omitempty"`
	May  []string `json:"may,omitempty"`
	Uses int      `json:"uses,omitempty"`
	// Reign is of our own tokens only.
	Reign string `json:"reign,omitempty"`
}

// Verify reads a token as it is at now. The error is one of this package's, and the
// signature is looked at before anything that the token says. Expires has the leeway
// in it.
func (r *Keyring) Verify(text string, now time.Time) (Grant, error) {
	if len(text) > MaxBytes {
		return Grant{}, ErrTooBig
	}
	options := []jwt.ParserOption{
		jwt.WithStrictDecoding(), jwt.WithTimeFunc(func() time.Time { return now }),
		jwt.WithLeeway(r.config.Leeway), jwt.WithExpirationRequired(), jwt.WithIssuedAt(),
	}
	if r.config.Issuer != "" {
		options = append(options, jwt.WithIssuer(r.config.Issuer))
	}
	var said claims
	if _, err := jwt.NewParser(options...).ParseWithClaims(text, &said, r.keyOf); err != nil {
		return Grant{}, said.cause(err)
	}
	grant := said.grant()
	grant.Expires = grant.Expires.Add(r.config.Leeway)
	if r.config.Longest > 0 && grant.Expires.Sub(now) > r.config.Longest+r.config.Leeway {
		return Grant{}, ErrTooLong
	}
	if err := grant.check(); err != nil {
		return Grant{}, err
	}
	return grant, nil
}

// cause is the error of ours that says what the library found. Of several the one
// that stands first here.
func (c claims) cause(err error) error {
	for _, own := range []error{ErrMalformed, ErrUnknownKey, ErrAlgorithm} {
		if errors.Is(err, own) {
			return own
		}
	}
	for _, known := range []struct{ theirs, ours error }{
		{jwt.ErrTokenMalformed, ErrMalformed},
		{jwt.ErrTokenUnverifiable, ErrAlgorithm}, // it is not even one that the library knows
		{jwt.ErrTokenSignatureInvalid, ErrSignature},
		{jwt.ErrTokenInvalidIssuer, ErrIssuer},
		{jwt.ErrTokenExpired, ErrExpired},
		{jwt.ErrTokenNotValidYet, ErrNotYetValid},
		{jwt.ErrTokenUsedBeforeIssued, ErrIssuedLater},
	} {
		if errors.Is(err, known.theirs) {
			return known.ours
		}
	}
	if errors.Is(err, jwt.ErrTokenRequiredClaimMissing) {
		if c.ExpiresAt == nil {
			return ErrNoExpiry
		}
		return ErrIssuer
	}
	return ErrMalformed
}

func (c claims) grant() Grant {
	return Grant{
		Room: c.Room, Identity: c.Subject, Name: c.Name, Role: c.Role, May: c.May, ID: c.ID, Uses: c.Uses, Reign: c.Reign,
		Issued: timeOf(c.IssuedAt), Begins: timeOf(c.NotBefore), Expires: timeOf(c.ExpiresAt),
	}
}

func timeOf(date *jwt.NumericDate) time.Time {
	if date == nil {
		return time.Time{}
	}
	return date.Time
}
