package token

import (
	"crypto/ecdsa"
	"crypto/ed25519"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/x509"
	"encoding/base64"
	"encoding/pem"
	"errors"
	"fmt"
	"reflect"
	"strings"
	"testing"
	"time"

	"github.com/golang-jwt/jwt/v5"
)

// noon is when the tests are.
var noon = time.Date(2026, 3, 1, 12, 0, 0, 0, time.UTC)

const secret = "a secret of more than thirty-two bytes"

// smith has the private halves of a keyring, and makes what others would not.
type smith struct {
	ecdsa   *ecdsa.PrivateKey
	ed25519 ed25519.PrivateKey
}

func newSmith(t testing.TB) smith {
	t.Helper()
	curve, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	_, edwards, err := ed25519.GenerateKey(rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	return smith{curve, edwards}
}

func inPEM(t testing.TB, kind string, der []byte, err error) string {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
	return string(pem.EncodeToMemory(&pem.Block{Type: kind, Bytes: der}))
}

func (s smith) public(t testing.TB, key any) string {
	der, err := x509.MarshalPKIXPublicKey(key)
	return inPEM(t, "PUBLIC KEY", der, err)
}

func (s smith) private(t testing.TB, key any) string {
	der, err := x509.MarshalPKCS8PrivateKey(key)
	return inPEM(t, "PRIVATE KEY", der, err)
}

// keyring has one key of each algorithm, of the asymmetric ones the public halves.
func (s smith) keyring(t testing.TB) *Keyring {
	t.Helper()
	ring, err := New(Config{Issuer: "school", Leeway: 5 * time.Second, Longest: 24 * time.Hour, Keys: []Key{
		{ID: "h", Algorithm: HS256, Secret: secret},
		{ID: "e", Algorithm: ES256, PEM: s.public(t, s.ecdsa.Public())},
		{ID: "d", Algorithm: EdDSA, PEM: s.public(t, s.ed25519.Public())},
	}})
	if err != nil {
		t.Fatal(err)
	}
	return ring
}

// forge signs whatever it is told to.
func forge(t testing.TB, method jwt.SigningMethod, key any, header, body map[string]any) string {
	t.Helper()
	unsigned := jwt.NewWithClaims(method, jwt.MapClaims(body))
	for name, value := range header {
		unsigned.Header[name] = value
	}
	text, err := unsigned.SignedString(key)
	if err != nil {
		t.Fatal(err)
	}
	return text
}

// good is the body of a token that is good at noon, with some changes; nil removes.
func good(changes ...any) map[string]any {
	body := map[string]any{
		"iss": "school", "room": "class-*", "exp": noon.Add(time.Hour).Unix(), "iat": noon.Unix(),
		"sub": "mina", "name": "Mina", "role": "member", "may": []string{"chat"}, "jti": "1",
	}
	for i := 0; i < len(changes); i += 2 {
		name := changes[i].(string)
		if body[name] = changes[i+1]; changes[i+1] == nil {
			delete(body, name)
		}
	}
	return body
}

func TestVerifyOfEveryAlgorithm(t *testing.T) {
	s := newSmith(t)
	ring := s.keyring(t)
	want := Grant{
		Room: "class-*", Identity: "mina", Name: "Mina", Role: "member", May: []string{"chat"}, ID: "1",
		Issued: time.Unix(noon.Unix(), 0), Expires: time.Unix(noon.Add(time.Hour+5*time.Second).Unix(), 0),
	}
	for name, text := range map[string]string{
		HS256:    forge(t, jwt.SigningMethodHS256, []byte(secret), map[string]any{"kid": "h"}, good()),
		"no kid": forge(t, jwt.SigningMethodHS256, []byte(secret), nil, good()),
		ES256:    forge(t, jwt.SigningMethodES256, s.ecdsa, map[string]any{"kid": "e"}, good()),
		EdDSA:    forge(t, jwt.SigningMethodEdDSA, s.ed25519, map[string]any{"kid": "d"}, good()),
	} {
		if got, err := ring.Verify(text, noon); err != nil || !reflect.DeepEqual(got, want) {
			t.Errorf("%s: %+v, %v", name, got, err)
		}
	}
}

func TestVerifyRefusesWhatIsForged(t *testing.T) {
	s := newSmith(t)
	ring := s.keyring(t)
	kid := func(id any) map[string]any { return map[string]any{"kid": id} }
	hs := func(header map[string]any, body map[string]any) string {
		return forge(t, jwt.SigningMethodHS256, []byte(secret), header, body)
	}
	valid := hs(kid("h"), good())
	parts := strings.Split(valid, ".")
	cases := []struct {
		name, text string
		want       error
	}{
		{"nothing", "", ErrMalformed},
		{"no token", "open sesame", ErrMalformed},
		{"two parts", parts[0] + "." + parts[1], ErrMalformed},
		{"four parts", valid + ".x", ErrMalformed},
		{"JSON of another kind", base64.RawURLEncoding.EncodeToString([]byte("[]")) + "." + parts[1] + "." + parts[2], ErrMalformed},
		{"padding", valid + "=", ErrMalformed},
		{"too big", valid + strings.Repeat("A", MaxBytes), ErrTooBig},
		{"none", forge(t, jwt.SigningMethodNone, jwt.UnsafeAllowNoneSignatureType, kid("h"), good()), ErrAlgorithm},
		{"none without kid", forge(t, jwt.SigningMethodNone, jwt.UnsafeAllowNoneSignatureType, nil, good()), ErrAlgorithm},
		{"None", base64.RawURLEncoding.EncodeToString([]byte(`{"alg":"None","kid":"h"}`)) + "." + parts[1] + ".", ErrAlgorithm},
		{"public ES256 key as secret", forge(t, jwt.SigningMethodHS256, []byte(s.public(t, s.ecdsa.Public())), kid("e"), good()), ErrAlgorithm},
		{"public EdDSA key as secret", forge(t, jwt.SigningMethodHS256, []byte(s.ed25519.Public().(ed25519.PublicKey)), kid("d"), good()), ErrAlgorithm},
		{"HS512 with our secret", forge(t, jwt.SigningMethodHS512, []byte(secret), kid("h"), good()), ErrAlgorithm},
		{"ES256 under the kid of HS256", forge(t, jwt.SigningMethodES256, s.ecdsa, kid("h"), good()), ErrAlgorithm},
		{"ES256 without kid", forge(t, jwt.SigningMethodES256, s.ecdsa, nil, good()), ErrAlgorithm},
		{"unknown kid", hs(kid("x"), good()), ErrUnknownKey},
		{"kid of another kind", hs(kid(7), good()), ErrMalformed},
		{"critical extension", hs(map[string]any{"kid": "h", "crit": []string{"b64"}}, good()), ErrMalformed},
		{"another secret", forge(t, jwt.SigningMethodHS256, []byte("another secret of thirty-two bytes"), kid("h"), good()), ErrSignature},
		{"no signature", parts[0] + "." + parts[1] + ".", ErrSignature},
		{"another's ES256", forge(t, jwt.SigningMethodES256, newSmith(t).ecdsa, kid("e"), good()), ErrSignature},
		{"another's EdDSA", forge(t, jwt.SigningMethodEdDSA, newSmith(t).ed25519, kid("d"), good()), ErrSignature},
		{"body exchanged", parts[0] + "." + strings.Split(hs(kid("h"), good("role", "owner")), ".")[1] + "." + parts[2], ErrSignature},
	}
	for _, c := range cases {
		if got, err := ring.Verify(c.text, noon); !errors.Is(err, c.want) {
			t.Errorf("%s: %+v, %v, want %v", c.name, got, err, c.want)
		}
	}
}

func TestVerifyRefusesWhatIsNotGoodNow(t *testing.T) {
	ring := newSmith(t).keyring(t)
	at := func(d time.Duration) int64 { return noon.Add(d).Unix() }
	cases := []struct {
		name string
		body map[string]any
		want error // nil: it is good
	}{
		{"whole", good(), nil},
		{"expired", good("exp", at(-5*time.Second)), ErrExpired},
		{"within the leeway", good("exp", at(-4*time.Second)), nil},
		{"expired when time began", good("exp", 0), ErrExpired},
		{"never expires", good("exp", nil), ErrNoExpiry},
		{"expiry of another kind", good("exp", "tomorrow"), ErrMalformed},
		{"expires in a year", good("exp", at(365*24*time.Hour)), ErrTooLong},
		{"expires after the end of time", good("exp", 1e18), ErrTooLong},
		{"not yet valid", good("nbf", at(time.Minute)), ErrNotYetValid},
		{"valid within the leeway", good("nbf", at(5*time.Second)), nil},
		{"from the future", good("iat", at(time.Minute)), ErrIssuedLater},
		{"without a date", good("iat", nil), nil},
		{"another issuer", good("iss", "others"), ErrIssuer},
		{"no issuer", good("iss", nil), ErrIssuer},
		{"no room", good("room", nil), ErrRoom},
		{"no pattern", good("room", "[a"), ErrRoom},
		{"room of another kind", good("room", []string{"a"}), ErrMalformed},
		{"huge room", good("room", strings.Repeat("*", 257)), ErrRoom},
		{"huge identity", good("sub", strings.Repeat("x", 257)), ErrClaims},
		{"identity with a line break", good("sub", "a\nb"), ErrClaims},
		{"endless permissions", good("may", make([]string, 33)), ErrClaims},
		{"invitation", good("uses", 3), nil},
		{"invitation that cannot be counted", good("uses", 1, "jti", nil), ErrUses},
		{"negative uses", good("uses", -1), ErrUses},
		{"too many uses", good("uses", 1001), ErrUses},
		{"uses of another kind", good("uses", "one"), ErrMalformed},
		{"unknown claims", good("admin", true), nil},
	}
	for _, c := range cases {
		text := forge(t, jwt.SigningMethodHS256, []byte(secret), map[string]any{"kid": "h"}, c.body)
		if got, err := ring.Verify(text, noon); !errors.Is(err, c.want) {
			t.Errorf("%s: %+v, %v, want %v", c.name, got, err, c.want)
		}
	}
}

func TestAGrantCoversItsRooms(t *testing.T) {
	cases := []struct {
		pattern, room string
		want          bool
	}{
		{"class", "class", true}, {"class", "class2", false}, {"class-*", "class-7", true}, {"class-*", "vip", false},
		{"*", "whatever it is", true}, {"수업-?", "수업-1", true},
		{Exactly("class-*"), "class-*", true}, {Exactly("class-*"), "class-7", false},
		{Exactly("[ab]?"), "[ab]?", true}, {Exactly("[ab]?"), "a1", false}, {Exactly(`a\*`), `a\*`, true},
	}
	for _, c := range cases {
		if got := (Grant{Room: c.pattern}).Covers(c.room); got != c.want {
			t.Errorf("%q covers %q: %t", c.pattern, c.room, got)
		}
	}
}

func TestSignWritesWhatVerifyReads(t *testing.T) {
	s := newSmith(t)
	sec1, err := x509.MarshalECPrivateKey(s.ecdsa)
	for name, key := range map[string]Key{
		"own": NewKey(),
		HS256: {ID: "k", Algorithm: HS256, Secret: secret},
		ES256: {ID: "k", Algorithm: ES256, PEM: s.private(t, s.ecdsa)},
		"EC":  {ID: "k", Algorithm: ES256, PEM: "-----BEGIN EC PARAMETERS-----\nBggqhkjOPQMBBw==\n-----END EC PARAMETERS-----\n" + inPEM(t, "EC PRIVATE KEY", sec1, err)},
		EdDSA: {ID: "", Algorithm: EdDSA, PEM: s.private(t, s.ed25519)},
	} {
		checks := Key{ID: "first", Algorithm: ES256, PEM: s.public(t, s.ecdsa.Public())}
		ring, err := New(Config{Keys: []Key{checks, key}, Issuer: "us"})
		if err != nil {
			t.Fatal(name, err)
		}
		want := Grant{
			Room: "r", Identity: "i", Name: "n", Role: "guest", ID: "7", Uses: 2,
			Issued: time.Unix(noon.Unix(), 0), Begins: time.Unix(noon.Unix(), 0), Expires: time.Unix(noon.Unix()+90, 0),
		}
		text, err := ring.Sign(want)
		if err != nil {
			t.Fatal(name, err)
		}
		if got, err := ring.Verify(text, noon); err != nil || !reflect.DeepEqual(got, want) {
			t.Errorf("%s: %+v, %v", name, got, err)
		}
	}
}

func TestSignRefuses(t *testing.T) {
	ring, err := New(Config{Keys: []Key{{ID: "k", Algorithm: HS256, Secret: secret}}})
	if err != nil {
		t.Fatal(err)
	}
	for want, grant := range map[error]Grant{
		ErrNoExpiry: {Room: "r"},
		ErrRoom:     {Expires: noon},
		ErrUses:     {Room: "r", Expires: noon, Uses: 1},
		ErrTooBig:   {Room: "r", Expires: noon, Name: strings.Repeat("x", MaxBytes)},
	} {
		if _, err := ring.Sign(grant); !errors.Is(err, want) {
			t.Errorf("%v, want %v", err, want)
		}
	}
	checks, err := New(Config{})
	if err != nil {
		t.Fatal(err)
	}
	if _, err := checks.Sign(Grant{Room: "r", Expires: noon}); !errors.Is(err, ErrNoKey) {
		t.Errorf("without a key: %v", err)
	}
}

func TestKeysThatAreNoGood(t *testing.T) {
	s := newSmith(t)
	p384, err := ecdsa.GenerateKey(elliptic.P384(), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	for want, key := range map[string]Key{
		`"RS256" is not one of`:            {Algorithm: "RS256"},
		`"none" is not one of`:             {Algorithm: "none", Secret: secret},
		"at least 32 bytes":                {Algorithm: HS256, Secret: "short"},
		"is not a PEM":                     {Algorithm: HS256, Secret: s.public(t, s.ecdsa.Public())},
		"no key in PEM":                    {Algorithm: ES256, PEM: secret},
		"cannot be read":                   {Algorithm: ES256, PEM: inPEM(t, "PUBLIC KEY", []byte("x"), nil)},
		"a certificate in PEM":             {Algorithm: ES256, PEM: inPEM(t, "CERTIFICATE", nil, nil)},
		"is not one for ES256":             {Algorithm: ES256, PEM: s.private(t, s.ed25519)},
		"is not one for EdDSA":             {Algorithm: EdDSA, PEM: s.public(t, s.ecdsa.Public())},
		"key 1: the key is not one for ES": {Algorithm: ES256, PEM: s.private(t, p384)},
	} {
		if _, err := New(Config{Keys: []Key{key}}); err == nil || !strings.Contains(err.Error(), want) || strings.Contains(err.Error(), secret) {
			t.Errorf("%v, want %q", err, want)
		}
	}
	same := Key{ID: "k", Algorithm: HS256, Secret: secret}
	if _, err := New(Config{Keys: []Key{same, same}}); err == nil || !strings.Contains(err.Error(), "key 2: its id stands twice") {
		t.Errorf("the same twice: %v", err)
	}
}

// FuzzVerify looks for texts that are taken though nobody signed what they say.
func FuzzVerify(f *testing.F) {
	s := newSmith(f)
	ring := s.keyring(f)
	signed := map[string]bool{}
	add := func(text string) {
		signed[text[:strings.LastIndexByte(text, '.')]] = true
		f.Add(text)
	}
	add(forge(f, jwt.SigningMethodHS256, []byte(secret), map[string]any{"kid": "h"}, good()))
	add(forge(f, jwt.SigningMethodES256, s.ecdsa, map[string]any{"kid": "e"}, good()))
	add(forge(f, jwt.SigningMethodEdDSA, s.ed25519, map[string]any{"kid": "d"}, good("uses", 1)))
	f.Add("")
	f.Add("..")
	f.Add("eyJhbGciOiJub25lIn0.e30.")
	f.Add(fmt.Sprintf("%s.%s.", base64.RawURLEncoding.EncodeToString([]byte(`{"alg":"HS256","kid":null}`)), "bnVsbA"))
	f.Fuzz(func(t *testing.T, text string) {
		grant, err := ring.Verify(text, noon)
		if err == nil && !signed[text[:strings.LastIndexByte(text, '.')]] {
			t.Errorf("%q is taken: %+v", text, grant)
		}
		if err != nil && !reflect.DeepEqual(grant, Grant{}) {
			t.Errorf("%q is refused (%v) with %+v", text, err, grant)
		}
	})
}
