package client

import (
	"context"
	"fmt"
	"maps"
	"slices"
	"sync"
	"sync/atomic"

	"github.com/pion/webrtc/v4"

	"madang/signaling/protocol"
)

// receiveMTU is the longest RTP packet that is read, in bytes.
const receiveMTU = 1500

// Client is one member of a room. It outlives its connections: what breaks is
// mended, resumed or joined anew, on the goroutine of keep. Any goroutine may call
// its methods.
type Client struct {
	options Options

	negotiating  sync.Mutex                       // one offer at a time; guards the five below
	publications map[protocol.Source]*Publication // which mu guards too: to read them either will do
	sendLines    map[protocol.Source]*webrtc.RTPTransceiver
	newLines     []newLine
	pairs        int
	voices       int

	mu        sync.Mutex
	link      *link  // the WebSocket of now
	media     *media // the peer connection of now; nil before the first
	lobby     protocol.Lobby
	welcome   protocol.Welcome
	standing  standing
	token     string // the newest
	seq       uint64 // of what was heard last of the room
	view      []protocol.Tile
	viewed    bool // a view was ever said
	people    map[string]protocol.Person
	wants     map[protocol.Source][]string
	quality   map[string]protocol.Link
	slots     map[string]*Slot // by mid
	slotOrder []*Slot
	chat      chatMemory

	events  chan protocol.Message
	dropped atomic.Uint64

	missing chan struct{} // holds one wish to repair
	trouble chan struct{} // holds one wish to look at the media

	closing sync.Once
	life    context.Context // until Close
	die     context.CancelFunc
	closed  <-chan struct{} // the same as a channel
	ended   chan struct{}   // the membership is over
	err     error           // why; read after ended is closed
	running sync.WaitGroup
}

// Join enters a room and returns when the client is in and its media path is up. Where
// somebody must let it in it waits for that, as long as ctx lasts: see
// [Options.OnLobby]. An *[Error] is the server's refusal, or that of who lets in
// (forbidden). Without an error, the caller must Close.
func Join(ctx context.Context, options Options) (*Client, error) {
	options.setDefaults()
	c := &Client{
		options: options, token: options.Token,
		publications: map[protocol.Source]*Publication{}, sendLines: map[protocol.Source]*webrtc.RTPTransceiver{},
		people: map[string]protocol.Person{}, slots: map[string]*Slot{},
		wants: map[protocol.Source][]string{}, quality: map[string]protocol.Link{},
		chat:    newChatMemory(),
		events:  make(chan protocol.Message, eventQueue),
		missing: make(chan struct{}, 1), trouble: make(chan struct{}, 1),
		ended: make(chan struct{}),
	}
	c.life, c.die = context.WithCancel(context.Background())
	c.closed = c.life.Done()
	l, err := c.dial(ctx)
	if err != nil {
		c.die()
		return nil, err
	}
	c.link = l
	lobby, err := c.hello(ctx, l, nil)
	if err == nil {
		options.OnLobby(*lobby)
		err = c.join(ctx, l, lobby)
	}
	if err != nil {
		c.finish(ErrClosed)
		c.shut(lobby != nil) // with a word, so that nobody waits for it
		return nil, err
	}
	c.start(c.repair)
	c.start(c.keep)
	return c, nil
}

// dial opens a WebSocket and reads it.
func (c *Client) dial(ctx context.Context) (*link, error) {
	l, err := dial(ctx, &c.options)
	if err != nil {
		return nil, err
	}
	if !c.start(func() { l.read(c.handle) }) {
		l.conn.Close()
		return nil, ErrClosed
	}
	return l, nil
}

// current is the WebSocket of now.
func (c *Client) current() *link {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.link
}

// transport is the peer connection of now.
func (c *Client) transport() *media {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.media
}

// start runs f on a goroutine that Close waits for; false, and nothing, after Close.
func (c *Client) start(f func()) bool {
	c.mu.Lock()
	defer c.mu.Unlock()
	select {
	case <-c.closed:
		return false
	default:
		c.running.Go(f)
		return true
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

// Welcome is what the server said when the client entered; what has changed since
// then is in [Client.People], [Client.Room], [Client.Role], [Client.May] and
// [Client.Waiting].
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
	c.mu.Lock()
	p := c.publications[source]
	c.mu.Unlock()
	if p == nil {
		return nil, fmt.Errorf("client: no line was offered for %s", source)
	}
	return p, p.say(protocol.Live)
}

// View says what is on the client's screen, the most important first. The tiles'
// sizes, in device pixels, decide which layers come. It is said again to a session
// that is resumed, and forgotten with a session that is lost, as then the others
// have other ids.
func (c *Client) View(tiles []protocol.Tile) error {
	c.mu.Lock()
	c.view, c.viewed = tiles, true
	c.mu.Unlock()
	return c.current().send(&protocol.View{Tiles: tiles})
}

// Done is closed when the client is no longer a member: the server ended it, it
// could not come back in time, or Close or Leave was called. Err says which.
func (c *Client) Done() <-chan struct{} { return c.ended }

// Err is why the client is no longer a member; nil while it is one.
func (c *Client) Err() error {
	select {
	case <-c.ended:
		return c.err
	default:
		return nil
	}
}

// Leave says goodbye, so that the others see it at once, and closes. Where the
// connection is lost it tries to, for a few seconds.
func (c *Client) Leave() { c.shut(true) }

// Close drops the connections without a word, as a crash would, and waits for
// all of the client's goroutines.
func (c *Client) Close() { c.shut(false) }

func (c *Client) shut(bye bool) {
	c.closing.Do(func() {
		member := c.Err() == nil
		c.mu.Lock()
		c.die() // from here on the WebSocket stays the one it is
		c.mu.Unlock()
		if l := c.current(); bye && member && l.over() {
			<-c.ended // nobody tries to come back any more
			c.farewell()
		} else {
			l.close(bye)
		}
		if m := c.transport(); m != nil {
			m.close()
		}
	})
	c.running.Wait()
}

// finish notes why the membership is over. Once.
func (c *Client) finish(why error) {
	c.err = why
	close(c.ended)
}
