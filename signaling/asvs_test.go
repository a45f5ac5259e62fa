package signaling

import (
	"crypto/tls"
	"fmt"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/gorilla/websocket"

	"madang/signaling/protocol"
)

// OWASP ASVS 5.0, V4.4 and what of V17 is the signalling's; the rest of V17 is in sfu
// and sfu/relay.

// V17.2.7: a flood cannot spoil a recording, as there is none to be had: nobody may
// begin one, and no room says that it is recorded.
func TestASVS_V17_2_7_NothingIsRecorded(t *testing.T) {
	h := newHouse(t, withFakeMedia(newFakeMedia()))
	c := h.dial(t) // the first to come owns the room
	if welcome := c.inside(yard, "Mina", "offer"); welcome.Room.Recording {
		t.Error("the room says that it is recorded")
	}
	c.say(&protocol.Record{ID: "r", On: true})
	if e := hear[*protocol.Error](c); e.Re != "r" || e.Code != protocol.NotFound && e.Code != protocol.Forbidden {
		t.Errorf("asked to record: %+v", *e)
	}
	c.works()
}

// V17.3.1: while many flood the server, it hears others out.
func TestASVS_V17_3_1_SignallingGoesOnDuringAFlood(t *testing.T) {
	h := newHouse(t, withFakeMedia(newFakeMedia()))
	bystander := h.dial(t)
	bystander.inside(yard, "Mina", "offer")
	const flooders, each = 20, 3000
	done := make(chan int, flooders)
	for i := range flooders {
		c := h.dial(t)
		c.inside(yard, fmt.Sprint("Eve ", i), "offer")
		go func() {
			sent := 0
			for ; sent < each; sent++ {
				if c.conn.WriteMessage(websocket.TextMessage, []byte(`{"t":"publish","source":"mic","state":"live"}`)) != nil {
					break
				}
			}
			done <- sent
		}()
	}
	slowest, asked := time.Duration(0), 0
	sent := 0
	for left := flooders; left > 0; asked++ {
		began := time.Now()
		bystander.works()
		slowest = max(slowest, time.Since(began))
		select {
		case n := <-done:
			sent += n
			left--
		case <-time.After(time.Millisecond):
		}
	}
	t.Logf("%d flooded with %d messages; meanwhile another asked %d times and was answered within %v", flooders, sent, asked, slowest.Round(time.Microsecond))
	h.dial(t).inside(yard, "Yuna", "offer")
}

// V17.3.2: what is malformed costs its sender at most, and the server nothing.
func TestASVS_V17_3_2_MalformedSignallingIsSurvived(t *testing.T) {
	h := newHouse(t, withFakeMedia(newFakeMedia()))
	bystander := h.dial(t)
	bystander.inside(yard, "Mina", "offer")
	deep := strings.Repeat(`{"t":`, 10_000)
	for _, inside := range []bool{false, true} {
		for _, text := range []string{
			"", "\x00", "null", "[]", `""`, "1e999", deep, strings.Repeat("[", 60_000), `{"t":null}`, `{"t":{}}`, `{"t":"hello","v":1e400}`,
			`{"t":"hello","id":"1","v":1,"room":null,"name":7}`, `{"t":"join","sdp":{"type":"offer"}}`, `{"t":"join","id":"1","sdp":"v=0"}`,
			`{"t":"ice","candidate":"candidate:\u0000"}`, `{"t":"view","tiles":[{"w":-1,"h":1e18}]}`, `{"t":"view","tiles":{}}`,
			`{"t":"offer","id":"1","sdp":"` + strings.Repeat("m=audio\\r\\n", 5000) + `"}`, "{\"t\":\"\xff\xfe\"}", `{"t":"ping","ts":"now"}`,
			`{"t":"msg","cid":1,"text":[]}`, `{"t":"role","member":"` + strings.Repeat("x", 10_000) + `"}`, `{"t":"bye"`, `{"__proto__":{"t":"end"}}`,
		} {
			c := h.dial(t)
			if inside {
				c.inside(yard, "Eve", "offer")
			}
			c.raw(text)
			c.conn.Close()
			bystander.works()
		}
	}
	if n := h.panics(); n != 0 {
		t.Errorf("%d panics", n)
	}
}

// V4.4.1: with TLS, a WebSocket comes by it or not at all.
func TestASVS_V4_4_1_WebSocketsAreEncrypted(t *testing.T) {
	h := newHouse(t, withFakeMedia(newFakeMedia()), func(s *settings) {
		s.doors.TLS.Mode, s.doors.Server.RedirectListen = "self-signed", "127.0.0.1:0"
	})
	trusting := &tls.Config{InsecureSkipVerify: true} // of a test's own server
	dialer := websocket.Dialer{Subprotocols: []string{protocol.Subprotocol}, TLSClientConfig: trusting}
	conn, _, err := dialer.Dial("wss://"+h.Addr().String()+"/ws", nil)
	if err != nil {
		t.Fatal(err)
	}
	conn.Close()
	for _, address := range []string{h.Addr().String(), h.RedirectAddr().String()} {
		if conn, response, err := dialer.Dial("ws://"+address+"/ws", nil); err == nil {
			conn.Close()
			t.Errorf("%s takes a WebSocket in the clear", address)
		} else if response != nil && response.StatusCode == http.StatusSwitchingProtocols {
			t.Errorf("%s switches in the clear", address)
		}
	}
}

