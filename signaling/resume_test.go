package signaling

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/gorilla/websocket"

	"madang/sfu"
	"madang/signaling/protocol"
)

// waiting has the house wait for a member whose connection is lost.
func waiting(window time.Duration) func(*settings) {
	return func(s *settings) { s.doors.Limits.ResumeWindow = window }
}

// resume says hello over a new WebSocket for a session.
func (h *house) resume(t *testing.T, roomName, session string, seq uint64) *caller {
	c := h.dial(t)
	c.say(&protocol.Hello{ID: "again", V: 1, Room: roomName, Name: "x", Resume: &protocol.Resume{Session: session, Seq: seq}})
	return c
}

// resumed is resume that must succeed.
func (h *house) resumed(t *testing.T, roomName string, before *protocol.Lobby, seq uint64) *caller {
	t.Helper()
	c := h.resume(t, roomName, before.Session, seq)
	lobby := hear[*protocol.Lobby](c)
	if lobby.Re != "again" || !lobby.Resumed || lobby.Session != before.Session || lobby.You != before.You || lobby.Epoch != before.Epoch {
		t.Fatalf("lobby = %+v after %+v", *lobby, *before)
	}
	return c
}

// visitor is inside with what it needs to come back.
func (h *house) visitor(t *testing.T, roomName, name string) (*caller, *protocol.Lobby, *protocol.Welcome) {
	t.Helper()
	c := h.dial(t)
	lobby := c.inLobby(roomName, name)
	c.say(&protocol.Join{ID: "join", SDP: "offer"})
	hear[*protocol.Joined](c)
	c.say(&protocol.Enter{ID: "enter"})
	return c, lobby, hear[*protocol.Welcome](c)
}

// comes has guests come in, each of whom the others hear of.
func (h *house) comes(t *testing.T, roomName string, names ...string) {
	t.Helper()
	for _, name := range names {
		guest := h.dial(t)
		guest.inside(roomName, name, "offer")
		guest.seesCome(name)
	}
}

// hearsCome returns the names of those who came, of the next n, by number.
func (c *caller) hearsCome(after uint64, n int) (names []string, last uint64) {
	c.t.Helper()
	for last = after; len(names) < n; {
		p := hear[*protocol.People](c)
		if p.Seq != last+1 {
			c.t.Fatalf("number %d after %d", p.Seq, last)
		}
		last = p.Seq
		for _, person := range p.Add {
			names = append(names, person.Name)
		}
	}
	return names, last
}

func TestResumeTellsWhatWasMissedOnceAndInOrder(t *testing.T) {
	h := newHouse(t, withFakeMedia(newFakeMedia()), waiting(time.Minute))
	c, lobby, welcome := h.visitor(t, "r", "Mina")
	h.comes(t, "r", "before")
	_, seq := c.hearsCome(welcome.Seq, 2) // itself too
	watch := h.dial(t)
	watch.inside("r", "watch", "offer")
	_, seq = c.hearsCome(seq, 1)
	c.conn.Close()
	h.comes(t, "r", "a", "b", "c")
	c = h.resumed(t, "r", lobby, seq)
	names, seq := c.hearsCome(seq, 3)
	if strings.Join(names, " ") != "a b c" {
		t.Errorf("came: %v", names)
	}
	h.comes(t, "r", "d")
	if names, _ = c.hearsCome(seq, 1); names[0] != "d" {
		t.Errorf("came then: %v", names)
	}
	for len(watch.heard) > 0 {
		if p, ok := (<-watch.heard).(*protocol.People); ok && (len(p.Del) > 0 || len(p.Set) > 0) {
			t.Errorf("the others heard %+v", *p)
		}
	}
	c.works()
}

func TestNewerConnectionReplacesTheOneBefore(t *testing.T) {
	h := newHouse(t, withFakeMedia(newFakeMedia()), waiting(time.Minute))
	first, lobby, welcome := h.visitor(t, "r", "Mina")
	second := h.resumed(t, "r", lobby, welcome.Seq)
	first.hearClose(protocol.CloseReplaced)
	third := h.resumed(t, "r", lobby, welcome.Seq)
	second.hearClose(protocol.CloseReplaced)
	third.works()
}

