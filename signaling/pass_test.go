package signaling

import (
	"testing"
	"time"

	"github.com/gorilla/websocket"

	"madang/room"
	"madang/signaling/protocol"
	"madang/signaling/token"
)

// testKeys are the keys of a house where tokens are good.
var testKeys = []TokenKey{{ID: "test", Algorithm: token.HS256, Secret: "a secret of more than thirty-two bytes"}}

// withTokens has every room ask for a token.
func withTokens(s *settings) {
	s.doors.Tokens.Keys = testKeys
	s.rooms.Rooms.Access = "token"
}

// tokenFor signs a token for an hour, with some changes.
func tokenFor(t *testing.T, change ...func(*token.Grant)) string {
	t.Helper()
	ring, err := TokensConfig{Keys: testKeys}.Keyring()
	if err != nil {
		t.Fatal(err)
	}
	now := time.Now()
	grant := token.Grant{Room: "r", Identity: "mina", ID: randomID(), Issued: now, Expires: now.Add(time.Hour)}
	for _, c := range change {
		c(&grant)
	}
	text, err := ring.Sign(grant)
	if err != nil {
		t.Fatal(err)
	}
	return text
}

// knocks says hello with a token.
func (c *caller) knocks(text string) {
	c.say(&protocol.Hello{ID: "hello", V: protocol.Version, Room: "r", Name: "Mina", Token: text})
}

// enters says hello with a token, joins and enters.
func (c *caller) enters(text string) *protocol.Welcome {
	c.t.Helper()
	c.knocks(text)
	hear[*protocol.Lobby](c)
	c.say(&protocol.Join{ID: "join", SDP: "offer"})
	hear[*protocol.Joined](c)
	c.say(&protocol.Enter{ID: "enter", Name: "Mina"}) // which the name in a token outdoes
	return hear[*protocol.Welcome](c)
}

// isTurnedAway waits for the end that a bad token has.
func (c *caller) isTurnedAway(message string) {
	c.t.Helper()
	if e := c.hearError(protocol.Unauthorized); e.Message != message {
		c.t.Errorf("told %q, want %q", e.Message, message)
	}
	c.hearClose(protocol.CloseUnauthorized)
}

func TestWhichTokensOpenARoom(t *testing.T) {
	h := newHouse(t, withFakeMedia(newFakeMedia()), withTokens)
	none := ""
	for name, c := range map[string]struct {
		text   string
		refuse string // empty: it opens the room
	}{
		"a good one":         {tokenFor(t), ""},
		"of a pattern":       {tokenFor(t, func(g *token.Grant) { g.Room = "?" }), ""},
		"of a role":          {tokenFor(t, func(g *token.Grant) { g.Role = "moderator" }), ""},
		"none":               {none, errTokenFirst.message},
		"nonsense":           {"open sesame", token.ErrMalformed.Error()},
		"of another room":    {tokenFor(t, func(g *token.Grant) { g.Room = "vip" }), errOtherRoom.message},
		"expired":            {tokenFor(t, func(g *token.Grant) { g.Expires = time.Now().Add(-time.Minute) }), token.ErrExpired.Error()},
		"not yet valid":      {tokenFor(t, func(g *token.Grant) { g.Begins = time.Now().Add(time.Minute) }), token.ErrNotYetValid.Error()},
		"for a year":         {tokenFor(t, func(g *token.Grant) { g.Expires = time.Now().Add(9000 * time.Hour) }), token.ErrTooLong.Error()},
		"of a strange role":  {tokenFor(t, func(g *token.Grant) { g.Role = "king" }), errStrangeToken.message},
		"of strange rights":  {tokenFor(t, func(g *token.Grant) { g.May = []string{"fly"} }), errStrangeToken.message},
		"of an unknown key":  {signedElsewhere(t), token.ErrUnknownKey.Error()},
		"without an end":     {tokenFor(t) + "x", token.ErrSignature.Error()},
		"without a date":     {tokenFor(t, func(g *token.Grant) { g.Issued = time.Time{} }), ""},
		"without any person": {tokenFor(t, func(g *token.Grant) { g.Identity = "" }), ""},
	} {
		t.Run(name, func(t *testing.T) {
			guest := h.dial(t)
			guest.knocks(c.text)
			if c.refuse != "" {
				guest.isTurnedAway(c.refuse)
				return
			}
			hear[*protocol.Lobby](guest)
		})
	}
}

