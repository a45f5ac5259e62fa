package client

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"net/url"
	"slices"
	"sync"
	"sync/atomic"

	"github.com/pion/webrtc/v4"

	"madang/signaling/protocol"
)

// receiveMTU is the longest RTP packet that is read, in bytes.
const receiveMTU = 1500

// Client is one member of a room. Any goroutine may call its methods.
type Client struct {
	options Options
	link    *link
	pc      *webrtc.PeerConnection
	chat    *webrtc.DataChannel

	negotiating  sync.Mutex // one offer at a time; guards the four below
	publications map[protocol.Source]*Publication
	sendLines    map[protocol.Source]*webrtc.RTPTransceiver
	newLines     []newLine
	pairs        int

	mu        sync.Mutex
	lobby     protocol.Lobby
	welcome   protocol.Welcome
	people    map[string]protocol.Person
	wants     map[protocol.Source][]string
	quality   map[string]protocol.Link
	slots     map[string]*Slot // by mid
	slotOrder []*Slot

	events  chan protocol.Message
	dropped atomic.Uint64

	missing   chan struct{} // holds one wish to repair
	connected chan struct{} // closed when the media path is up
	chatOpen  chan struct{} // closed when the chat channel is open
	failed    chan struct{} // closed when the media path is lost for good

	closing sync.Once
	closed  chan struct{}
	running sync.WaitGroup
}

// Join enters a room and returns when the client is in and its media path is up.
// An *[Error] is the server's refusal. Without an error, the caller must Close.
func Join(ctx context.Context, options Options) (*Client, error) {
	options.setDefaults()
	l, err := dial(ctx, &options)
	if err != nil {
		return nil, err
	}
	c := &Client{
		options: options, link: l,
		publications: map[protocol.Source]*Publication{}, sendLines: map[protocol.Source]*webrtc.RTPTransceiver{},
		people: map[string]protocol.Person{}, slots: map[string]*Slot{},
		wants: map[protocol.Source][]string{}, quality: map[string]protocol.Link{},
		events:  make(chan protocol.Message, eventQueue),
		missing: make(chan struct{}, 1), connected: make(chan struct{}), chatOpen: make(chan struct{}),
		failed: make(chan struct{}), closed: make(chan struct{}),
	}
	c.start(func() { l.read(c.handle) })
	if err := c.join(ctx); err != nil {
		c.shut(false)
		return nil, err
	}
	return c, nil
}

// join goes from an open WebSocket into the room.
func (c *Client) join(ctx context.Context) error {
	c.negotiating.Lock()
	defer c.negotiating.Unlock()
	lobby, err := ask[*protocol.Lobby](ctx, c.link, func(id string) protocol.Message {
		return &protocol.Hello{
			ID: id, V: protocol.Version, Room: c.options.Room, Name: c.options.Name, Password: c.options.Password,
		}
	})
	if err != nil {
		return err
	}
	c.mu.Lock()
	c.lobby = *lobby
	c.mu.Unlock()
	if err := c.connect(lobby); err != nil {
		return err
	}
	sdp, lines, err := c.offer(ctx)
	if err != nil {
		return err
	}
	joined, err := ask[*protocol.Joined](ctx, c.link, func(id string) protocol.Message {
		return &protocol.Join{ID: id, SDP: sdp, Lines: lines}
	})
	if err != nil {
		return err
	}
	if err := c.accept(joined.SDP); err != nil {
		return err
	}
	if err := c.link.send(&protocol.Ready{Re: joined.Re}); err != nil {
		return err
	}
	if _, err := ask[*protocol.Welcome](ctx, c.link, func(id string) protocol.Message {
		return &protocol.Enter{ID: id}
	}); err != nil {
		return err
	}
	return c.awaitMedia(ctx)
}

