package signaling

import (
	"slices"
	"testing"
	"time"

	"madang/signaling/protocol"
	"madang/signaling/token"
)

func TestWhatIsWrongWithTokensIsSaidAtItsPlace(t *testing.T) {
	good := testKeys[0]
	with := func(change func(*TokenKey)) TokenKey {
		k := good
		change(&k)
		return k
	}
	for name, c := range map[string]struct {
		change func(*TokensConfig)
		want   []string
	}{
		"nothing":               {func(*TokensConfig) {}, nil},
		"a good key":            {func(c *TokensConfig) { c.Keys = []TokenKey{good} }, nil},
		"no kid":                {func(c *TokensConfig) { c.Keys = []TokenKey{with(func(k *TokenKey) { k.ID = "" })} }, []string{"keys[0].kid"}},
		"two mistakes":          {func(c *TokensConfig) { c.Keys = []TokenKey{good, with(func(k *TokenKey) { k.Secret = "short" })} }, []string{"keys[1].kid", "keys[1].secret"}},
		"a PEM beside a secret": {func(c *TokensConfig) { c.Keys = []TokenKey{with(func(k *TokenKey) { k.PEM = "x" })} }, []string{"keys[0].secret"}},
		"a kid twice":           {func(c *TokensConfig) { c.Keys = []TokenKey{good, good} }, []string{"keys[1].kid"}},
		"a short secret":        {func(c *TokensConfig) { c.Keys = []TokenKey{with(func(k *TokenKey) { k.Secret = "short" })} }, []string{"keys[0].secret"}},
		"no PEM":                {func(c *TokensConfig) { c.Keys = []TokenKey{with(func(k *TokenKey) { k.Algorithm = "ES256" })} }, []string{"keys[0].pem"}},
		"no algorithm":          {func(c *TokensConfig) { c.Keys = []TokenKey{with(func(k *TokenKey) { k.Algorithm = "" })} }, []string{"keys[0].alg"}},
		"times":                 {func(c *TokensConfig) { c.Leeway, c.MaxTTL = time.Hour, time.Second }, []string{"leeway", "max_ttl"}},
		"negative leeway":       {func(c *TokensConfig) { c.Leeway = -1 }, []string{"leeway"}},
	} {
		t.Run(name, func(t *testing.T) {
			cfg := DefaultTokensConfig()
			c.change(&cfg)
			var got []string
			cfg.Validate(func(field, _ string) { got = append(got, field) })
			if !slices.Equal(got, c.want) {
				t.Errorf("problems with %v, want %v", got, c.want)
			}
			if _, err := cfg.Keyring(); err != nil && c.want == nil {
				t.Error(err)
			}
		})
	}
}

func TestKeysTakeThePlaceOfOthersWhileTheServerRuns(t *testing.T) {
	h := newHouse(t, withFakeMedia(newFakeMedia()), withTokens)
	old := tokenFor(t)
	inside := h.dial(t)
	inside.enters(tokenFor(t, func(g *token.Grant) { g.Role = "owner" }))
	ring, err := token.New(token.Config{Keys: []token.Key{h.ownKey}})
	if err != nil {
		t.Fatal(err)
	}
	own, err := ring.Sign(token.Grant{Room: "r", Expires: time.Now().Add(time.Hour)})
	if err != nil {
		t.Fatal(err)
	}
	cfg := *h.config()
	next := TokenKey{ID: "next", Algorithm: token.HS256, Secret: "the next secret of thirty-two bytes and more"}
	opens := func(text string) bool {
		c := h.dial(t)
		c.knocks(text)
		switch m := hear[protocol.Message](c).(type) {
		case *protocol.Lobby:
			return true
		case *protocol.Error:
			if m.Message != token.ErrUnknownKey.Error() {
				t.Errorf("refused with %+v", *m)
			}
		}
		return false
	}
	for step, c := range []struct {
		keys []TokenKey
		want bool // the old one opens
	}{{[]TokenKey{next, testKeys[0]}, true}, {[]TokenKey{next}, false}} {
		cfg.Tokens.Keys = c.keys
		if err := h.Reconfigure(cfg); err != nil {
			t.Fatal(err)
		}
		if got := opens(old); got != c.want {
			t.Errorf("step %d: the old key opens: %t", step, got)
		}
		if !opens(own) {
			t.Errorf("step %d: an invitation of before does not open", step)
		}
	}
	inside.works() // until its token expires
	text := inside.invites("guest", 1)
	if !opens(text) {
		t.Error("an invitation of now does not open")
	}
}