// signedElsewhere is a token of somebody else's.
func signedElsewhere(t *testing.T) string {
	t.Helper()
	ring, err := token.New(token.Config{Keys: []token.Key{token.NewKey()}})
	if err != nil {
		t.Fatal(err)
	}
	text, err := ring.Sign(token.Grant{Room: "r", Expires: time.Now().Add(time.Hour)})
	if err != nil {
		t.Fatal(err)
	}
	return text
}

func TestABadTokenIsNotPassedOverWhereNoneIsNeeded(t *testing.T) {
	h := newHouse(t, withFakeMedia(newFakeMedia()))
	c := h.dial(t)
	c.knocks("open sesame")
	c.isTurnedAway(token.ErrMalformed.Error())
}

func TestATokenSaysWhoComesAndAsWhat(t *testing.T) {
	h := newHouse(t, withFakeMedia(newFakeMedia()), withTokens, func(s *settings) { s.rooms.Rooms.Owners = []string{"boss"} })
	for name, c := range map[string]struct {
		text       string
		name, role string
	}{
		"named":         {tokenFor(t, func(g *token.Grant) { g.Name, g.Role = "김민아", "guest" }), "김민아", "guest"},
		"unnamed":       {tokenFor(t), "Mina", "member"},
		"owner by list": {tokenFor(t, func(g *token.Grant) { g.Identity, g.Role = "boss", "guest" }), "Mina", "owner"},
	} {
		t.Run(name, func(t *testing.T) {
			guest := h.dial(t)
			welcome := guest.enters(c.text)
			for _, person := range welcome.People {
				if person.Name == c.name && string(welcome.Role) == c.role {
					return
				}
			}
			t.Errorf("welcome = %+v", *welcome)
		})
	}
}

// In simulated time a token of 90 seconds: half a minute of it without a word.
func TestATokenEndsItsSession(t *testing.T) {
	for name, refreshes := range map[string]bool{"unless it is refreshed": true, "though nothing is said": false} {
		t.Run(name, func(t *testing.T) { testATokenEndsItsSession(t, refreshes) })
	}
}

func testATokenEndsItsSession(t *testing.T, refreshes bool) {
	inSimulatedTime(t, func(t *testing.T, _ *fakeMedia, dial func() *websocket.Conn) {
		conn := dial()
		defer conn.Close()
		say := func(m protocol.Message) {
			if err := conn.WriteMessage(websocket.TextMessage, protocol.Encode(m)); err != nil {
				t.Error(err)
			}
		}
		brief := func(g *token.Grant) { g.Expires = time.Now().Add(90 * time.Second) }
		began := time.Now()
		say(&protocol.Hello{ID: "1", V: 1, Room: "r", Name: "Mina", Token: tokenFor(t, brief)})
		var warned []time.Duration
		for {
			_, data, err := conn.ReadMessage()
			if err != nil {
				if !websocket.IsCloseError(err, int(protocol.CloseUnauthorized)) {
					t.Errorf("closed with %v", err)
				}
				break
			}
			m, _ := protocol.DecodeServer(data)
			if e, ok := m.(*protocol.Expiry); ok && e.Re == "" {
				if warned = append(warned, time.Since(began)); len(warned) == 1 && refreshes {
					say(&protocol.Token{ID: "2", Token: tokenFor(t, brief)})
				}
			}
		}
		want, end := []time.Duration{30 * time.Second}, 90*time.Second
		if refreshes {
			want, end = []time.Duration{30 * time.Second, 60 * time.Second}, 120*time.Second
		}
		for i := range want {
			if len(warned) != len(want) || warned[i].Round(time.Second) != want[i] {
				t.Errorf("warned after %v, want %v", warned, want)
				break
			}
		}
		if lasted := time.Since(began); lasted.Round(time.Second) != end {
			t.Errorf("it lasted %v, want %v", lasted, end)
		}
	}, func(s *settings) { withTokens(s); s.doors.Tokens.Leeway = 0 })
}

