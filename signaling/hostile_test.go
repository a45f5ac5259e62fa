package signaling

import (
	"fmt"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/gorilla/websocket"

	"madang/room"
	"madang/signaling/protocol"
)

// The rooms of the hostile house.
const (
	yard   = "yard"   // open
	narrow = "narrow" // for one
	closed = "closed" // with a password
)

// hostility is one bad guest: what it does, and how it learns that this is bad.
type hostility struct {
	name string
	do   func(t *testing.T, h *house, offer string)
}

func TestHostileInput(t *testing.T) {
	h := newHouse(t, func(s *settings) {
		s.rooms.Rooms.Overrides = []room.Override{
			{Name: narrow, Policy: room.Policy{MaxMembers: 1}},
			{Name: closed, Policy: room.Policy{Password: "open sesame"}},
		}
	})
	bystander := h.newMember(t, yard, "Bystander")
	offer := offerOf(t)
	for _, cases := range [][]hostility{hostileFrames, hostileOrder, hostileOffers, hostileFloods, hostileGuests} {
		for _, c := range cases {
			t.Run(c.name, func(t *testing.T) {
				c.do(t, h, offer)
				bystander.t = t
				bystander.undisturbed()
			})
		}
	}
	bystander.t = t
}

var hostileFrames = []hostility{
	{"malformed JSON", func(t *testing.T, h *house, _ string) {
		for _, text := range []string{`{"t":"hel`, `[]`, `7`, ``, `{"t":"bye"} {}`, strings.Repeat(`{"a":`, 100)} {
			c := h.dial(t)
			c.inLobby(yard, "Eve")
			c.raw(text)
			c.hearError(protocol.BadMessage)
			c.hearClose(protocol.CloseBadMessage)
		}
	}},
	{"unknown type", func(t *testing.T, h *house, _ string) {
		c := h.dial(t)
		c.inLobby(yard, "Eve")
		c.raw(`{"t":"dance","id":"7"}`)
		if e := c.hearError(protocol.BadMessage); e.Re != "7" {
			t.Errorf("the error answers %q, want 7", e.Re)
		}
		c.raw(`{"t":"dance"}`) // ignored
		c.works()
	}},
	{"field of the wrong type", func(t *testing.T, h *house, _ string) {
		c := h.dial(t)
		c.raw(`{"t":"hello","id":"1","v":"one"}`)
		c.hearError(protocol.BadMessage)
		c.works()
	}},
	{"invalid UTF-8", func(t *testing.T, h *house, _ string) {
		c := h.dial(t)
		c.inLobby(yard, "Eve")
		c.raw("{\"t\":\"ping\",\"x\":\"\xc3\x28\"}")
		c.hearError(protocol.BadMessage)
		c.hearClose(protocol.CloseBadMessage)
	}},
	{"binary frame", func(t *testing.T, h *house, offer string) {
		c := h.dial(t)
		c.inLobby(yard, "Eve")
		c.conn.WriteMessage(websocket.BinaryMessage, []byte(`{"t":"ping"}`))
		c.hearError(protocol.BadMessage)
		c.hearClose(protocol.CloseBadMessage)

		m := h.newMember(t, yard, "Eve")
		m.chat.Send([]byte(`{"t":"typing"}`))
		if e := hearChat[*protocol.Error](m); e.Code != protocol.BadMessage {
			t.Errorf("a binary message of the chat channel: %+v", *e)
		}
		m.undisturbed()
	}},
	{"too big", func(t *testing.T, h *house, _ string) {
		for _, size := range []int{protocol.MaxMessage + 1, protocol.MaxSDP + 1, 8 << 20} {
			c := h.dial(t)
			c.inLobby(yard, "Eve")
			c.raw(`{"t":"ping","x":"` + strings.Repeat("x", size) + `"}`)
			c.hearError(protocol.TooBig)
			c.hearClose(protocol.CloseBadMessage)
		}
	}},
	{"100 KiB chat text", func(t *testing.T, h *house, offer string) {
		line := &protocol.ChatMsg{CID: "big", Text: strings.Repeat("x", 100<<10)}
		c := h.dial(t)
		c.inside(yard, "Eve", offer)
		c.say(line)
		if e := c.hearError(protocol.TooBig); e.CID != "big" {
			t.Errorf("the error is about %q, want big", e.CID)
		}
		c.hearClose(protocol.CloseBadMessage)

		m := h.newMember(t, yard, "Eve")
		line.Text = line.Text[:20<<10]
		m.write(line)
		if e := hearChat[*protocol.Error](m); e.Code != protocol.TooBig || e.CID != "big" {
			t.Errorf("20 KiB by the chat channel: %+v", *e)
		}
		line.Text = line.Text[:protocol.MaxText+1]
		m.write(line)
		if e := hearChat[*protocol.Error](m); e.Code != protocol.TooBig || e.CID != "big" {
			t.Errorf("4,097 bytes by the chat channel: %+v", *e)
		}
		m.undisturbed()
	}},
}

