package client

import (
	"context"
	"crypto/rand"
	"fmt"
	"time"

	"github.com/pion/webrtc/v4"

	"madang/signaling/protocol"
)

// resendEvery is the pace at which lines are said again that nothing came of.
const resendEvery = 150 * time.Millisecond

// openChat makes the negotiated data channel that carries chat.
func (c *Client) openChat(m *media) error {
	negotiated, ordered, id := true, true, uint16(protocol.ChatID)
	channel, err := m.pc.CreateDataChannel(protocol.ChatLabel, &webrtc.DataChannelInit{
		Negotiated: &negotiated, Ordered: &ordered, ID: &id,
	})
	if err != nil {
		return fmt.Errorf("client: making the chat channel: %w", err)
	}
	channel.OnMessage(func(data webrtc.DataChannelMessage) { // one at a time
		if channel.BufferedAmount() == 0 {
			m.chatBeside.Store(c.current())
			closeOnce(m.chatOpen)
		}
		messages, err := protocol.DecodeServerChat(data.Data)
		if err != nil {
			c.options.Log.Warn("chat that is not of the protocol", "error", err)
		}
		for _, message := range messages {
			c.hearChat(message)
		}
	})
	m.chat = channel
	return nil
}

// AwaitChat waits until the chat channel is open on both sides. Before that, chat goes
// over the WebSocket.
func (c *Client) AwaitChat(ctx context.Context) error {
	select {
	case <-c.transport().chatOpen:
		return nil
	case <-c.ended:
		return c.err
	case <-ctx.Done():
		return fmt.Errorf("client: waiting for the chat channel: %w", ctx.Err())
	}
}

// Chat sends one message of the chat: *[protocol.ChatMsg], *[protocol.Since],
// *[protocol.Del] or *[protocol.Typing]. What comes of it comes as events. A line
// that nothing came of when a connection was lost is sent again, as are the newest
// 128 at most.
//
// A line without a cid is given one. One that the caller makes is to be nobody else's,
// in any session, as 96 random bits are: else the line may be there twice when the
// server has restarted.
func (c *Client) Chat(m protocol.Message) error {
	c.mu.Lock()
	switch m := m.(type) {
	case *protocol.ChatMsg:
		if m.CID == "" {
			m.CID = rand.Text()
		}
		c.chat.said(m)
		c.mu.Unlock()
		_ = c.sendChat(m) // which fails only with a connection that is lost
		return c.Err()
	case *protocol.Since:
		c.chat.asked()
	}
	c.mu.Unlock()
	return c.sendChat(m)
}

// sendChat sends by the chat channel, or by the WebSocket while that is not open, or
// the server has not been heard by it since the WebSocket is there: it says something
// at once, but what an outage has held up may take long.
func (c *Client) sendChat(m protocol.Message) error {
	l, now := c.current(), c.transport()
	if now.chatBeside.Load() == l && now.chat.ReadyState() == webrtc.DataChannelStateOpen && now.chat.SendText(string(protocol.Encode(m))) == nil {
		return nil
	}
	return l.send(m)
}

// hearChat takes a message of the chat, whichever way it came.
func (c *Client) hearChat(m protocol.Message) {
	c.mu.Lock()
	known, caughtUp := false, false
	switch m := m.(type) {
	case *protocol.ChatLine:
		known = c.chat.heard(m)
	case *protocol.Error:
		c.chat.answered(m.CID)
	case *protocol.CaughtUp:
		caughtUp = c.chat.caughtUp(c.welcome.Chat.Epoch, m.Seq)
	}
	c.mu.Unlock()
	if caughtUp {
		c.start(c.resend)
	}
	if !known {
		c.tell(m)
	}
}

// catchUp asks for what was said while the client was away.
func (c *Client) catchUp(l *link) error {
	c.mu.Lock()
	since := c.chat.since()
	c.mu.Unlock()
	return l.send(since)
}

// resend says again the lines that nothing came of.
func (c *Client) resend() {
	c.mu.Lock()
	lines := c.chat.unanswered()
	c.mu.Unlock()
	for _, line := range lines {
		if c.sendChat(line) != nil {
			return // it is lost again, and there will be another time
		}
		select {
		case <-time.After(resendEvery):
		case <-c.closed:
			return
		}
	}
}
