package client

import (
	"context"
	"errors"
	"math/rand/v2"
	"time"

	"github.com/gorilla/websocket"
	"github.com/pion/webrtc/v4"

	"madang/signaling/protocol"
)

const (
	// dialWithin bounds the opening of a WebSocket on the way back.
	dialWithin = 3 * time.Second
	// helloWithin bounds the wait for the answer to a hello, or to an offer.
	helloWithin = 5 * time.Second
	// rejoinWithin bounds a whole join on the way back.
	rejoinWithin = 30 * time.Second
	// farewellWithin bounds the way back for a bye.
	farewellWithin = 3 * time.Second
	// answersWithin is how long a server that is asked may say nothing.
	answersWithin = 3 * time.Second
	// restartAfter is how long media may be disconnected before ICE is restarted,
	// and restartEvery how long a restart may take before the next.
	restartAfter = 2 * time.Second
	restartEvery = 2500 * time.Millisecond
)

// backoff spreads the attempts of many clients to come back, two in a second at most.
// The first is at once. A server that died is started again within moments and has
// little to do then, so the second comes soon, and the third where there may be one.
// The others come half a second after the one before. Each but the first comes a random
// time later, of a quarter of a second, twice as much each time, 5 s at most.
type backoff struct {
	tries  int
	spread time.Duration
}

const (
	spreadLeast, spreadMost = 250 * time.Millisecond, 5 * time.Second
	attemptsApart           = 500 * time.Millisecond
	secondAfter             = 200 * time.Millisecond
	thirdAfter              = 1100*time.Millisecond - secondAfter // a second after the first, and to spare
)

// next is how long to wait between the beginnings of two attempts.
func (b *backoff) next() time.Duration {
	b.tries++
	b.spread = min(max(spreadLeast, 2*b.spread), spreadMost)
	apart := attemptsApart
	switch b.tries {
	case 1:
		apart = secondAfter
	case 2:
		apart = thirdAfter
	}
	return apart + rand.N(b.spread)
}

// keep keeps the membership through what happens to its connections, until it is
// over: a WebSocket that is lost is replaced, and media that fails restarts ICE.
func (c *Client) keep() {
	restart := time.NewTimer(time.Hour)
	restart.Stop()
	defer restart.Stop()
	for {
		l := c.current()
		select {
		case <-l.ended:
			if err := c.recover(l.cause()); err != nil {
				if c.life.Err() != nil {
					err = ErrClosed // which is why an attempt was given up
				}
				c.finish(err)
				return
			}
			c.look()
		case <-c.trouble:
			switch c.transport().state() {
			case webrtc.PeerConnectionStateDisconnected:
				restart.Reset(restartAfter)
			case webrtc.PeerConnectionStateFailed:
				restart.Reset(0)
			case webrtc.PeerConnectionStateConnected:
				restart.Stop()
			}
		case <-restart.C:
			c.restart(l)
			restart.Reset(restartEvery) // unless it is mended by then
		}
	}
}

// look has keep look at the media. Never blocks.
func (c *Client) look() {
	select {
	case c.trouble <- struct{}{}:
	default:
	}
}

// restart restarts ICE, by a WebSocket that lives: one that does not is given up,
// as media that has lost its network has lost it too.
func (c *Client) restart(l *link) {
	if c.transport().state() == webrtc.PeerConnectionStateConnected {
		return
	}
	if !l.answers(answersWithin) {
		l.cut(errors.New("client: the server does not answer"))
		return
	}
	c.negotiating.Lock()
	defer c.negotiating.Unlock()
	ctx, cancel := context.WithTimeout(c.life, helloWithin)
	defer cancel()
	if err := c.negotiate(ctx, l, true); err != nil {
		c.options.Log.Info("restarting ICE", "error", err) // it is tried again
	}
}

// recover brings the client back after its WebSocket ended. An error is the end of
// the membership.
func (c *Client) recover(why error) error {
	if c.over(why) {
		return why
	}
	c.mu.Lock()
	c.chat.lost()
	c.mu.Unlock()
	c.tell(&Reconnecting{Cause: why})
	giveUp := time.NewTimer(c.options.GiveUp)
	defer giveUp.Stop()
	var pace backoff
	for {
		again := time.NewTimer(pace.next())
		err := c.comeBack()
		if err == nil || c.over(err) {
			again.Stop()
			return err
		}
		c.options.Log.Info("coming back", "error", err)
		select {
		case <-again.C:
		case <-giveUp.C:
			again.Stop()
			return err
		case <-c.closed:
			again.Stop()
			return ErrClosed
		}
	}
}

