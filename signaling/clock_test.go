package signaling

import (
	"log/slog"
	"maps"
	"net"
	"net/http"
	"testing"
	"testing/synctest"
	"time"

	"github.com/gorilla/websocket"

	"madang/room"
	"madang/sfu"
	"madang/signaling/protocol"
)

// pipes is a listener whose connections stay in this process, so that they can
// live in simulated time.
type pipes struct {
	conns chan net.Conn
	done  chan struct{}
}

func (p *pipes) Accept() (net.Conn, error) {
	select {
	case conn := <-p.conns:
		return conn, nil
	case <-p.done:
		return nil, net.ErrClosed
	}
}

func (p *pipes) Close() error {
	close(p.done)
	return nil
}

func (p *pipes) Addr() net.Addr { return &net.UnixAddr{Name: "pipe", Net: "pipe"} }

// inSimulatedTime runs a test against the doors; dial opens a WebSocket.
func inSimulatedTime(t *testing.T, run func(t *testing.T, media *fakeMedia, dial func() *websocket.Conn), change ...func(*settings)) {
	synctest.Test(t, func(t *testing.T) {
		s := settings{doors: DefaultConfig(), rooms: room.DefaultConfig()}
		for _, c := range change {
			c(&s)
		}
		log := slog.New(slog.DiscardHandler)
		rooms, err := room.NewRooms(s.rooms, func(sfu.Observer) room.Router { return deafRouter{} }, log)
		if err != nil {
			t.Fatal(err)
		}
		media := newFakeMedia()
		server, err := New(s.doors, rooms, media, testPage, log)
		if err != nil {
			t.Fatal(err)
		}
		listener := &pipes{conns: make(chan net.Conn), done: make(chan struct{})}
		doors := &http.Server{Handler: server.publicHandler()}
		go doors.Serve(listener)
		run(t, media, func() *websocket.Conn {
			dialer := websocket.Dialer{Subprotocols: []string{protocol.Subprotocol}, NetDial: func(string, string) (net.Conn, error) {
				here, there := net.Pipe()
				listener.conns <- there
				return here, nil
			}}
			conn, _, err := dialer.Dial("ws://house/ws", nil)
			if err != nil {
				t.Fatal(err)
			}
			return conn
		})
		doors.Close()
		server.visits.Wait()
		rooms.Close()
	})
}

func TestSilentConnectionIsDeadAfter25Seconds(t *testing.T) {
	inSimulatedTime(t, func(t *testing.T, _ *fakeMedia, dial func() *websocket.Conn) {
		conn := dial()
		defer conn.Close()
		pings := 0
		conn.SetPingHandler(func(string) error { pings++; return nil }) // hears, but says nothing
		hello := protocol.Encode(&protocol.Hello{ID: "1", V: 1, Room: "r", Name: "Mina"})
		if err := conn.WriteMessage(websocket.TextMessage, hello); err != nil {
			t.Fatal(err)
		}
		start := time.Now()
		for {
			if _, _, err := conn.ReadMessage(); err != nil {
				break
			}
		}
		if lived := time.Since(start); lived < deadAfter || lived > deadAfter+2*lingerWithin || pings < 2 {
			t.Errorf("it lived %v and was pinged %d times", lived, pings)
		}
	})
}

func TestConnectionThatAnswersPingsLives(t *testing.T) {
	inSimulatedTime(t, func(t *testing.T, _ *fakeMedia, dial func() *websocket.Conn) {
		conn := dial()
		defer conn.Close()
		hello := protocol.Encode(&protocol.Hello{ID: "1", V: 1, Room: "r", Name: "Mina"})
		if err := conn.WriteMessage(websocket.TextMessage, hello); err != nil {
			t.Fatal(err)
		}
		ended := make(chan error, 1)
		go func() {
			for {
				if _, _, err := conn.ReadMessage(); err != nil { // answers pings meanwhile
					ended <- err
					return
				}
			}
		}()
		select {
		case err := <-ended:
			t.Error(err)
		case <-time.After(time.Hour):
		}
		conn.Close()
	})
}

func TestWhoSaysNoHelloIsSentAwayInTime(t *testing.T) {
	inSimulatedTime(t, func(t *testing.T, _ *fakeMedia, dial func() *websocket.Conn) {
		conn := dial()
		defer conn.Close()
		start := time.Now()
		for {
			if _, _, err := conn.ReadMessage(); err != nil {
				if !websocket.IsCloseError(err, int(protocol.CloseBadMessage)) {
					t.Errorf("closed with %v", err)
				}
				break
			}
		}
		if waited := time.Since(start); waited != DefaultLimitsConfig().HelloTimeout {
			t.Errorf("after %v", waited)
		}
	})
}

// enterAndListen has a client say hello, join and enter, hear what it is told from then on,
// and answer pings unless it is deaf.
func enterAndListen(t *testing.T, conn *websocket.Conn, name string, deaf bool) <-chan protocol.Message {
	t.Helper()
	if deaf {
		conn.SetPingHandler(func(string) error { return nil })
	}
	for _, m := range []protocol.Message{
		&protocol.Hello{ID: "1", V: 1, Room: "r", Name: name}, &protocol.Join{ID: "2", SDP: "offer"}, &protocol.Enter{ID: "3"},
	} {
		if err := conn.WriteMessage(websocket.TextMessage, protocol.Encode(m)); err != nil {
			t.Fatal(err)
		}
	}
	heard := make(chan protocol.Message, 1000)
	go func() {
		defer close(heard)
		for {
			_, data, err := conn.ReadMessage()
			if err != nil {
				return
			}
			if m, err := protocol.DecodeServer(data); err == nil {
				heard <- m
			}
		}
	}()
	return heard
}

// A connection is half open: nothing comes over it any more, and nobody says so.
func TestSilenceShowsAndEndsInTime(t *testing.T) {
	for name, flows := range map[string]bool{"media is silent too": false, "media flows": true} {
		t.Run(name, func(t *testing.T) { testSilenceShowsAndEndsInTime(t, flows) })
	}
}

func testSilenceShowsAndEndsInTime(t *testing.T, flows bool) {
	inSimulatedTime(t, func(t *testing.T, media *fakeMedia, dial func() *websocket.Conn) {
		watching, silent := dial(), dial()
		defer watching.Close()
		defer silent.Close()
		heard := enterAndListen(t, watching, "watcher", false)
		<-media.peers
		synctest.Wait() // the watcher is in
		deaf := enterAndListen(t, silent, "silent", true)
		peer, began := <-media.peers, time.Now()
		go func() { // until it is cut off
			for range deaf {
			}
		}()
		want := map[string]time.Duration{"in": 0, "gone": deadAfter + DefaultLimitsConfig().ResumeWindow}
		if flows {
			go func() {
				for open := true; open; {
					peer.speak()
					select {
					case <-peer.closed:
						open = false
					case <-time.After(time.Second):
					}
				}
			}()
		} else {
			want["reconnecting"] = silentAfter
		}
		at := map[string]time.Duration{}
		for at["gone"] == 0 {
			people, ok := (<-heard).(*protocol.People)
			if !ok {
				continue
			}
			for _, p := range append(people.Add, people.Set...) {
				if p.Name == "silent" {
					at[p.State] = time.Since(began).Round(time.Second)
				}
			}
			if len(people.Del) > 0 {
				at["gone"] = time.Since(began).Round(time.Second)
			}
		}
		if !maps.Equal(at, want) {
			t.Errorf("it was seen %v, want %v", at, want)
		}
	})
}