var hostileOrder = []hostility{
	{"no hello", func(t *testing.T, h *house, offer string) {
		c := h.dial(t)
		c.say(&protocol.Join{ID: "1", SDP: offer})
		c.hearError(protocol.Unauthorized)
		c.say(&protocol.ChatMsg{CID: "c", Text: "let me in"})
		c.hearError(protocol.Unauthorized)
	}},
	{"joining twice", func(t *testing.T, h *house, offer string) {
		c := h.dial(t)
		c.inside(yard, "Eve", offer)
		c.say(&protocol.Join{ID: "again", SDP: offer})
		if e := c.hearError(protocol.Conflict); e.Re != "again" {
			t.Errorf("the error answers %q, want again", e.Re)
		}
		c.say(&protocol.Hello{ID: "again", V: 1, Room: yard, Name: "Eve"})
		c.hearError(protocol.Conflict)
		c.say(&protocol.Enter{ID: "again"})
		c.hearError(protocol.Conflict)
		c.works()
	}},
	{"entering before joining", func(t *testing.T, h *house, offer string) {
		c := h.dial(t)
		c.inLobby(yard, "Eve")
		for _, m := range []protocol.Message{
			&protocol.Enter{ID: "1"}, &protocol.Offer{ID: "1", SDP: offer}, &protocol.Ready{Re: "1"},
			&protocol.ICE{Candidate: "candidate:1 1 udp 1 192.0.2.7 5 typ host"},
			&protocol.Publish{Source: protocol.Mic, State: protocol.Live}, &protocol.View{},
			&protocol.ChatMsg{CID: "1", Text: "hi"}, &protocol.Since{},
		} {
			c.say(m)
			c.hearError(protocol.Conflict)
		}
	}},
	{"a source without a line", func(t *testing.T, h *house, offer string) {
		c := h.dial(t)
		c.inside(yard, "Eve", offer)
		c.say(&protocol.Publish{ID: "p", Source: protocol.Mic, State: protocol.Live})
		if e := c.hearError(protocol.NotFound); e.Re != "p" {
			t.Errorf("the error answers %q, want p", e.Re)
		}
	}},
	{"moderation by nobody", func(t *testing.T, h *house, offer string) {
		c := h.dial(t)
		c.inside(yard, "Eve", offer)
		for _, m := range []protocol.Message{
			&protocol.Kick{ID: "k", Member: "x"}, &protocol.Record{ID: "r", On: true}, &protocol.End{ID: "e"},
			&protocol.Mute{ID: "m", Source: protocol.Mic, Hold: true}, &protocol.Admit{ID: "a"}, &protocol.Clear{ID: "c"},
		} {
			c.say(m)
			if e := c.hearError(protocol.Forbidden); e.Re != requestID(m) {
				t.Errorf("%s is answered as %q", m.Type(), e.Re)
			}
		}
	}},
}

