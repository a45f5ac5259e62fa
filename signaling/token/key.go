package token

import (
	"crypto"
	"crypto/ecdsa"
	"crypto/ed25519"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/x509"
	"encoding/pem"
	"errors"
	"fmt"
	"strings"

	"github.com/golang-jwt/jwt/v5"
)

// The algorithms (RFC 7518, section 3.1; RFC 8037).
const (
	HS256 = "HS256"
	ES256 = "ES256"
	EdDSA = "EdDSA"
)

// minSecret is the least of a secret for HS256, in bytes (RFC 7518, section 3.2).
const minSecret = 32

// Key is one key and the one algorithm that it is for.
type Key struct {
	ID        string // the kid of tokens that are signed with it
	Algorithm string // HS256, ES256 or EdDSA
	Secret    string // of HS256
	// PEM is the key of the others: a private one (PKCS #8, SEC 1) signs and checks,
	// a public one (PKIX) checks.
	PEM string
}

// NewKey makes a key that nobody else has.
func NewKey() Key {
	return Key{ID: "own-" + rand.Text(), Algorithm: HS256, Secret: rand.Text() + rand.Text()}
}

// Check says what is wrong with a key, without showing anything of it.
func (k Key) Check() error {
	_, err := k.parse()
	return err
}

// key is a [Key], read.
type key struct {
	id     string
	method jwt.SigningMethod
	check  any // as the method takes it
	sign   any // nil: it cannot
}

func (k Key) parse() (key, error) {
	out := key{id: k.ID}
	switch k.Algorithm {
	case HS256:
		return k.parseSecret()
	case ES256:
		out.method = jwt.SigningMethodES256
	case EdDSA:
		out.method = jwt.SigningMethodEdDSA
	default:
		return key{}, fmt.Errorf("%q is not one of HS256, ES256, EdDSA", k.Algorithm)
	}
	parsed, err := parsePEM([]byte(k.PEM))
	if err != nil {
		return key{}, err
	}
	out.check = parsed
	if private, ok := parsed.(crypto.Signer); ok {
		out.check, out.sign = private.Public(), parsed
	}
	if !fits(k.Algorithm, out.check) {
		return key{}, fmt.Errorf("the key is not one for %s", k.Algorithm)
	}
	return out, nil
}

func (k Key) parseSecret() (key, error) {
	switch {
	case len(k.Secret) < minSecret:
		return key{}, fmt.Errorf("a secret for HS256 has at least %d bytes", minSecret)
	case strings.Contains(k.Secret, "-----BEGIN "):
		return key{}, errors.New("a secret for HS256 is not a PEM: others may have it")
	}
	secret := []byte(k.Secret)
	return key{id: k.ID, method: jwt.SigningMethodHS256, check: secret, sign: secret}, nil
}

// parsePEM reads the first key of a PEM text.
func parsePEM(text []byte) (any, error) {
	for {
		block, rest := pem.Decode(text)
		if block == nil {
			return nil, errors.New("there is no key in PEM")
		}
		var parsed any
		var err error
		switch block.Type {
		case "PRIVATE KEY":
			parsed, err = x509.ParsePKCS8PrivateKey(block.Bytes)
		case "EC PRIVATE KEY":
			parsed, err = x509.ParseECPrivateKey(block.Bytes)
		case "PUBLIC KEY":
			parsed, err = x509.ParsePKIXPublicKey(block.Bytes)
		case "EC PARAMETERS": // which openssl writes before a key
			text = rest
			continue
		default:
			return nil, fmt.Errorf("a %s in PEM is not a key that can be used", strings.ToLower(block.Type))
		}
		if err != nil {
			return nil, errors.New("the key in PEM cannot be read")
		}
		return parsed, nil
	}
}

// fits tells whether a public key is of an algorithm.
func fits(algorithm string, public any) bool {
	switch public := public.(type) {
	case *ecdsa.PublicKey:
		return algorithm == ES256 && public.Curve == elliptic.P256()
	case ed25519.PublicKey:
		return algorithm == EdDSA
	}
	return false
}