func TestNoMessageIsHeardOfAnExpiredToken(t *testing.T) {
	s := &session{out: newOutbox(1)}
	s.ctx, s.cancel = t.Context(), func() {}
	s.server = &Server{metrics: newMetrics(&Server{})}
	now := time.Now()
	for name, c := range map[string]struct {
		pass func() *pass
		want bool
	}{
		"no token": {func() *pass { return new(pass) }, true},
		"good":     {func() *pass { return &pass{expires: now.Add(1)} }, true},
		"expired":  {func() *pass { return &pass{expires: now} }, false},
		"revoked": {func() *pass {
			p := &pass{expires: now.Add(time.Hour)}
			p.revoked.Store(true)
			return p
		}, false},
	} {
		s.pass.Store(c.pass())
		if got := s.mayGoOn(now); got != c.want {
			t.Errorf("%s: %t", name, got)
		}
	}
}

func TestWhatMayFollowAToken(t *testing.T) {
	h := newHouse(t, withFakeMedia(newFakeMedia()), withTokens)
	c := h.dial(t)
	c.enters(tokenFor(t, func(g *token.Grant) { g.Role = "guest" }))
	refusals := map[string]protocol.Code{
		tokenFor(t, func(g *token.Grant) { g.Room = "vip" }):                               protocol.Forbidden,
		tokenFor(t, func(g *token.Grant) { g.Identity = "eve" }):                           protocol.Forbidden,
		tokenFor(t, func(g *token.Grant) { g.Uses = 1 }):                                   protocol.Forbidden,
		tokenFor(t, func(g *token.Grant) { g.Expires = time.Now().Add(-9 * time.Minute) }): protocol.Unauthorized,
	}
	for text, code := range refusals {
		c.say(&protocol.Token{ID: "refresh", Token: text})
		if e := c.hearError(code); e.Re != "refresh" {
			t.Errorf("the error answers %q", e.Re)
		}
	}
	c.say(&protocol.Token{ID: "refresh", Token: tokenFor(t, func(g *token.Grant) { g.Role = "moderator" })})
	if e := hear[*protocol.Expiry](c); e.Re != "refresh" || e.ExpiresInMS < 3_590_000 || e.ExpiresInMS > 3_620_000 {
		t.Errorf("%+v", *e)
	}
	if may := hear[*protocol.May](c); may.Role != "moderator" {
		t.Errorf("now it may %+v", *may)
	}
	open := newHouse(t, withFakeMedia(newFakeMedia()), func(s *settings) { s.doors.Tokens.Keys = testKeys })
	anybody := open.dial(t)
	anybody.inside("r", "Anybody", "offer")
	anybody.say(&protocol.Token{ID: "refresh", Token: tokenFor(t, func(g *token.Grant) { g.Identity = "" })})
	anybody.hearError(protocol.Forbidden)
}

func TestATokenWithoutAnyPermissionIsStrange(t *testing.T) {
	if _, err := grantOf(token.Grant{May: []string{}}, room.Policy{}); err != errStrangeToken {
		t.Errorf("got %v", err)
	}
	if granted, err := grantOf(token.Grant{}, room.Policy{}); err != nil || granted.May != 0 {
		t.Errorf("one that does not say gets %v, %v", granted, err)
	}
}
