package signaling

import (
	"context"
	"errors"
	"log/slog"
	"net"
	"net/http"
	"runtime"
	"slices"
	"strings"
	"testing"
	"testing/fstest"
	"time"

	"github.com/gorilla/websocket"

	"madang/room"
	"madang/sfu"
	"madang/signaling/protocol"
)

// patience is how long a test waits for something that must come.
const patience = 10 * time.Second

// house is a whole server: doors, rooms and media plane.
type house struct {
	*Server
	rooms *room.Rooms
}

// settings is what a test may change before a house is built.
type settings struct {
	doors Config
	rooms room.Config
	media Media // nil: the real one
	wrap  func(Media) Media
	route func(room.Router) room.Router // around the media of each room; nil: nothing
	beat  *time.Duration                // of chat, instead of the usual
}

var testPage = fstest.MapFS{
	"index.html":               {Data: []byte("<!doctype html><title>Madang</title>" + strings.Repeat(" ", 500))},
	"assets/main-ABCDEFGH.js":  {Data: []byte("export {}")},
	"assets/main-ABCDEFGH.css": {Data: []byte(strings.Repeat("a { color: red }\n", 100))},
}

// newHouse builds a house and, at the end of the test, takes it down and looks
// for goroutines that are left.
func newHouse(t *testing.T, change ...func(*settings)) *house {
	t.Helper()
	before := runtime.NumGoroutine()
	s := settings{doors: DefaultConfig(), rooms: room.DefaultConfig()}
	s.doors.Server.Listen, s.doors.Server.AdminListen = "127.0.0.1:0", "127.0.0.1:0"
	s.doors.Limits.ResumeWindow = 0 // who is lost has left
	for _, c := range change {
		c(&s)
	}
	log := slog.New(slog.DiscardHandler)
	newRouter := func(sfu.Observer) room.Router { return deafRouter{} }
	closeMedia := func() {}
	if s.media == nil {
		cfg := sfu.DefaultConfig()
		cfg.ICE.UDPPort, cfg.ICE.Interfaces = 0, []string{"lo"}
		plane, err := sfu.New(cfg, log)
		if err != nil {
			t.Fatal(err)
		}
		s.media, closeMedia = NewMedia(plane, cfg.Media), plane.Close
		newRouter = func(o sfu.Observer) room.Router { return plane.NewRouter(o) }
	}
	if around, inner := s.route, newRouter; around != nil {
		newRouter = func(o sfu.Observer) room.Router { return around(inner(o)) }
	}
	rooms, err := room.NewRooms(s.rooms, newRouter, log)
	if err != nil {
		t.Fatal(err)
	}
	if s.wrap != nil {
		s.media = s.wrap(s.media)
	}
	server, err := New(s.doors, rooms, s.media, testPage, log)
	if err != nil {
		t.Fatal(err)
	}
	if s.beat != nil {
		server.chatEvery = *s.beat
	}
	if err := server.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		ctx, cancel := context.WithTimeout(context.Background(), patience)
		defer cancel()
		if err := server.Shutdown(ctx); err != nil {
			t.Errorf("Shutdown: %v", err)
		}
		rooms.Close()
		closeMedia()
		noGoroutinesLeft(t, before)
	})
	return &house{server, rooms}
}

// noGoroutinesLeft waits for the number of goroutines to be what it was.
func noGoroutinesLeft(t *testing.T, before int) {
	t.Helper()
	http.DefaultClient.CloseIdleConnections()
	for deadline := time.Now().Add(patience); runtime.NumGoroutine() > before; time.Sleep(5 * time.Millisecond) {
		if time.Now().After(deadline) {
			stacks := make([]byte, 1<<20)
			t.Errorf("%d goroutines before, %d after:\n%s", before, runtime.NumGoroutine(), stacks[:runtime.Stack(stacks, true)])
			return
		}
	}
}

// deafRouter stands for the media of a room in tests without media.
type deafRouter struct{}

func (deafRouter) Route(*sfu.Routing) {}
func (deafRouter) Close()             {}

// caller is a client with nothing but a WebSocket.
type caller struct {
	t      *testing.T
	conn   *websocket.Conn
	heard  chan protocol.Message // closed with the connection
	closed error                 // why; read after heard is closed
}