var hostileOffers = []hostility{
	{"1000 m-lines", func(t *testing.T, h *house, offer string) {
		c := h.dial(t)
		c.inLobby(yard, "Eve")
		var sdp strings.Builder
		sdp.WriteString(offer)
		for i := range 1000 {
			fmt.Fprintf(&sdp, "m=audio 9 UDP/TLS/RTP/SAVPF 111\r\nc=IN IP4 0.0.0.0\r\na=mid:x%d\r\na=recvonly\r\na=rtcp-mux\r\n", i)
		}
		start := time.Now()
		c.say(&protocol.Join{ID: "1", SDP: sdp.String()})
		c.hearError(protocol.TooBig)
		if took := time.Since(start); took > time.Second { // Pion would take 2 s of CPU
			t.Errorf("refusing took %v", took)
		}
		c.say(&protocol.Join{ID: "2", SDP: offer})
		hear[*protocol.Joined](c)
	}},
	{"10000 candidates", func(t *testing.T, h *house, offer string) {
		candidate := func(i int) string {
			return fmt.Sprintf("candidate:%d 1 udp 1 192.0.2.%d %d typ host", i, i%250+1, i%60000+1)
		}
		var lines strings.Builder
		for i := range 10000 {
			lines.WriteString("a=" + candidate(i) + "\r\n")
		}
		c := h.dial(t)
		c.inLobby(yard, "Eve")
		c.say(&protocol.Join{ID: "1", SDP: offer + lines.String()})
		c.hearError(protocol.TooBig)
		c.hearClose(protocol.CloseBadMessage)

		c = h.dial(t)
		c.inLobby(yard, "Eve")
		c.say(&protocol.Join{ID: "1", SDP: offer + lines.String()[:100<<10]})
		c.hearError(protocol.TooBig)

		c.say(&protocol.Join{ID: "2", SDP: offer})
		hear[*protocol.Joined](c)
		for i := range 10000 { // and by trickle
			c.say(&protocol.ICE{Candidate: candidate(i)})
		}
		c.hearClose(protocol.CloseTooFast)
	}},
	{"half an offer", func(t *testing.T, h *house, offer string) {
		c := h.dial(t)
		c.inLobby(yard, "Eve")
		for _, sdp := range []string{offer[:len(offer)/2], "v=0", "\x00\x01", offer[:100]} {
			c.say(&protocol.Join{ID: "1", SDP: sdp})
			if e := c.hearError(protocol.BadSDP); e.Re != "1" {
				t.Errorf("the error answers %q, want 1", e.Re)
			}
		}
		c.say(&protocol.Join{ID: "2", SDP: offer})
		hear[*protocol.Joined](c)
	}},
	{"a mid that is a key", func(t *testing.T, h *house, offer string) {
		c := h.dial(t)
		c.inLobby(yard, "Eve")
		c.say(&protocol.Join{ID: "1", SDP: strings.Replace(offer, "a=mid:0", "a=mid:seq", 1)})
		c.hearError(protocol.BadSDP)
	}},
	{"a flood of offers", func(t *testing.T, h *house, offer string) {
		c := h.dial(t)
		c.inLobby(yard, "Eve")
		for range offersBurst {
			c.say(&protocol.Join{ID: "1", SDP: "v=0"})
			c.hearError(protocol.BadSDP)
		}
		c.say(&protocol.Join{ID: "1", SDP: "v=0"})
		if e := c.hearError(protocol.TooFast); e.RetryMS == 0 {
			t.Error("too_fast without retry_ms")
		}
	}},
}

