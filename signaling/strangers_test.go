package signaling

import (
	"bufio"
	"crypto/tls"
	"fmt"
	"io"
	"net"
	"net/http"
	"runtime"
	"strings"
	"testing"
	"time"

	"github.com/gorilla/websocket"

	"madang/signaling/protocol"
)

// reach opens a connection to the public listener from one of this machine's addresses.
func (h *house) reach(t *testing.T, from string) net.Conn {
	t.Helper()
	dialer := net.Dialer{LocalAddr: &net.TCPAddr{IP: net.ParseIP(from)}, Timeout: patience}
	conn, err := dialer.Dial("tcp", h.Addr().String())
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { conn.Close() })
	return conn
}

// upgrade makes a WebSocket of a connection, without a word; an error says why not.
func (h *house) upgrade(conn net.Conn) error {
	_ = conn.SetDeadline(time.Now().Add(patience))
	fmt.Fprintf(conn, "GET /ws HTTP/1.1\r\nHost: %s\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n"+
		"Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: AAAAAAAAAAAAAAAAAAAAAA==\r\nSec-WebSocket-Protocol: %s\r\n\r\n", h.Addr(), protocol.Subprotocol)
	response, err := http.ReadResponse(bufio.NewReader(conn), nil)
	if err == nil && response.StatusCode != http.StatusSwitchingProtocols {
		err = fmt.Errorf("answered %s", response.Status)
	}
	return err
}

// ended waits for the server to close a connection.
func ended(conn net.Conn) bool {
	_ = conn.SetReadDeadline(time.Now().Add(patience))
	_, err := io.Copy(io.Discard, conn)
	return err == nil || !strings.Contains(err.Error(), "timeout")
}

// heap is what lives on it, in bytes.
func heap() int64 {
	runtime.GC()
	var m runtime.MemStats
	runtime.ReadMemStats(&m)
	return int64(m.HeapAlloc + m.StackInuse)
}

func TestAThousandWebSocketsThatSayNothingKeepNobodyOut(t *testing.T) {
	const silent = 1000
	h := newHouse(t, withFakeMedia(newFakeMedia()), func(s *settings) { s.doors.Limits.HelloTimeout = 3 * time.Second })
	bystander := h.dial(t)
	bystander.inside("yard", "Mina", "offer")
	before, began := heap(), time.Now()
	var conns []net.Conn
	refused := 0
	for range silent {
		conn := h.reach(t, "127.0.0.7")
		if err := h.upgrade(conn); err != nil {
			refused++
		}
		conns = append(conns, conn)
	}
	t.Logf("%d WebSockets from one address in %v, %d refused, %d KiB each", silent, time.Since(began).Round(time.Millisecond),
		refused, (heap()-before)>>10/silent)
	bystander.works()
	asked := time.Now()
	h.dial(t).inside("yard", "Yuna", "offer")
	t.Logf("meanwhile somebody came in within %v", time.Since(asked).Round(time.Millisecond))
	for _, conn := range conns {
		if !ended(conn) {
			t.Fatalf("one is open after %v", time.Since(began))
		}
	}
	t.Logf("all were closed after %v", time.Since(began).Round(time.Millisecond))
	bystander.works()
}

func TestStrangersAreBoundedBeforeAnythingIsRead(t *testing.T) {
	h := newHouse(t, withFakeMedia(newFakeMedia()), func(s *settings) {
		s.doors.Limits.StrangersPerIP, s.doors.Limits.Strangers = 20, 30
	})
	member := h.dial(t)
	member.inLobby("yard", "Mina")
	eventually(t, "a known one", func() bool { return h.strangers.count() == 0 })
	turned := 0
	for _, tt := range []struct {
		from    string
		n, kept int // of all so far
	}{{"127.0.0.7", 25, 20}, {"127.0.0.8", 15, 30}, {"127.0.0.9", 2, 30}} {
		open := tt.n + h.strangers.count()
		for range tt.n {
			h.reach(t, tt.from)
		}
		eventually(t, fmt.Sprintf("%d strangers", tt.kept), func() bool {
			_, shown := get(t, "http://"+h.AdminAddr().String()+"/metrics", nil)
			return h.strangers.count() == tt.kept && strings.Contains(shown, fmt.Sprintf("madang_connections_refused_total %d\n", turned+open-tt.kept))
		})
		turned += open - tt.kept
	}
	member.works()
}

func TestProxiesAreNoStrangers(t *testing.T) {
	h := newHouse(t, withFakeMedia(newFakeMedia()), func(s *settings) {
		s.doors.Server.TrustedProxies = []string{"127.0.0.7"}
		s.doors.Limits.StrangersPerIP, s.doors.Limits.ConnectionsPerIP = 2, 1
	})
	come := func(behind string) error {
		dialer := websocket.Dialer{Subprotocols: []string{protocol.Subprotocol}, NetDial: func(string, string) (net.Conn, error) { return h.reach(t, "127.0.0.7"), nil }}
		conn, _, err := dialer.Dial("ws://"+h.Addr().String()+"/ws", http.Header{"X-Forwarded-For": {behind}})
		if err == nil {
			t.Cleanup(func() { conn.Close() })
		}
		return err
	}
	for i := range 5 {
		if err := come(fmt.Sprintf("203.0.113.%d", i)); err != nil {
			t.Errorf("client %d of a proxy: %v", i, err)
		}
	}
	if come("203.0.113.1") == nil {
		t.Error("a second connection of one client of a proxy")
	}
}