func TestByeAndCloseDoNotWait(t *testing.T) {
	for name, leave := range map[string]func(c *caller){
		"bye": func(c *caller) { c.say(&protocol.Bye{}) },
		"1000": func(c *caller) {
			c.conn.WriteMessage(websocket.CloseMessage, websocket.FormatCloseMessage(1000, ""))
		},
		"1001": func(c *caller) {
			c.conn.WriteMessage(websocket.CloseMessage, websocket.FormatCloseMessage(1001, ""))
		},
	} {
		t.Run(name, func(t *testing.T) {
			h := newHouse(t, withFakeMedia(newFakeMedia()), waiting(time.Hour))
			stays, _, _ := h.visitor(t, "r", "Stays")
			goes, lobby, _ := h.visitor(t, "r", "Goes")
			stays.seesCome("Goes")
			leave(goes)
			stays.seesGo(lobby.You)
			h.resume(t, "r", lobby.Session, 1).hearError(protocol.NotFound)
		})
	}
}

func TestWhoDoesNotComeBackInTimeHasLeft(t *testing.T) {
	h := newHouse(t, withFakeMedia(newFakeMedia()), waiting(50*time.Millisecond))
	stays, _, _ := h.visitor(t, "r", "Stays")
	goes, lobby, _ := h.visitor(t, "r", "Goes")
	stays.seesCome("Goes")
	goes.conn.Close()
	stays.seesGo(lobby.You)
	back := h.resume(t, "r", lobby.Session, 1)
	back.hearError(protocol.NotFound)
	if again := back.inLobby("r", "Goes"); again.Resumed || again.Session == lobby.Session || again.You == lobby.You {
		t.Errorf("lobby = %+v", *again)
	}
}

func TestNoSessionIsFoundByAWrongSecretOrFromAnotherRoom(t *testing.T) {
	h := newHouse(t, withFakeMedia(newFakeMedia()), waiting(time.Hour))
	c, lobby, _ := h.visitor(t, "r", "Mina")
	for name, guess := range map[string][2]string{
		"a member's id": {"r", lobby.You}, "nothing": {"r", ""}, "another case": {"r", strings.ToLower(lobby.Session)},
		"a part": {"r", lobby.Session[:20]}, "another room": {"q", lobby.Session}, "long": {"r", strings.Repeat("A", 60_000)},
	} {
		if e := h.resume(t, guess[0], guess[1], 1).hearError(protocol.NotFound); e.Re != "again" {
			t.Errorf("%s: %+v", name, *e)
		}
	}
	c.works()
}

func TestAFreshWelcomeComesWhereWhatWasMissedIsForgotten(t *testing.T) {
	for name, claim := range map[string]uint64{"too much happened": 1, "a number that never was": 1 << 40} {
		t.Run(name, func(t *testing.T) {
			h := newHouse(t, withFakeMedia(newFakeMedia()), waiting(time.Hour), func(s *settings) { s.doors.Limits.SendQueue = 4 })
			c, lobby, _ := h.visitor(t, "r", "Mina")
			c.conn.Close()
			h.comes(t, "r", "a", "b", "c", "d", "e", "f", "g")
			c = h.resumed(t, "r", lobby, claim)
			welcome := hear[protocol.Message](c).(*protocol.Welcome)
			if welcome.Re != "" || len(welcome.People) != 8 || welcome.Seq < 5 {
				t.Errorf("welcome = %+v", *welcome)
			}
			h.comes(t, "r", "h")
			c.seesCome("h")
		})
	}
}

func TestAPageLoadedAnewIsTheSameMember(t *testing.T) {
	media := newFakeMedia()
	h := newHouse(t, withFakeMedia(media), waiting(time.Hour))
	watch, _, _ := h.visitor(t, "r", "watch")
	<-media.peers
	c, lobby, _ := h.visitor(t, "r", "Mina")
	before := <-media.peers
	watch.seesCome("Mina")
	c.say(&protocol.Publish{Source: protocol.Mic, State: protocol.Live})
	watch.sees(func(p *protocol.People) bool {
		return len(p.Set) == 1 && p.Set[0].Sources[protocol.Mic] == protocol.Live
	})
	c.say(&protocol.Bye{HoldMS: 1000})
	c.hearClose(protocol.CloseNormal)

	c = h.resumed(t, "r", lobby, 0)
	c.say(&protocol.Join{ID: "j2", SDP: "another"})
	if joined := hear[protocol.Message](c).(*protocol.Joined); joined.SDP != "answer to another" {
		t.Errorf("joined = %+v", *joined)
	}
	<-before.closed
	<-media.peers
	c.say(&protocol.Join{ID: "j3", SDP: "a third"})
	c.hearError(protocol.Conflict)
	c.say(&protocol.Enter{ID: "e2"})
	if again := hear[*protocol.Welcome](c); again.Re != "e2" || len(again.People) != 2 {
		t.Errorf("welcome = %+v", *again)
	}
	c.say(&protocol.Publish{Source: protocol.Mic, State: protocol.Muted})
	watch.sees(func(p *protocol.People) bool {
		if len(p.Add)+len(p.Del) > 0 {
			t.Fatalf("the others heard %+v", *p)
		}
		return len(p.Set) == 1 && p.Set[0].Sources[protocol.Mic] == protocol.Muted
	})
}