// connect makes the PeerConnection with the lines of the first offer.
func (c *Client) connect(lobby *protocol.Lobby) error {
	var servers []webrtc.ICEServer
	for _, s := range lobby.ICE {
		servers = append(servers, webrtc.ICEServer{URLs: s.URLs, Username: s.Username, Credential: s.Credential})
	}
	server, err := url.Parse(c.options.URL)
	if err != nil {
		return err
	}
	pc, err := newPeerConnection(&c.options, server, servers)
	if err != nil {
		return err
	}
	c.pc = pc
	pc.OnTrack(c.arrived)
	pc.OnConnectionStateChange(c.stateChanged)
	if err := c.openChat(); err != nil {
		return err
	}
	c.start(c.repair)
	for _, source := range c.options.Sources {
		if err := c.addSendLine(source); err != nil {
			return err
		}
	}
	return c.addReceiveLines(count(c.options.Pairs, lobby.Slots.Pairs), count(c.options.Voices, lobby.Slots.Audio))
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

// stateChanged hears from Pion, one change at a time.
func (c *Client) stateChanged(state webrtc.PeerConnectionState) {
	switch state {
	case webrtc.PeerConnectionStateConnected:
		closeOnce(c.connected)
	case webrtc.PeerConnectionStateFailed, webrtc.PeerConnectionStateClosed:
		closeOnce(c.failed)
	}
}

// closeOnce closes a channel that one goroutine at a time closes.
func closeOnce(ch chan struct{}) {
	select {
	case <-ch:
	default:
		close(ch)
	}
}

func (c *Client) awaitMedia(ctx context.Context) error {
	select {
	case <-c.connected:
		return nil
	case <-c.failed:
		return errors.New("client: no media path to the server")
	case <-c.link.ended:
		return c.link.cause()
	case <-ctx.Done():
		return fmt.Errorf("client: waiting for the media path: %w", ctx.Err())
	}
}

// start runs f on a goroutine that Close waits for. After Close it does nothing.
func (c *Client) start(f func()) {
	c.mu.Lock()
	defer c.mu.Unlock()
	select {
	case <-c.closed:
	default:
		c.running.Go(f)
	}
}

// You is the client's public member id.
func (c *Client) You() string {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.lobby.You
}

// Lobby is what the server said before the client joined.
func (c *Client) Lobby() protocol.Lobby {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.lobby
}

// Welcome is what the server said when the client entered.
func (c *Client) Welcome() protocol.Welcome {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.welcome
}

// People are the members now, the client included, by id.
func (c *Client) People() map[string]protocol.Person {
	c.mu.Lock()
	defer c.mu.Unlock()
	return maps.Clone(c.people)
}

// Quality is how members fare of whom the server has said something, by id.
func (c *Client) Quality() map[string]protocol.Link {
	c.mu.Lock()
	defer c.mu.Unlock()
	return maps.Clone(c.quality)
}

// Slots are the receive lines, in the order of the offers.
func (c *Client) Slots() []*Slot {
	c.mu.Lock()
	defer c.mu.Unlock()
	return slices.Clone(c.slotOrder)
}

// Slot is the receive line with a mid; nil if there is none.
func (c *Client) Slot(mid string) *Slot {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.slots[mid]
}

// Publish makes a source live and returns what sends it. The source must be one
// of [Options.Sources].
func (c *Client) Publish(source protocol.Source) (*Publication, error) {
	c.negotiating.Lock()
	p := c.publications[source]
	c.negotiating.Unlock()
	if p == nil {
		return nil, fmt.Errorf("client: no line was offered for %s", source)
	}
	p.reading.Do(func() {
		for _, layer := range p.layers {
			c.start(func() { p.requests(layer) })
		}
	})
	return p, p.say(protocol.Live)
}

// View says what is on the client's screen, the most important first. The tiles'
// sizes, in device pixels, decide which layers come.
func (c *Client) View(tiles []protocol.Tile) error { return c.link.send(&protocol.View{Tiles: tiles}) }

// Grow adds receive lines by another offer and returns when they may be fed.
func (c *Client) Grow(ctx context.Context, pairs, voices int) error {
	c.negotiating.Lock()
	defer c.negotiating.Unlock()
	if err := c.addReceiveLines(pairs, voices); err != nil {
		return err
	}
	sdp, lines, err := c.offer(ctx)
	if err != nil {
		return err
	}
	answer, err := ask[*protocol.Answer](ctx, c.link, func(id string) protocol.Message {
		return &protocol.Offer{ID: id, SDP: sdp, Lines: lines}
	})
	if err != nil {
		return err
	}
	if err := c.accept(answer.SDP); err != nil {
		return err
	}
	return c.link.send(&protocol.Ready{Re: answer.Re})
}

// Done is closed when the client is no longer a member: the server ended it, the
// connection was lost, or Close or Leave was called. Err says which.
func (c *Client) Done() <-chan struct{} { return c.link.ended }

// Err is why the client is no longer a member; nil while it is one.
func (c *Client) Err() error {
	select {
	case <-c.link.ended:
		return c.link.cause()
	default:
		return nil
	}
}

// Leave says goodbye, so that the others see it at once, and closes.
func (c *Client) Leave() { c.shut(true) }

// Close drops the connections without a word, as a crash would, and waits for
// all of the client's goroutines.
func (c *Client) Close() { c.shut(false) }

func (c *Client) shut(bye bool) {
	c.closing.Do(func() {
		c.mu.Lock()
		close(c.closed)
		c.mu.Unlock()
		c.link.close(bye)
		if c.pc != nil {
			_ = c.pc.GracefulClose() // nothing to do about one that does not close
		}
	})
	c.running.Wait()
}