// dial opens a WebSocket as a client that keeps to the rules.
func (h *house) dial(t *testing.T) *caller {
	t.Helper()
	conn, _, err := h.dialWith(http.Header{}, protocol.Subprotocol)
	if err != nil {
		t.Fatal(err)
	}
	c := &caller{t: t, conn: conn, heard: make(chan protocol.Message, 10000)}
	go c.listen()
	t.Cleanup(func() {
		conn.Close()
		for range c.heard { // until the listener is gone
		}
	})
	return c
}

func (h *house) dialWith(header http.Header, subprotocols ...string) (*websocket.Conn, *http.Response, error) {
	dialer := websocket.Dialer{Subprotocols: subprotocols, NetDial: func(network, address string) (net.Conn, error) {
		conn, err := net.Dial(network, address)
		if err == nil {
			err = conn.(*net.TCPConn).SetReadBuffer(64 << 10) // so that not reading shows soon
		}
		return conn, err
	}}
	return dialer.Dial("ws://"+h.Addr().String()+"/ws", header)
}

func (c *caller) listen() {
	defer close(c.heard)
	for {
		_, data, err := c.conn.ReadMessage()
		if err != nil {
			c.closed = err
			return
		}
		m, err := protocol.DecodeServer(data)
		if err != nil {
			c.closed = err
			return
		}
		c.heard <- m
	}
}

func (c *caller) say(m protocol.Message) { c.raw(string(protocol.Encode(m))) }

func (c *caller) raw(text string) {
	// A server that has had enough may close before all is said.
	_ = c.conn.WriteMessage(websocket.TextMessage, []byte(text))
}

// hear returns the next message of a type, passing over others.
func hear[T protocol.Message](c *caller) T {
	c.t.Helper()
	deadline := time.After(patience)
	for {
		select {
		case m, open := <-c.heard:
			if !open {
				c.t.Fatalf("closed (%v) while waiting for a %T", c.closed, *new(T))
			}
			if wanted, ok := m.(T); ok {
				return wanted
			}
			if e, ok := m.(*protocol.Error); ok {
				c.t.Fatalf("error %+v while waiting for a %T", *e, *new(T))
			}
		case <-deadline:
			c.t.Fatalf("no %T came", *new(T))
		}
	}
}

// sees waits for a change of the people that fits.
func (c *caller) sees(fits func(*protocol.People) bool) {
	c.t.Helper()
	for !fits(hear[*protocol.People](c)) {
	}
}

// seesCome waits for a member of this name to come.
func (c *caller) seesCome(name string) (id string) {
	c.t.Helper()
	c.sees(func(p *protocol.People) bool {
		for _, person := range p.Add {
			if person.Name == name {
				id = person.ID
			}
		}
		return id != ""
	})
	return id
}

// seesGo waits for a member to leave.
func (c *caller) seesGo(id string) {
	c.t.Helper()
	c.sees(func(p *protocol.People) bool { return slices.Contains(p.Del, id) })
}

// hearError returns the next error, which must have this code.
func (c *caller) hearError(code protocol.Code) *protocol.Error {
	c.t.Helper()
	e := hear[*protocol.Error](c)
	if e.Code != code {
		c.t.Fatalf("error %+v, want code %s", *e, code)
	}
	return e
}

// hearClose waits for the connection to be closed with this code.
func (c *caller) hearClose(code protocol.CloseCode) {
	c.t.Helper()
	deadline := time.After(patience)
	for {
		select {
		case _, open := <-c.heard:
			if open {
				continue
			}
			var closed *websocket.CloseError
			if !errors.As(c.closed, &closed) || closed.Code != int(code) {
				c.t.Fatalf("closed with %v, want %d", c.closed, code)
			}
			return
		case <-deadline:
			c.t.Fatalf("not closed, want %d", code)
		}
	}
}

// works proves that the connection still answers.
func (c *caller) works() {
	c.t.Helper()
	c.say(&protocol.Ping{TS: 4711})
	for hear[*protocol.Pong](c).TS != 4711 {
	}
}

// inLobby says hello.
func (c *caller) inLobby(roomName, name string) *protocol.Lobby {
	c.t.Helper()
	c.say(&protocol.Hello{ID: "hello", V: protocol.Version, Room: roomName, Name: name})
	return hear[*protocol.Lobby](c)
}

// inside says hello, joins with an offer and enters.
func (c *caller) inside(roomName, name, offer string) *protocol.Welcome {
	c.t.Helper()
	c.inLobby(roomName, name)
	c.say(&protocol.Join{ID: "join", SDP: offer})
	hear[*protocol.Joined](c)
	c.say(&protocol.Enter{ID: "enter"})
	return hear[*protocol.Welcome](c)
}
