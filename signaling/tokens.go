package signaling

import (
	"fmt"
	"slices"
	"time"

	"madang/room"
	"madang/signaling/token"
)

// TokensConfig says which tokens open rooms. madang token makes them, and so may
// any program that has a key: they are JSON Web Tokens.
type TokensConfig struct {
	// Keys that tokens are signed with, several while one takes the place of another.
	// The first checks tokens that name no key. The first that can signs the
	// invitations that people make; without such a one they are good until this
	// server ends.
	Keys []TokenKey `yaml:"keys" example:"[{kid: main, alg: HS256, secret_file: /run/secrets/tokens}]"`
	// Issuer that tokens must name. Empty: any.
	Issuer string `yaml:"issuer" example:"https://school.example.org"`
	// By how much the clock of an issuer may differ from ours (0s to 5m).
	Leeway time.Duration `yaml:"leeway"`
	// Longest time from now for which a token may be good (1m to 8760h). For so long
	// it is remembered which are revoked.
	MaxTTL time.Duration `yaml:"max_ttl"`
}

// TokenKey is a key and the one algorithm that it is for.
type TokenKey struct {
	// Name of the key, which tokens give as their kid.
	ID string `yaml:"kid"`
	// Algorithm: HS256, ES256 or EdDSA.
	Algorithm string `yaml:"alg" oneof:"HS256 ES256 EdDSA"`
	// Secret of HS256, 32 bytes or more. Better kept in secret_file.
	Secret room.Secret `yaml:"secret"`
	// File that holds the secret, instead of secret.
	SecretFile string `yaml:"secret_file"`
	// Key of ES256 or EdDSA in PEM: a private one signs and checks, a public one only
	// checks. Better kept in pem_file.
	PEM room.Secret `yaml:"pem"`
	// File that holds the key in PEM, instead of pem.
	PEMFile string `yaml:"pem_file"`
}

// DefaultTokensConfig has no keys: no tokens are good but invitations.
func DefaultTokensConfig() TokensConfig {
	return TokensConfig{Leeway: 10 * time.Second, MaxTTL: 30 * 24 * time.Hour}
}

// Validate reports every problem by the path of its field.
func (c TokensConfig) Validate(report func(field, problem string)) {
	if c.Leeway < 0 || c.Leeway > 5*time.Minute {
		report("leeway", "must be between 0s and 5m")
	}
	if c.MaxTTL < time.Minute || c.MaxTTL > 365*24*time.Hour {
		report("max_ttl", "must be between 1m and 8760h")
	}
	for i, k := range c.Keys {
		at := fmt.Sprintf("keys[%d].", i)
		same := func(other TokenKey) bool { return other.ID == k.ID }
		if k.ID == "" {
			report(at+"kid", "is missing: by which name do tokens give this key")
		} else if slices.ContainsFunc(c.Keys[:i], same) {
			report(at+"kid", fmt.Sprintf("%q stands twice", k.ID))
		}
		if err := k.key().Check(); err != nil {
			report(at+k.field(), err.Error())
		} else if k.Secret != "" && k.PEM != "" {
			report(at+"secret", "stands beside pem; leave out the one that is not for "+k.Algorithm)
		}
	}
}

// field is where the key itself stands.
func (k TokenKey) field() string {
	switch k.Algorithm {
	case token.HS256:
		return "secret"
	case token.ES256, token.EdDSA:
		return "pem"
	}
	return "alg"
}

func (k TokenKey) key() token.Key {
	return token.Key{ID: k.ID, Algorithm: k.Algorithm, Secret: k.Secret.Reveal(), PEM: k.PEM.Reveal()}
}

// Keyring reads the keys of a valid configuration, and those that stand beside it.
func (c TokensConfig) Keyring(beside ...token.Key) (*token.Keyring, error) {
	cfg := token.Config{Issuer: c.Issuer, Leeway: c.Leeway, Longest: c.MaxTTL}
	for _, k := range c.Keys {
		cfg.Keys = append(cfg.Keys, k.key())
	}
	cfg.Keys = append(cfg.Keys, beside...)
	return token.New(cfg)
}

// takeKeys has tokens be read with the keys of a configuration from now on, and with
// the server's own.
func (s *Server) takeKeys(cfg TokensConfig) error {
	ring, err := cfg.Keyring(s.ownKey)
	if err == nil {
		s.tokens.Store(ring)
	}
	return err
}
