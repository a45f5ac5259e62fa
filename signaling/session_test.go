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

// withFakeMedia builds the house on a media plane that the test plays.
func withFakeMedia(media *fakeMedia) func(*settings) {
	return func(s *settings) { s.media = media }
}

// eventually waits for something to become true.
func eventually(t *testing.T, what string, is func() bool) {
	t.Helper()
	for deadline := time.Now().Add(patience); !is(); time.Sleep(time.Millisecond) {
		if time.Now().After(deadline) {
			t.Fatalf("not in time: %s", what)
		}
	}
}

func TestSessionFromHelloToBye(t *testing.T) {
	media := newFakeMedia()
	h := newHouse(t, withFakeMedia(media))
	first := h.dial(t)
	welcome := first.inside("r", "Mina", "an offer")
	peer := <-media.peers
	if welcome.Seq != 1 || len(welcome.People) != 1 || welcome.Room.Name != "r" || welcome.Chat.Epoch == "" {
		t.Errorf("welcome = %+v", *welcome)
	}
	if peer.placement != "r" {
		t.Errorf("the peer is placed with %q", peer.placement)
	}

	second := h.dial(t)
	lobby := second.inLobby("r", "  준호 ")
	want := protocol.Lobby{Re: "hello", State: protocol.StateIn, Slots: protocol.SlotCounts{Pairs: 4, Audio: 3}}
	if lobby.Re != want.Re || lobby.State != want.State || lobby.Slots != want.Slots || lobby.ICE == nil ||
		len(lobby.Session) < 26 || lobby.You == "" || lobby.Bitrates.Q != 150_000 || lobby.Codecs[0] != "vp8" {
		t.Errorf("lobby = %+v", *lobby)
	}
	second.say(&protocol.Join{ID: "j", SDP: "another", Lines: map[string]protocol.Source{"0": protocol.Mic}})
	joined := hear[*protocol.Joined](second)
	if slot, named := joined.Slots["1"]; joined.SDP != "answer to another" || len(joined.Slots) != 2 || slot != nil || !named {
		t.Errorf("joined = %+v", *joined)
	}
	second.say(&protocol.Enter{ID: "e"})
	if people := hear[*protocol.Welcome](second).People; len(people) != 2 {
		t.Errorf("people = %+v", people)
	}
	if id := first.seesCome("준호"); id != lobby.You {
		t.Errorf("the first sees %s come", id)
	}
	second.say(&protocol.Publish{Source: protocol.Mic, State: protocol.Muted})
	first.sees(func(p *protocol.People) bool {
		return len(p.Set) == 1 && p.Set[0].ID == lobby.You && p.Set[0].Sources[protocol.Mic] == protocol.Muted
	})
	second.say(&protocol.Bye{})
	second.hearClose(protocol.CloseNormal)
	first.seesGo(lobby.You)
}

// The connection is warm before somebody has written their name.
func TestTheNameMayComeWithEnter(t *testing.T) {
	h := newHouse(t, withFakeMedia(newFakeMedia()))
	first := h.dial(t)
	first.inside("r", "Ada", "an offer")
	second := h.dial(t)
	second.inLobby("r", "M")
	second.say(&protocol.Join{ID: "join", SDP: "another"})
	hear[*protocol.Joined](second)
	for name, want := range map[string]protocol.Code{"\u200b": protocol.BadMessage, strings.Repeat("x", 65): protocol.TooBig} {
		second.say(&protocol.Enter{ID: "e", Name: name})
		if got := hear[*protocol.Error](second); got.Code != want || got.Re != "e" {
			t.Errorf("%.10q: %+v", name, *got)
		}
	}
	second.say(&protocol.Enter{ID: "e", Name: " Mina\n Kim"})
	if people := hear[*protocol.Welcome](second).People; people[1].Name != "Mina Kim" {
		t.Errorf("people = %+v", people)
	}
	first.seesCome("Mina Kim")
}

func TestEveryWayOfLeavingIsNoticed(t *testing.T) {
	ways := map[string]func(c *caller, peer *fakePeer){
		"bye": func(c *caller, _ *fakePeer) { c.say(&protocol.Bye{}) },
		"close 1000": func(c *caller, _ *fakePeer) {
			c.conn.WriteMessage(websocket.CloseMessage, websocket.FormatCloseMessage(1000, ""))
		},
		"close 1001": func(c *caller, _ *fakePeer) {
			c.conn.WriteMessage(websocket.CloseMessage, websocket.FormatCloseMessage(1001, ""))
		},
		"connection lost": func(c *caller, _ *fakePeer) { c.conn.Close() },
		"media failed": func(c *caller, peer *fakePeer) {
			peer.events.PeerStateChanged(sfu.PeerFailed)
			c.hearError(protocol.Unavailable)
			c.hearClose(protocol.CloseFailed)
		},
		"panic": func(c *caller, _ *fakePeer) {
			c.say(&protocol.Offer{ID: "o", SDP: offerPanics})
			c.hearError(protocol.Internal)
			c.hearClose(protocol.CloseFailed)
		},
		"media broken": func(c *caller, peer *fakePeer) {
			peer.events.PeerStateChanged(sfu.PeerBroken)
			c.hearError(protocol.Unavailable)
			c.hearClose(protocol.CloseFailed)
		},
		"bye that nobody takes back": func(c *caller, _ *fakePeer) {
			c.say(&protocol.Bye{HoldMS: 1})
			c.hearClose(protocol.CloseNormal)
		},
	}
	for name, leave := range ways {
		t.Run(name, func(t *testing.T) {
			media := newFakeMedia()
			h := newHouse(t, withFakeMedia(media))
			stays := h.dial(t)
			stays.inside("r", "Stays", "offer")
			<-media.peers
			goes := h.dial(t)
			goes.inside("r", "Goes", "offer")
			peer := <-media.peers
			id := stays.seesCome("Goes")
			leave(goes, peer)
			stays.seesGo(id)
			<-peer.closed
			stays.works()
		})
	}
}

