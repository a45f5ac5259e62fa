package client

import (
	"context"
	"time"

	"madang/signaling/protocol"
)

// Invitation is what lets others come in.
type Invitation struct {
	// Token is for [Options.Token]: a secret.
	Token string
	// Expires is how long it is good for, from when it was made.
	Expires time.Duration
}

// Invite makes a token that so many others may come in with, with a role that is not
// above the client's own. ttl is whole seconds, at most 30 days; uses at most 1,000.
// An *[Error] is the server's refusal.
func (c *Client) Invite(ctx context.Context, role protocol.Role, ttl time.Duration, uses int) (Invitation, error) {
	made, err := ask[*protocol.Invitation](ctx, c.current(), func(id string) protocol.Message {
		return &protocol.Invite{ID: id, Role: role, TTLS: int(ttl / time.Second), Uses: uses}
	})
	if err != nil {
		return Invitation{}, err
	}
	return Invitation{Token: made.Token, Expires: milliseconds(made.ExpiresInMS)}, nil
}

// RefreshToken goes on with another token, of the same room and identity, before the
// one that the client came with expires; a *[protocol.Expiry] among the events says a
// minute before. It returns how long the token is good for. A client that comes back
// anew comes with the newest. An *[Error] is the server's refusal.
func (c *Client) RefreshToken(ctx context.Context, token string) (expires time.Duration, err error) {
	taken, err := ask[*protocol.Expiry](ctx, c.current(), func(id string) protocol.Message {
		return &protocol.Token{ID: id, Token: token}
	})
	if err != nil {
		return 0, err
	}
	c.mu.Lock()
	c.token = token
	c.mu.Unlock()
	return milliseconds(taken.ExpiresInMS), nil
}

func milliseconds(n int64) time.Duration { return time.Duration(n) * time.Millisecond }
