package client_test

import (
	"context"
	"testing"
	"time"

	"madang/signaling"
	"madang/signaling/client"
	"madang/signaling/client/bot"
	"madang/signaling/client/clienttest"
	"madang/signaling/protocol"
	"madang/signaling/token"
)

// issuer is a server where tokens are good, and whoever makes them.
type issuer struct {
	*testing.T
	url  string
	ring *token.Keyring
}

func newIssuer(t *testing.T, access string) *issuer {
	t.Helper()
	config := clienttest.DefaultConfig()
	config.Rooms.Rooms.Access = access
	config.Signaling.Tokens.Keys = []signaling.TokenKey{{ID: "test", Algorithm: token.HS256, Secret: "a secret of more than thirty-two bytes"}}
	ring, err := config.Signaling.Tokens.Keyring()
	if err != nil {
		t.Fatal(err)
	}
	return &issuer{t, clienttest.Serve(t, config), ring}
}

// token is one for the room r.
func (i *issuer) token(identity string, role protocol.Role, ttl time.Duration) string {
	i.Helper()
	now := time.Now()
	text, err := i.ring.Sign(token.Grant{Room: "r", Identity: identity, Role: string(role), Issued: now, Expires: now.Add(ttl)})
	if err != nil {
		i.Fatal(err)
	}
	return text
}

// comes has somebody come in with a token.
func (i *issuer) comes(name, token string) *bot.Bot {
	i.Helper()
	return join(i.T, i.url, "r", name, func(o *bot.Options) { o.Client.Token = token })
}

// isRefused has somebody come who must be refused.
func (i *issuer) isRefused(token string, code protocol.Code) {
	i.Helper()
	ctx, cancel := context.WithTimeout(i.Context(), within)
	defer cancel()
	c, err := client.Join(ctx, client.Options{URL: i.url, Room: "r", Name: "Next", Token: token})
	if err == nil {
		c.Leave()
	}
	wantCode(i.T, err, code)
}

func TestAnInvitationLetsOthersInWhileItIsGood(t *testing.T) {
	t.Parallel()
	i := newIssuer(t, "open")
	host := i.comes("Host", "")
	invitation, err := host.Invite(t.Context(), protocol.Guest, time.Hour, 1)
	if err != nil || invitation.Token == "" || invitation.Expires <= 59*time.Minute || invitation.Expires > time.Hour {
		t.Fatalf("an invitation for %v: %v", invitation.Expires, err)
	}
	guest := i.comes("Guest", invitation.Token)
	if guest.Role() != protocol.Guest || guest.May(protocol.MayMic) {
		t.Errorf("the guest is %s", guest.Role())
	}
	i.isRefused(invitation.Token, protocol.Unauthorized) // it was for one
	_, err = guest.Invite(t.Context(), protocol.Guest, time.Hour, 1)
	wantCode(t, err, protocol.Forbidden)
	_, err = host.Invite(t.Context(), protocol.Guest, 0, 1)
	wantCode(t, err, protocol.BadMessage)
}

func TestATokenIsRefreshedBeforeItExpires(t *testing.T) {
	t.Parallel()
	i := newIssuer(t, "token")
	i.isRefused("", protocol.Unauthorized)
	ada := i.comes("Ada", i.token("ada", protocol.Member, 30*time.Second))
	// What is told has the leeway in it.
	if e := await[*protocol.Expiry](t, ada); e.ExpiresInMS < 1 || e.ExpiresInMS > 60_000 {
		t.Errorf("the token expires in %d ms", e.ExpiresInMS)
	}
	_, err := ada.RefreshToken(t.Context(), i.token("bo", protocol.Member, time.Hour))
	wantCode(t, err, protocol.Forbidden)
	_, err = ada.RefreshToken(t.Context(), "no token")
	wantCode(t, err, protocol.Unauthorized)
	expires, err := ada.RefreshToken(t.Context(), i.token("ada", protocol.Owner, time.Hour))
	if err != nil || expires <= 59*time.Minute || expires > time.Hour+time.Minute {
		t.Errorf("the other token is good for %v: %v", expires, err)
	}
	eventually(t, "Ada is what her token says now", func() bool { return ada.Role() == protocol.Owner })
}

func TestWhoIsBannedDoesNotComeBackWithAnotherToken(t *testing.T) {
	t.Parallel()
	i := newIssuer(t, "token")
	host := i.comes("Host", i.token("host", protocol.Moderator, time.Hour))
	eve := i.comes("Eve", i.token("eve", protocol.Member, time.Hour))
	if err := host.Kick(t.Context(), eve.You(), time.Hour); err != nil {
		t.Fatal(err)
	}
	<-eve.Done()
	i.isRefused(i.token("eve", protocol.Owner, time.Hour), protocol.Forbidden)
	i.comes("Ada", i.token("ada", protocol.Member, time.Hour))
}
