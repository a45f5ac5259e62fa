package token

import "errors"

// Why a token is no good. None of them says anything of a key.
var (
	ErrTooBig      = errors.New("the token is over 8 KiB")
	ErrMalformed   = errors.New("the token cannot be read")
	ErrUnknownKey  = errors.New("the token is signed with a key that is not known here")
	ErrAlgorithm   = errors.New("the token is not signed with the algorithm of its key")
	ErrSignature   = errors.New("the token's signature is wrong")
	ErrIssuer      = errors.New("the token is of another issuer")
	ErrNoExpiry    = errors.New("the token never expires")
	ErrTooLong     = errors.New("the token is good for longer than this server takes")
	ErrExpired     = errors.New("the token has expired")
	ErrNotYetValid = errors.New("the token is not valid yet")
	ErrIssuedLater = errors.New("the token is from the future")
	ErrRoom        = errors.New("the token names no room, or not by a pattern")
	ErrUses        = errors.New("an invitation has an id and 1 to 1000 uses")
	ErrClaims      = errors.New("the token holds what no token may")
	ErrNoKey       = errors.New("there is no key to sign with")
)
