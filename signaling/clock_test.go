package signaling

import (
	"log/slog"
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
func inSimulatedTime(t *testing.T, run func(t *testing.T, dial func() *websocket.Conn)) {
	synctest.Test(t, func(t *testing.T) {
		log := slog.New(slog.DiscardHandler)
		rooms := room.NewRooms(room.DefaultConfig(), func(sfu.Observer) room.Router { return deafRouter{} }, log)
		server, err := New(DefaultConfig(), rooms, newFakeMedia(), testPage, log)
		if err != nil {
			t.Fatal(err)
		}
		listener := &pipes{conns: make(chan net.Conn), done: make(chan struct{})}
		doors := &http.Server{Handler: server.publicHandler()}
		go doors.Serve(listener)
		run(t, func() *websocket.Conn {
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
	inSimulatedTime(t, func(t *testing.T, dial func() *websocket.Conn) {
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
	inSimulatedTime(t, func(t *testing.T, dial func() *websocket.Conn) {
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
	inSimulatedTime(t, func(t *testing.T, dial func() *websocket.Conn) {
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
