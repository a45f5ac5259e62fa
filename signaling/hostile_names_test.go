package signaling

import (
	"fmt"
	"net/http"
	"slices"
	"strings"
	"testing"
	"time"
	"unicode/utf8"

	"madang/room"
	"madang/signaling/protocol"
)

func TestRoomNamesOfAllKinds(t *testing.T) {
	h := newHouse(t, withFakeMedia(newFakeMedia()))
	for name, tt := range map[string]struct {
		path string // as it stands in an address
		good bool
	}{
		"../x":                          {"..%2Fx", false},
		"..":                            {"%2e%2e", false},
		`..\x`:                          {"..%5Cx", false},
		">":                             {"%3E", true},
		"<script>alert(1)</script>":     {"%3Cscript%3Ealert(1)%3C%2Fscript%3E", false}, // for its slash
		`"><img src=x onerror=alert()>`: {"%22%3E%3Cimg%20src=x%20onerror=alert()%3E", true},
		"a\x00":                         {"a%00", false},
		"a\r\nSet-Cookie: x=y":          {"a%0D%0ASet-Cookie:%20x=y", false},
		"🏡🌳":                            {"%F0%9F%8F%A1%F0%9F%8C%B3", true},
		"\xff":                          {"%FF", false},
		strings.Repeat("x", 10<<10):     {strings.Repeat("x", 10<<10), false},
	} {
		status := map[bool]int{true: http.StatusOK, false: http.StatusNotFound}[tt.good]
		for _, at := range []string{"/r/", "/api/rooms/"} {
			response, body := get(t, "http://"+h.Addr().String()+at+tt.path, nil)
			redirected := response.StatusCode >= 300 && response.StatusCode < 400 && !tt.good && strings.Contains(tt.path, "%2e")
			if response.StatusCode != status && !redirected || response.Header.Get("Set-Cookie") != "" {
				t.Errorf("%s%.40q: %d, want %d", at, name, response.StatusCode, status)
			}
			if len(name) > 1 && strings.Contains(body, name) && name != ".." {
				t.Errorf("%s%.40q: the answer repeats the name: %.100q", at, name, body)
			}
		}
		if !utf8.ValidString(name) {
			continue // it cannot be said over the WebSocket
		}
		c := h.dial(t)
		c.say(&protocol.Hello{ID: "1", V: protocol.Version, Room: name, Name: "Eve"})
		switch m := c.next().(type) {
		case *protocol.Lobby:
			if !tt.good {
				t.Errorf("%.40q is a room's name", name)
			}
		case *protocol.Error:
			if tt.good {
				t.Errorf("%.40q: %+v", name, *m)
			}
		}
	}
}

// next is the next message, whatever it is; nil: the connection ended.
func (c *caller) next() protocol.Message {
	select {
	case m := <-c.heard:
		return m
	case <-time.After(patience):
		c.t.Fatal("nothing came")
		return nil
	}
}

// Whether there is a room cannot be told by the text of an answer, nor by its time:
// medians of many askings in turn are compared.
func TestRoomsCannotBeFoundByAsking(t *testing.T) {
	h := newHouse(t, withFakeMedia(newFakeMedia()), func(s *settings) {
		s.doors.Limits.PasswordsPerMinute, s.doors.Limits.RoomPasswordsPerMinute = 100_000, 100_000
		s.rooms.Rooms.Overrides = []room.Override{{Name: "secret-*", Policy: room.Policy{Password: "open sesame"}}}
	})
	for i := range 20 { // it takes more to describe than none
		c := h.dial(t)
		c.say(&protocol.Hello{ID: "hello", V: 1, Room: "secret-full", Name: fmt.Sprint(i), Password: "open sesame"})
		hear[*protocol.Lobby](c)
		c.say(&protocol.Join{ID: "join", SDP: "offer"})
		hear[*protocol.Joined](c)
		c.say(&protocol.Enter{ID: "enter"})
		hear[*protocol.Welcome](c)
	}
	for name, ask := range map[string]func(roomName string) string{
		"what it needs": func(roomName string) string {
			response, body := get(t, "http://"+h.Addr().String()+"/api/rooms/"+roomName, nil)
			response.Header.Del("Date")
			return fmt.Sprint(response.StatusCode, response.Header, body)
		},
		"with a wrong password": func(roomName string) string {
			c := h.dial(t)
			c.say(&protocol.Hello{ID: "1", V: 1, Room: roomName, Name: "Eve", Password: "guess"})
			told := hear[*protocol.Error](c)
			c.conn.Close()
			return fmt.Sprint(*told)
		},
	} {
		var took [2][]time.Duration
		var told [2]string
		for range 150 {
			for i, roomName := range []string{"secret-full", "secret-none"} {
				began := time.Now()
				told[i] = ask(roomName)
				took[i] = append(took[i], time.Since(began))
			}
		}
		slices.Sort(took[0])
		slices.Sort(took[1])
		full, none := took[0][75], took[1][75]
		t.Logf("%s: the median answer took %v of a room with 20 people, and %v of none", name, full, none)
		if told[0] != told[1] {
			t.Errorf("%s: told %s, and %s of none", name, told[0], told[1])
		}
		if gap := (full - none).Abs(); gap > max(full, none)/3+200*time.Microsecond {
			t.Errorf("%s: answers differ by %v", name, gap)
		}
	}
}