func TestSeqNumbersWhatASessionIsTold(t *testing.T) {
	h := newHouse(t, withFakeMedia(newFakeMedia()))
	c := h.dial(t)
	next := c.inside("r", "Mina", "offer").Seq + 1
	for i := range 3 {
		h.dial(t).inside("r", fmt.Sprint("guest ", i), "offer")
		if seq := hear[*protocol.People](c).Seq; seq < next {
			t.Fatalf("seq %d where at least %d was due", seq, next)
		} else {
			next = seq + 1
		}
	}
}

func TestReadyNamesTheNewestAnswer(t *testing.T) {
	media := newFakeMedia()
	h := newHouse(t, withFakeMedia(media))
	c := h.dial(t)
	c.inside("r", "Mina", "offer")
	c.say(&protocol.Offer{ID: "second", SDP: "more"})
	if answer := hear[*protocol.Answer](c); answer.Re != "second" || answer.SDP != "answer to more" {
		t.Errorf("answer = %+v", *answer)
	}
	c.say(&protocol.Ready{Re: "join"})
	c.hearError(protocol.Conflict)
	c.say(&protocol.Ready{Re: "second"})
	c.works()
	if peer := <-media.peers; peer.ready != 1 || peer.offers != 2 {
		t.Errorf("%d ready of %d offers", peer.ready, peer.offers)
	}
}

func TestShutdownSaysGoingAway(t *testing.T) {
	h := newHouse(t, withFakeMedia(newFakeMedia()))
	c := h.dial(t)
	c.inside("r", "Mina", "offer")
	if err := h.Shutdown(t.Context()); err != nil {
		t.Fatal(err)
	}
	c.hearClose(protocol.CloseGoingAway)
}

// Clients come back to what they saw last: a room that empties as its server ends
// would have every tile go.
func TestShutdownTellsNobodyOfTheOthersLeaves(t *testing.T) {
	h := newHouse(t, withFakeMedia(newFakeMedia()))
	callers := make([]*caller, 20)
	for i := range callers {
		callers[i] = h.dial(t)
		callers[i].inside("r", "Mina", "offer")
	}
	time.Sleep(250 * time.Millisecond) // news of people are gathered: the next would be told at once
	if err := h.Shutdown(t.Context()); err != nil {
		t.Fatal(err)
	}
	for _, c := range callers {
		for m := range c.heard {
			if people, ok := m.(*protocol.People); ok && len(people.Del) > 0 {
				t.Fatalf("told %+v", *people)
			}
		}
	}
}

func TestWhoDoesNotReadIsCutAndDelaysNobody(t *testing.T) {
	media := newFakeMedia()
	h := newHouse(t, withFakeMedia(media), func(s *settings) {
		s.doors.Limits.SendQueue = 64
		s.doors.Limits.ChatPerSecond, s.doors.Limits.MessagesPerSecond = 100_000, 100_000
	})
	talks := h.dial(t)
	talks.inside("r", "Talks", "offer")
	conn, _, err := h.dialWith(nil, protocol.Subprotocol)
	if err != nil {
		t.Fatal(err)
	}
	defer conn.Close()
	deaf := &caller{t: t, conn: conn} // never reads
	deaf.say(&protocol.Hello{ID: "1", V: 1, Room: "r", Name: "Deaf"})
	deaf.say(&protocol.Join{ID: "2", SDP: "offer"})
	deaf.say(&protocol.Enter{ID: "3"})
	talks.seesCome("Deaf")

	text := strings.Repeat("x", protocol.MaxText)
	for i := 0; ; i++ {
		cid := fmt.Sprint(i)
		talks.say(&protocol.ChatMsg{CID: cid, Text: text})
		if i == 20_000 {
			t.Fatal("80 MB wait for who does not read")
		}
		for gone, mine := false, false; !mine; { // each line comes back, whatever the other does
			switch m := hear[protocol.Message](talks).(type) {
			case *protocol.ChatLine:
				mine = m.CID == cid
			case *protocol.People:
				gone = len(m.Del) == 1
			}
			if gone {
				return
			}
		}
	}
}