// V4.4.2: a page of another origin opens no WebSocket, unless it is named.
func TestASVS_V4_4_2_OriginsAreChecked(t *testing.T) {
	h := newHouse(t, withFakeMedia(newFakeMedia()), func(s *settings) { s.doors.Server.AllowedOrigins = []string{"https://app.example.com"} })
	for origin, want := range map[string]bool{
		"http://" + h.Addr().String(): true, "https://app.example.com": true,
		"https://evil.example": false, "null": false, "https://app.example.com.evil.example": false, "http://app.example.com": false,
		"https://evil.example/https://app.example.com": false, "file://": false, "http://127.0.0.1": false,
	} {
		conn, response, err := h.dialWith(http.Header{"Origin": {origin}}, protocol.Subprotocol)
		if err == nil {
			conn.Close()
		}
		if (err == nil) != want || !want && response.StatusCode != http.StatusForbidden {
			t.Errorf("a page of %s may come: %t", origin, err == nil)
		}
	}
}

// V4.4.3: a session of a WebSocket has a token of its own, that nobody can guess, that
// stands in no address and no cookie, and that is told to nobody else.
func TestASVS_V4_4_3_SessionsHaveTokensOfTheirOwn(t *testing.T) {
	h := newHouse(t, withFakeMedia(newFakeMedia()), func(s *settings) { s.doors.Limits.ResumeWindow = time.Minute })
	mina, yuna := h.dial(t), h.dial(t)
	one := mina.inLobby(yard, "Mina")
	another := yuna.inLobby(yard, "Yuna")
	if one.Session == another.Session || len(one.Session) < 26 || one.Session == one.You { // of 32 letters each: 130 bits
		t.Errorf("sessions %q and %q", one.Session, another.Session)
	}
	for _, path := range []string{"/", "/r/" + yard, "/api/rooms/" + yard, "/ws"} {
		if response, _ := get(t, "http://"+h.Addr().String()+path, nil); len(response.Header.Values("Set-Cookie")) > 0 {
			t.Errorf("%s sets a cookie", path)
		}
	}
	for _, guess := range []string{"", one.You, strings.ToLower(one.Session), one.Session[:len(one.Session)-1], one.Session + "A"} {
		c := h.dial(t)
		c.say(&protocol.Hello{ID: "1", V: protocol.Version, Room: yard, Name: "Eve", Resume: &protocol.Resume{Session: guess}})
		c.hearError(protocol.NotFound)
	}
	c := h.dial(t)
	c.say(&protocol.Hello{ID: "1", V: protocol.Version, Room: yard, Name: "Mina", Resume: &protocol.Resume{Session: one.Session}})
	if back := hear[*protocol.Lobby](c); back.You != one.You {
		t.Errorf("the session came back as %q, was %q", back.You, one.You)
	}
}

// V4.4.4: what lets somebody in is checked on the encrypted connection itself, in its
// first message; what stands in the address, a cookie or a header lets nobody in, and
// nothing is heard before.
func TestASVS_V4_4_4_NothingIsHeardBeforeTheTokenIsChecked(t *testing.T) {
	h := newHouse(t, withFakeMedia(newFakeMedia()), withTokens)
	good := tokenFor(t)
	for name, header := range map[string]http.Header{
		"a cookie": {"Cookie": {"token=" + good}}, "a header": {"Authorization": {"Bearer " + good}},
		"a subprotocol": {"X-Token": {good}},
	} {
		dialer := websocket.Dialer{Subprotocols: []string{protocol.Subprotocol}}
		conn, _, err := dialer.Dial("ws://"+h.Addr().String()+"/ws?token="+good, header)
		if err != nil {
			t.Fatal(name, err)
		}
		hello := protocol.Encode(&protocol.Hello{ID: "1", V: protocol.Version, Room: "r", Name: "Eve"})
		if err := conn.WriteMessage(websocket.TextMessage, hello); err != nil {
			t.Fatal(name, err)
		}
		if _, answer, err := conn.ReadMessage(); err != nil || !strings.Contains(string(answer), string(protocol.Unauthorized)) {
			t.Errorf("%s: answered %s, %v", name, answer, err)
		}
		conn.Close()
	}
	c := h.dial(t)
	for _, early := range []protocol.Message{&protocol.Join{ID: "1", SDP: "offer"}, &protocol.Enter{ID: "2"}, &protocol.ChatMsg{CID: "3", Text: "hi"}} {
		c.say(early)
		c.hearError(protocol.Unauthorized)
	}
	c.enters(good)
}