func TestASessionInTheLobbyIsResumed(t *testing.T) {
	media := newFakeMedia()
	h := newHouse(t, withFakeMedia(media), waiting(time.Hour))
	c := h.dial(t)
	lobby := c.inLobby("r", "Mina")
	c.say(&protocol.Join{ID: "join", SDP: "offer"})
	hear[*protocol.Joined](c)
	c.conn.Close()
	c = h.resumed(t, "r", lobby, 0)
	c.say(&protocol.Enter{ID: "enter"}) // its peer connection stands
	if w := hear[*protocol.Welcome](c); w.Re != "enter" || len(w.People) != 1 {
		t.Errorf("welcome = %+v", *w)
	}
	if len(media.peers) != 1 {
		t.Error("its media was made anew")
	}
}

func TestWhatWasNotAnsweredIsAskedAgain(t *testing.T) {
	media := newFakeMedia()
	h := newHouse(t, withFakeMedia(media), waiting(time.Hour))
	c, lobby, welcome := h.visitor(t, "r", "Mina")
	peer := <-media.peers
	gate := peer.hold()
	c.say(&protocol.Offer{ID: "o1", SDP: "more"})
	eventually(t, "the offer is being answered", func() bool { return peer.asked() == 2 })
	c.conn.Close()
	c = h.resume(t, "r", lobby.Session, welcome.Seq)
	close(gate)
	hear[*protocol.Lobby](c)
	c.say(&protocol.Offer{ID: "o2", SDP: "more"})
	if a := hear[*protocol.Answer](c); a.Re != "o2" || a.SDP != "answer to more" {
		t.Errorf("answer = %+v", *a)
	}
}

func TestMediaThatFailedIsWaitedFor(t *testing.T) {
	media := newFakeMedia()
	h := newHouse(t, withFakeMedia(media), waiting(100*time.Millisecond))
	c, _, _ := h.visitor(t, "r", "Mina")
	peer := <-media.peers
	peer.events.PeerStateChanged(sfu.PeerFailed)
	c.say(&protocol.Offer{ID: "restart", SDP: "again", Restart: true})
	if a := hear[*protocol.Answer](c); a.SDP != "answer to again" {
		t.Errorf("answer = %+v", *a)
	}
	peer.events.PeerStateChanged(sfu.PeerConnected)
	time.Sleep(150 * time.Millisecond)
	c.works()
	peer.events.PeerStateChanged(sfu.PeerFailed)
	c.hearError(protocol.Unavailable)
	c.hearClose(protocol.CloseFailed)
}

func TestAFloodOfResumesCostsOnlyItsSession(t *testing.T) {
	h := newHouse(t, withFakeMedia(newFakeMedia()), waiting(time.Hour))
	watch, _, _ := h.visitor(t, "r", "watch")
	_, lobby, welcome := h.visitor(t, "r", "Mina")
	watch.seesCome("Mina")
	done := make(chan struct{})
	for i := range 4 {
		go func() {
			defer func() { done <- struct{}{} }()
			for j := range 50 {
				conn, _, err := h.dialWith(nil, protocol.Subprotocol)
				if err != nil {
					t.Error(err)
					return
				}
				hello := &protocol.Hello{ID: fmt.Sprint(i, j), V: 1, Room: "r", Name: "x",
					Resume: &protocol.Resume{Session: lobby.Session, Seq: uint64(j % 3)}}
				_ = conn.WriteMessage(websocket.TextMessage, protocol.Encode(hello))
				if j%2 == 0 {
					_, _, _ = conn.ReadMessage()
				}
				conn.Close()
			}
		}()
	}
	for range 4 {
		<-done
	}
	h.resumed(t, "r", lobby, welcome.Seq)
	watch.works()
	for len(watch.heard) > 0 {
		if p, ok := (<-watch.heard).(*protocol.People); ok && len(p.Del) > 0 {
			t.Errorf("the others heard %+v", *p)
		}
	}
}