func TestWhoSendsHeadersSlowlyIsClosed(t *testing.T) {
	for _, encrypted := range []bool{false, true} {
		t.Run(fmt.Sprintf("encrypted %t", encrypted), func(t *testing.T) {
			h := newHouse(t, withFakeMedia(newFakeMedia()), func(s *settings) {
				if encrypted {
					s.doors.TLS.Mode = "self-signed"
				}
			})
			const slow = 200
			began := time.Now()
			var conns []net.Conn
			for i := range slow {
				conn := h.reach(t, "127.0.0.7")
				switch {
				case encrypted && i%2 == 0: // half a ClientHello
					_, _ = conn.Write([]byte{22, 3, 1, 2, 0, 1, 0, 1, 252, 3, 3})
				case encrypted:
					secure := tls.Client(conn, &tls.Config{InsecureSkipVerify: true}) // of a test's own server
					_, _ = io.WriteString(secure, "GET / HTTP/1.1\r\nX-Slow: ")
				default:
					_, _ = io.WriteString(conn, "GET / HTTP/1.1\r\nX-Slow: ")
				}
				conns = append(conns, conn)
			}
			stop := make(chan struct{})
			dripped := make(chan struct{})
			go func() {
				defer close(dripped)
				for {
					select {
					case <-stop:
						return
					case <-time.After(200 * time.Millisecond):
					}
					for _, conn := range conns {
						_, _ = conn.Write([]byte{'x'})
					}
				}
			}()
			if response, _ := get(t, h.URL()+"/healthz", nil); response.StatusCode != http.StatusOK {
				t.Errorf("others are answered %d", response.StatusCode)
			}
			for _, conn := range conns {
				if !ended(conn) {
					t.Fatalf("one is open after %v", time.Since(began))
				}
			}
			close(stop)
			<-dripped
			t.Logf("%d slow connections were closed within %v", slow, time.Since(began).Round(time.Millisecond))
		})
	}
}

func TestAConnectionIsReadNoFasterThanItMay(t *testing.T) {
	const perSecond, chunk = 100_000, 4096
	s := newStranger(nil, perSecond, func() {})
	began := s.at
	now, read := began, 0
	for now.Sub(began) < 20*time.Second {
		now = now.Add(s.ahead(now)) // as a Read waits that finds all that it asks for
		s.left -= chunk
		read += chunk
	}
	if most := (readBurst + 20) * perSecond; read > most+2*chunk || read < most-2*chunk {
		t.Errorf("%d bytes were read in 20 s, want %d", read, most)
	}
	now = now.Add(time.Hour)
	if ahead := s.ahead(now); ahead != 0 || s.left != readBurst*perSecond {
		t.Errorf("after a rest it waits %v, and may read %v bytes", ahead, s.left)
	}
}

func TestPingsAreAnsweredInMeasure(t *testing.T) {
	h := newHouse(t, withFakeMedia(newFakeMedia()))
	conn, _, err := h.dialWith(nil, protocol.Subprotocol)
	if err != nil {
		t.Fatal(err)
	}
	defer conn.Close()
	pongs := 0
	conn.SetPongHandler(func(string) error { pongs++; return nil })
	const sent = 2000
	for range sent {
		if err := conn.WriteControl(websocket.PingMessage, []byte("x"), time.Now().Add(patience)); err != nil {
			t.Fatal(err)
		}
	}
	if err := conn.WriteMessage(websocket.TextMessage, protocol.Encode(&protocol.Ping{TS: 1})); err != nil {
		t.Fatal(err)
	}
	if _, _, err := conn.ReadMessage(); err != nil {
		t.Fatal(err)
	}
	if pongs == 0 || pongs > sent/10 {
		t.Errorf("%d of %d pings were answered", pongs, sent)
	}
}

func TestJoinsOfAnAddressAndOfAnIdentityAreBounded(t *testing.T) {
	h := newHouse(t, withFakeMedia(newFakeMedia()), func(s *settings) { s.doors.Limits.JoinsPerMinute, s.doors.Limits.JoinsPerIdentity = 3, 2 })
	for range 3 {
		h.dial(t).inLobby("yard", "Mina")
	}
	c := h.dial(t)
	c.say(&protocol.Hello{ID: "hello", V: protocol.Version, Room: "yard", Name: "Mina"})
	if e := c.hearError(protocol.TooFast); e.RetryMS == 0 {
		t.Error("too_fast without retry_ms")
	}
	now, from := time.Now(), household(addressIn("192.0.2.1"))
	for i, identity := range []string{"mina", "mina", "mina"} {
		if err := h.mayJoin(from, identity, now); (err != nil) != (i == 2) {
			t.Errorf("visit %d of an identity: %v", i, err)
		}
		from = household(from.Addr().Next())
	}
	if err := h.mayJoin(from, "yuna", now); err != nil {
		t.Errorf("another identity: %v", err)
	}
}