// over tells whether an error is the end: the client closed, or the server does
// not want it back.
func (c *Client) over(err error) bool {
	select {
	case <-c.closed:
		return true
	default:
	}
	var closed *websocket.CloseError
	if errors.As(err, &closed) {
		switch protocol.CloseCode(closed.Code) {
		case protocol.CloseNormal, protocol.CloseBadMessage, protocol.CloseUnauthorized, protocol.CloseKicked,
			protocol.CloseRoomGone, protocol.CloseTooFast, protocol.CloseReplaced:
			return true
		}
		return false
	}
	var refused *Error
	if errors.As(err, &refused) {
		switch refused.Code {
		case protocol.BadMessage, protocol.BadSDP, protocol.TooBig, protocol.Unauthorized, protocol.Forbidden, protocol.RoomLocked:
			return true
		}
	}
	return c.options.GiveUp < 0
}

// comeBack is one attempt to come back: into the session that was, or into the room
// anew.
func (c *Client) comeBack() error {
	ctx, cancel := context.WithTimeout(c.life, dialWithin)
	defer cancel()
	l, err := c.dial(ctx)
	if err != nil {
		return err
	}
	lobby, resumed, err := c.helloAgain(l)
	switch {
	case err != nil:
	case resumed:
		err = c.resume(l)
	default:
		err = c.rejoin(l, lobby)
	}
	if err != nil {
		l.cut(err)
	}
	return err
}

// helloAgain says hello with the session that was, and without when it is gone.
// resumed: there is nothing more to join.
func (c *Client) helloAgain(l *link) (lobby *protocol.Lobby, resumed bool, err error) {
	ctx, cancel := context.WithTimeout(c.life, helloWithin)
	defer cancel()
	c.mu.Lock()
	session := &protocol.Resume{Session: c.lobby.Session, Seq: c.seq}
	c.mu.Unlock()
	lobby, err = c.hello(ctx, l, session)
	var refused *Error
	if errors.As(err, &refused) && refused.Code == protocol.NotFound {
		c.mu.Lock()
		c.seq = 0
		c.mu.Unlock()
		lobby, err = c.hello(ctx, l, nil)
		return lobby, false, err
	}
	return lobby, session.Seq != 0, err
}

// resume goes on with a session over another WebSocket: it says again what may have
// been lost, and asks for what may be missing.
func (c *Client) resume(l *link) error {
	if err := c.take(l); err != nil {
		return err
	}
	c.mu.Lock()
	view, viewed := c.view, c.viewed
	c.mu.Unlock()
	c.tell(&Resumed{})
	if err := c.sayAgain(); err != nil {
		return err
	}
	if viewed {
		if err := l.send(&protocol.View{Tiles: view}); err != nil {
			return err
		}
	}
	if err := c.catchUp(l); err != nil {
		return err
	}
	if c.transport().state() != webrtc.PeerConnectionStateConnected {
		c.restart(l)
	} else if c.transport().pc.SignalingState() == webrtc.SignalingStateHaveLocalOffer {
		c.negotiating.Lock()
		defer c.negotiating.Unlock()
		ctx, cancel := context.WithTimeout(c.life, helloWithin)
		defer cancel()
		return c.negotiate(ctx, l, false)
	}
	return nil
}

// rejoin enters the room anew, with another peer connection, and publishes what was
// published. Who lets people in may take their time.
func (c *Client) rejoin(l *link, lobby *protocol.Lobby) error {
	ctx, cancel := context.WithTimeout(c.life, rejoinWithin)
	defer cancel()
	if lobby.State == protocol.StateWaiting {
		ctx = c.life
	}
	defer c.transport().close() // which takes its time, and nobody waits for it
	if err := c.join(ctx, l, lobby); err != nil {
		c.transport().close()
		return err
	}
	if err := c.take(l); err != nil {
		return err
	}
	c.mu.Lock()
	c.view, c.viewed = nil, false
	c.mu.Unlock()
	c.tell(&Rejoined{})
	if err := c.sayAgain(); err != nil {
		return err
	}
	return c.catchUp(l)
}

// take has a WebSocket in the place of the one that was lost, unless the client closes.
func (c *Client) take(l *link) error {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.life.Err() != nil {
		return ErrClosed
	}
	c.link = l
	return nil
}

// farewell says bye for a client whose WebSocket is lost: it comes back into its
// session for nothing else. If that takes too long it gives up, and the server sees
// it leave when it has waited for it.
func (c *Client) farewell() {
	ctx, cancel := context.WithTimeout(context.Background(), farewellWithin)
	defer cancel()
	l, err := dial(ctx, &c.options)
	if err != nil {
		return
	}
	go l.read(func(protocol.Message) {}) // until close
	_, err = c.hello(ctx, l, &protocol.Resume{Session: c.Lobby().Session})
	l.close(err == nil)
}

// sayAgain says how all sources are of which anything was said.
func (c *Client) sayAgain() error {
	c.negotiating.Lock()
	defer c.negotiating.Unlock()
	for _, p := range c.publications {
		if err := p.sayAgain(); err != nil {
			return err
		}
	}
	return nil
}
