package client

import (
	"context"
	"errors"
	"time"

	"github.com/gorilla/websocket"

	"madang/signaling/protocol"
)

// The methods of this file ask the room for something, and return when the server
// says that it is done: it is decided then, whatever others do about it. An *[Error]
// is the server's refusal: forbidden where the client may not, not_found for a member
// that is not here. Another error leaves open whether it was done, as the connection
// broke or ctx ended. How the room is then comes as events and by [Client.People],
// before or after.

// Hand raises the client's hand, or lowers it. All see it in [protocol.Person.Hand].
func (c *Client) Hand(ctx context.Context, up bool) error {
	return c.demand(ctx, func(id string) protocol.Message { return &protocol.Hand{ID: id, Up: up} })
}

// LowerHand lowers the hand of another member. For who moderates.
func (c *Client) LowerHand(ctx context.Context, member string) error {
	return c.demand(ctx, func(id string) protocol.Message { return &protocol.Hand{ID: id, Member: member} })
}

// React shows one emoji, of at most 32 bytes, to all: as a *[protocol.React].
func (c *Client) React(ctx context.Context, emoji string) error {
	return c.demand(ctx, func(id string) protocol.Message { return &protocol.React{ID: id, Emoji: emoji} })
}

// SetRole gives a member another role. That hears of it by a *[protocol.May].
func (c *Client) SetRole(ctx context.Context, member string, role protocol.Role) error {
	return c.demand(ctx, func(id string) protocol.Message {
		return &protocol.SetRole{ID: id, Member: member, Role: role}
	})
}

// Mute mutes the microphone or the camera of a member, or ends its screen; of
// everyone of a lower role where member is empty. With hold it cannot be made live
// before an Unmute.
func (c *Client) Mute(ctx context.Context, member string, source protocol.Source, hold bool) error {
	return c.demand(ctx, func(id string) protocol.Message {
		return &protocol.Mute{ID: id, Member: member, Source: source, Hold: hold}
	})
}

// Unmute lifts the hold of a Mute and asks the member, by a *[protocol.Unmute], to
// make its source live, which is for that to do.
func (c *Client) Unmute(ctx context.Context, member string, source protocol.Source) error {
	return c.demand(ctx, func(id string) protocol.Message {
		return &protocol.Unmute{ID: id, Member: member, Source: source}
	})
}

// Kick removes a member, which may not come back for so long: whole seconds, at most
// a week; 0 lets it come back at once.
func (c *Client) Kick(ctx context.Context, member string, ban time.Duration) error {
	return c.demand(ctx, func(id string) protocol.Message {
		return &protocol.Kick{ID: id, Member: member, BanS: int(ban / time.Second)}
	})
}

// Lock closes the room to newcomers, or opens it. All hear of it by a *[protocol.Lock].
func (c *Client) Lock(ctx context.Context, locked bool) error {
	return c.demand(ctx, func(id string) protocol.Message { return &protocol.Lock{ID: id, Locked: locked} })
}

// Admit lets somebody in who waits in the lobby: one of [Client.Waiting], or all of
// them where member is empty.
func (c *Client) Admit(ctx context.Context, member string) error {
	return c.demand(ctx, func(id string) protocol.Message { return &protocol.Admit{ID: id, Member: member} })
}

// Deny sends somebody away who waits in the lobby.
func (c *Client) Deny(ctx context.Context, member string) error {
	return c.demand(ctx, func(id string) protocol.Message { return &protocol.Deny{ID: id, Member: member} })
}

// Slow has everybody who does not moderate wait so long between two lines of chat:
// whole seconds, at most an hour; 0 is not at all. All hear of it by a *[protocol.Slow].
func (c *Client) Slow(ctx context.Context, every time.Duration) error {
	return c.demand(ctx, func(id string) protocol.Message {
		return &protocol.Slow{ID: id, Seconds: int(every / time.Second)}
	})
}

// Spotlight puts a member's camera or screen on everybody's stage; nothing where member
// is empty. All hear of it by a *[protocol.Spotlight].
func (c *Client) Spotlight(ctx context.Context, member string, source protocol.Source) error {
	return c.demand(ctx, func(id string) protocol.Message {
		return &protocol.Spotlight{ID: id, Spot: protocol.Spot{Member: member, Source: source}}
	})
}

// ClearChat takes back all lines of the chat. All hear of it by a *[protocol.Cleared].
func (c *Client) ClearChat(ctx context.Context) error {
	return c.demand(ctx, func(id string) protocol.Message { return &protocol.Clear{ID: id} })
}

// End ends the room for all, the client included: [Client.Done] is closed soon after.
func (c *Client) End(ctx context.Context) error {
	err := c.demand(ctx, func(id string) protocol.Message { return &protocol.End{ID: id} })
	if websocketClosed(err, protocol.CloseRoomGone) {
		return nil // the end has overtaken the answer
	}
	return err
}

// demand asks for something, and waits until it is done.
func (c *Client) demand(ctx context.Context, build func(id string) protocol.Message) error {
	_, err := ask[*protocol.Done](ctx, c.current(), build)
	return err
}

// websocketClosed tells whether the server closed the connection with a code.
func websocketClosed(err error, code protocol.CloseCode) bool {
	var closed *websocket.CloseError
	return errors.As(err, &closed) && closed.Code == int(code)
}