var hostileFloods = []hostility{
	{"message flood", func(t *testing.T, h *house, offer string) {
		c := h.dial(t)
		c.inside(yard, "Eve", offer)
		for range 5000 {
			c.raw(`{"t":"publish","source":"mic","state":"live"}`)
		}
		for hear[protocol.Message](c).Type() != "error" {
		}
		c.hearClose(protocol.CloseTooFast)
	}},
	{"chat flood", func(t *testing.T, h *house, offer string) {
		m := h.newMember(t, yard, "Eve")
		for i := range 30 {
			m.write(&protocol.ChatMsg{CID: fmt.Sprint(i), Text: "spam"})
		}
		if e := hearChat[*protocol.Error](m); e.Code != protocol.TooFast || e.CID == "" || e.RetryMS == 0 {
			t.Errorf("a flood of lines: %+v", *e)
		}
		for i := range 5000 {
			m.write(&protocol.ChatMsg{CID: fmt.Sprint(i), Text: "spam"})
		}
		m.hearClose(protocol.CloseTooFast)
	}},
}

var hostileGuests = []hostility{
	{"foreign Origin", func(t *testing.T, h *house, _ string) {
		for _, origin := range []string{"https://evil.example", "null", "http://" + h.Addr().String() + ".evil.example"} {
			conn, response, err := h.dialWith(http.Header{"Origin": {origin}}, protocol.Subprotocol)
			if err == nil {
				conn.Close()
				t.Fatalf("a page of %s may come in", origin)
			}
			if response == nil || response.StatusCode != http.StatusForbidden {
				t.Errorf("a page of %s: %v, %v", origin, response, err)
			}
		}
	}},
	{"no subprotocol", func(t *testing.T, h *house, _ string) {
		for _, subprotocols := range [][]string{nil, {"chat"}, {"madang.v2"}} {
			conn, response, err := h.dialWith(http.Header{}, subprotocols...)
			if err == nil {
				conn.Close()
				t.Fatalf("subprotocols %q may come in", subprotocols)
			}
			if response == nil || response.StatusCode != http.StatusBadRequest {
				t.Errorf("subprotocols %q: %v, %v", subprotocols, response, err)
			}
		}
	}},
	{"full room", func(t *testing.T, h *house, offer string) {
		h.dial(t).inside(narrow, "First", offer)
		c := h.dial(t)
		c.inLobby(narrow, "Second")
		c.say(&protocol.Join{ID: "1", SDP: offer})
		hear[*protocol.Joined](c)
		c.say(&protocol.Enter{ID: "2"})
		if e := c.hearError(protocol.RoomFull); e.Re != "2" {
			t.Errorf("the error answers %q, want 2", e.Re)
		}
		c.works()
	}},
	{"wrong password", func(t *testing.T, h *house, _ string) {
		for _, password := range []string{"", "open", "open sesame "} {
			c := h.dial(t)
			c.say(&protocol.Hello{ID: "1", V: 1, Room: closed, Name: "Eve", Password: password})
			c.hearError(protocol.Unauthorized)
			c.hearClose(protocol.CloseUnauthorized)
		}
		c := h.dial(t)
		c.say(&protocol.Hello{ID: "1", V: 1, Room: closed, Name: "Eve", Password: "open sesame"})
		hear[*protocol.Lobby](c)
	}},
	{"a name that no room can have", func(t *testing.T, h *house, _ string) {
		c := h.dial(t)
		for _, name := range []string{"../x", "a/b", "a\x00b", "..", strings.Repeat("x", 65)} {
			c.say(&protocol.Hello{ID: "1", V: 1, Room: name, Name: "Eve"})
			c.hearError(protocol.NotFound)
		}
		c.inLobby(yard, "Eve")
	}},
	{"password guessing", func(t *testing.T, h *house, _ string) {
		guess := &protocol.Hello{ID: "1", V: 1, Room: closed, Name: "Eve", Password: "guess"}
		for range 2 * DefaultLimitsConfig().PasswordsPerMinute {
			c := h.dial(t)
			c.say(guess)
			if e := hear[*protocol.Error](c); e.Code == protocol.TooFast {
				c.hearClose(protocol.CloseTooFast)
				return
			}
		}
		t.Error("guessing passwords was never too fast")
	}},
}
