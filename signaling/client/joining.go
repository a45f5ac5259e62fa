package client

import (
	"context"
	"errors"
	"fmt"
	"net/url"
	"time"

	"github.com/pion/webrtc/v4"

	"madang/signaling/protocol"
)

// hello says who comes, with what it needs to come back if it does.
func (c *Client) hello(ctx context.Context, l *link, resume *protocol.Resume) (*protocol.Lobby, error) {
	c.mu.Lock()
	token := c.token
	c.mu.Unlock()
	lobby, err := ask[*protocol.Lobby](ctx, l, func(id string) protocol.Message {
		return &protocol.Hello{
			ID: id, V: protocol.Version, Room: c.options.Room, Name: c.options.Name, Password: c.options.Password,
			Token: token, Resume: resume,
		}
	})
	if err != nil {
		return nil, err
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	c.lobby = *lobby
	c.chat.am(lobby.You)
	return lobby, nil
}

// join goes from the lobby into the room, with a new peer connection.
func (c *Client) join(ctx context.Context, l *link, lobby *protocol.Lobby) error {
	c.negotiating.Lock()
	defer c.negotiating.Unlock()
	if err := c.connect(lobby); err != nil {
		return err
	}
	sdp, lines, err := c.offer(ctx, false)
	if err != nil {
		return err
	}
	joined, err := c.askToJoin(ctx, l, sdp, lines)
	if err != nil {
		return err
	}
	if err := c.accept(joined.SDP); err != nil {
		return err
	}
	if err := l.send(&protocol.Ready{Re: joined.Re}); err != nil {
		return err
	}
	if _, err := ask[*protocol.Welcome](ctx, l, func(id string) protocol.Message {
		return &protocol.Enter{ID: id}
	}); err != nil {
		return err
	}
	return c.awaitMedia(ctx, l)
}

// askToJoin asks as often as the server says to try again.
func (c *Client) askToJoin(ctx context.Context, l *link, sdp string, lines map[string]protocol.Source) (*protocol.Joined, error) {
	for {
		joined, err := ask[*protocol.Joined](ctx, l, func(id string) protocol.Message {
			return &protocol.Join{ID: id, SDP: sdp, Lines: lines}
		})
		var refused *Error
		if !errors.As(err, &refused) || refused.Code != protocol.Unavailable || refused.Retry == 0 {
			return joined, err
		}
		again := time.NewTimer(refused.Retry)
		select {
		case <-again.C:
		case <-l.ended:
			again.Stop()
			return nil, err
		case <-ctx.Done():
			again.Stop()
			return nil, err
		}
	}
}

// connect makes the peer connection, with the lines that its first offer is to
// have: those of the options, or as many as the one before had come to.
func (c *Client) connect(lobby *protocol.Lobby) error {
	server, err := url.Parse(c.options.URL)
	if err != nil {
		return err
	}
	pc, err := newPeerConnection(&c.options, server, iceServers(lobby.ICE))
	if err != nil {
		return err
	}
	pairs, voices := c.pairs, c.voices
	if before := c.transport(); before == nil {
		pairs, voices = count(c.options.Pairs, lobby.Slots.Pairs), count(c.options.Voices, lobby.Slots.Audio)
	}
	c.pairs, c.voices, c.newLines = 0, 0, nil
	m := newMedia(pc, c.look)
	c.mu.Lock()
	c.media = m
	clear(c.slots)
	c.slotOrder = nil
	c.mu.Unlock()
	pc.OnTrack(c.arrived)
	if err := c.openChat(m); err != nil {
		return err
	}
	for _, source := range c.options.Sources {
		if err := c.addSendLine(source); err != nil {
			return err
		}
	}
	return c.addReceiveLines(pairs, voices)
}

func iceServers(all []protocol.ICEServer) (servers []webrtc.ICEServer) {
	for _, s := range all {
		servers = append(servers, webrtc.ICEServer{URLs: s.URLs, Username: s.Username, Credential: s.Credential})
	}
	return servers
}

// count is how many lines to offer: what was wished, or what the server proposes.
func count(wished, proposed int) int {
	switch {
	case wished < 0:
		return 0
	case wished == 0:
		return proposed
	}
	return wished
}

func (c *Client) awaitMedia(ctx context.Context, l *link) error {
	m := c.transport()
	select {
	case <-m.connected:
		return nil
	case <-m.failed:
		return errors.New("client: no media path to the server")
	case <-l.ended:
		return l.cause()
	case <-c.closed:
		return ErrClosed
	case <-ctx.Done():
		return fmt.Errorf("client: waiting for the media path: %w", ctx.Err())
	}
}

// Grow adds receive lines by another offer and returns when they may be fed. Where
// the connection is lost meanwhile it is an error, and the lines come when the
// client is back.
func (c *Client) Grow(ctx context.Context, pairs, voices int) error {
	c.negotiating.Lock()
	defer c.negotiating.Unlock()
	if err := c.addReceiveLines(pairs, voices); err != nil {
		return err
	}
	return c.negotiate(ctx, c.current(), false)
}

// negotiate makes another offer, or says once more what was not answered, and
// applies the answer. The caller holds negotiating.
func (c *Client) negotiate(ctx context.Context, l *link, restart bool) error {
	sdp, lines, err := c.offer(ctx, restart)
	if err != nil {
		return err
	}
	answer, err := ask[*protocol.Answer](ctx, l, func(id string) protocol.Message {
		return &protocol.Offer{ID: id, SDP: sdp, Lines: lines, Restart: restart}
	})
	if err != nil {
		return err
	}
	if err := c.accept(answer.SDP); err != nil {
		return err
	}
	return l.send(&protocol.Ready{Re: answer.Re})
}
