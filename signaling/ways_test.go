package signaling

import (
	"strings"
	"testing"
	"time"

	"github.com/gorilla/websocket"
	"github.com/pion/webrtc/v4"

	"madang/room"
	"madang/signaling/protocol"
)

// withPasswords has every room ask for a password.
func withPasswords(s *settings) { s.rooms.Rooms.Password = "open sesame" }

// tests says hello as somebody who only tests the ways here.
func (c *caller) tests() *protocol.Lobby {
	c.t.Helper()
	c.say(&protocol.Hello{ID: "hello", V: protocol.Version, Test: true})
	return hear[*protocol.Lobby](c)
}

func TestATestNeedsNoPasswordAndEntersNoRoom(t *testing.T) {
	media := newFakeMedia()
	h := newHouse(t, withFakeMedia(media), withPasswords)
	c := h.dial(t)
	lobby := c.tests()
	c.say(&protocol.Join{ID: "join", SDP: "offer"})
	hear[*protocol.Joined](c)
	c.say(&protocol.Enter{ID: "enter"})
	if e := c.hearError(protocol.Forbidden); e.Re != "enter" {
		t.Errorf("the error answers %q", e.Re)
	}
	c.say(&protocol.Publish{ID: "publish", Source: protocol.Mic, State: protocol.Live})
	c.hearError(protocol.Conflict)
	c.works()
	again := h.dial(t)
	again.say(&protocol.Hello{ID: "1", V: 1, Room: "r", Name: "Eve", Resume: &protocol.Resume{Session: lobby.Session}})
	again.hearError(protocol.NotFound)
}

func TestTestsAreSpreadOverTheMediaPorts(t *testing.T) {
	media := newFakeMedia()
	h := newHouse(t, withFakeMedia(media))
	placements := map[string]bool{}
	for range 3 {
		c := h.dial(t)
		c.tests()
		c.say(&protocol.Join{ID: "join", SDP: "offer"})
		hear[*protocol.Joined](c)
		placements[(<-media.peers).placement] = true
	}
	if len(placements) != 3 {
		t.Errorf("three tests are placed by %v", placements)
	}
}

func TestATestHearsOfRelaysOfOthersWhereRoomsAreOpen(t *testing.T) {
	others := func(s *settings) {
		s.doors.TURN.External = []ExternalTURN{{URLs: []string{"turn:a.example.org"}, Username: "all", Credential: "open"}}
	}
	for name, c := range map[string]struct {
		change func(*settings)
		ice    int
	}{
		"open":   {func(*settings) {}, 2},
		"closed": {withPasswords, 1},
	} {
		t.Run(name, func(t *testing.T) {
			h := newHouse(t, withFakeMedia(newFakeMedia()), others, c.change)
			if lobby := h.dial(t).tests(); len(lobby.ICE) != c.ice {
				t.Errorf("%+v", lobby.ICE)
			}
		})
	}
}

func TestATestEndsAfterAMinute(t *testing.T) {
	inSimulatedTime(t, func(t *testing.T, _ *fakeMedia, dial func() *websocket.Conn) {
		conn := dial()
		defer conn.Close()
		if err := conn.WriteMessage(websocket.TextMessage, protocol.Encode(&protocol.Hello{ID: "1", V: 1, Test: true})); err != nil {
			t.Fatal(err)
		}
		began := time.Now()
		for {
			if _, _, err := conn.ReadMessage(); err != nil {
				if !websocket.IsCloseError(err, int(protocol.CloseNormal)) {
					t.Errorf("closed with %v", err)
				}
				break
			}
		}
		if lasted := time.Since(began); lasted < testFor || lasted > testFor+time.Second {
			t.Errorf("it lasted %v", lasted)
		}
	})
}

func TestATestConnectsByADataChannelAlone(t *testing.T) {
	h := newHouse(t, func(s *settings) { s.rooms.Rooms.Policy = room.Policy{MaxMembers: 1, Password: "x"} })
	c := h.dial(t)
	c.tests()
	pc, _ := newPeerConnection(t, 0, 0)
	connected := make(chan struct{})
	pc.OnConnectionStateChange(func(state webrtc.PeerConnectionState) {
		if state == webrtc.PeerConnectionStateConnected {
			close(connected)
		}
	})
	c.say(&protocol.Join{ID: "join", SDP: withoutCandidates(makeOffer(t, pc))})
	answer := webrtc.SessionDescription{Type: webrtc.SDPTypeAnswer, SDP: hear[*protocol.Joined](c).SDP}
	if err := pc.SetRemoteDescription(answer); err != nil {
		t.Fatal(err)
	}
	select {
	case <-connected:
	case <-time.After(patience):
		t.Error("it did not connect")
	}
}

// withoutCandidates is an SDP that names no way to who wrote it.
func withoutCandidates(sdp string) string {
	var rest strings.Builder
	for line := range strings.Lines(sdp) {
		if !strings.HasPrefix(line, "a=candidate:") {
			rest.WriteString(line)
		}
	}
	return rest.String()
}
