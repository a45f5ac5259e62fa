package client

import (
	"context"
	"fmt"

	"github.com/pion/webrtc/v4"

	"madang/signaling/protocol"
)

// openChat makes the negotiated data channel that carries chat.
func (c *Client) openChat() error {
	negotiated, ordered, id := true, true, uint16(protocol.ChatID)
	channel, err := c.pc.CreateDataChannel(protocol.ChatLabel, &webrtc.DataChannelInit{
		Negotiated: &negotiated, Ordered: &ordered, ID: &id,
	})
	if err != nil {
		return fmt.Errorf("client: making the chat channel: %w", err)
	}
	channel.OnOpen(func() { close(c.chatOpen) })
	channel.OnMessage(func(data webrtc.DataChannelMessage) {
		messages, err := protocol.DecodeServerChat(data.Data)
		if err != nil {
			c.options.Log.Warn("chat that is not of the protocol", "error", err)
		}
		for _, m := range messages {
			c.tell(m)
		}
	})
	c.chat = channel
	return nil
}

// AwaitChat waits until the chat channel is open. Before that, chat goes over
// the WebSocket.
func (c *Client) AwaitChat(ctx context.Context) error {
	select {
	case <-c.chatOpen:
		return nil
	case <-c.link.ended:
		return c.link.cause()
	case <-ctx.Done():
		return fmt.Errorf("client: waiting for the chat channel: %w", ctx.Err())
	}
}

// Chat sends one message of the chat: *[protocol.ChatMsg], *[protocol.Since],
// *[protocol.Del] or *[protocol.Typing]. What comes of it comes as events.
func (c *Client) Chat(m protocol.Message) error {
	select {
	case <-c.chatOpen:
	default:
		return c.link.send(m)
	}
	if err := c.chat.SendText(string(protocol.Encode(m))); err != nil {
		return fmt.Errorf("client: sending %s: %w", m.Type(), err)
	}
	return nil
}
