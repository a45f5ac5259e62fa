package signaling

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/gorilla/websocket"
	"github.com/pion/webrtc/v4"

	"madang/signaling/protocol"
)

// chatters are two members of one room on fake media; b's channel is open.
func chatters(t *testing.T, change ...func(*settings)) (a, b *caller, channel *fakePeer) {
	t.Helper()
	media := newFakeMedia()
	h := newHouse(t, append(change, withFakeMedia(media))...)
	a, b = h.dial(t), h.dial(t)
	a.inside("r", "A", "offer")
	<-media.peers
	b.inside("r", "B", "offer")
	channel = <-media.peers
	channel.events.ChatOpened()
	return a, b, channel
}

// cids are the lines that a chat channel has carried, in order.
func cids(t *testing.T, sent []string) []string {
	t.Helper()
	var all []string
	for _, message := range sent {
		if len(message) > protocol.MaxChatBatch {
			t.Errorf("a message of %d bytes", len(message))
		}
		lines, err := protocol.DecodeServerChat([]byte(message))
		if err != nil {
			t.Errorf("%q: %v", message, err)
		}
		for _, line := range lines {
			if l, ok := line.(*protocol.ChatLine); ok {
				all = append(all, l.CID)
			}
		}
	}
	return all
}

func TestChatGoesByTheWebSocketUntilTheChannelIsOpen(t *testing.T) {
	media := newFakeMedia()
	h := newHouse(t, withFakeMedia(media))
	c := h.dial(t)
	c.inside("r", "Mina", "offer")
	peer := <-media.peers
	c.say(&protocol.ChatMsg{CID: "1", Text: "hi"})
	if line := hear[*protocol.ChatLine](c); line.CID != "1" || line.Text != "hi" || line.Name != "Mina" {
		t.Errorf("line = %+v", *line)
	}
	peer.events.ChatOpened()
	peer.events.ChatReceived([]byte(`[{"t":"msg","cid":"2","text":"a"},{"t":"msg","cid":"3","text":"b"}]`), true)
	eventually(t, "both lines by the channel", func() bool {
		return fmt.Sprint(cids(t, peer.sent())) == "[2 3]"
	})
}

func TestChatThatIsDueTogetherTravelsTogether(t *testing.T) {
	const lines = 40
	a, _, channel := chatters(t, func(s *settings) {
		s.doors.Limits.ChatPerSecond, s.doors.Limits.MessagesPerSecond = 1000, 1000
	})
	channel.fill(true)
	text := strings.Repeat("x", 1000)
	var want []string
	for i := range lines {
		want = append(want, fmt.Sprint(i))
		a.say(&protocol.ChatMsg{CID: want[i], Text: text})
		hear[*protocol.ChatLine](a)
	}
	channel.fill(false)
	eventually(t, "all lines, in order", func() bool {
		return fmt.Sprint(cids(t, channel.sent())) == fmt.Sprint(want)
	})
	if messages := len(channel.sent()); messages > 4 { // 40 × 1.2 KB
		t.Errorf("%d lines took %d messages", lines, messages)
	}
}

func TestABurstOfLinesComesWholeInOrderAndOnce(t *testing.T) {
	const lines = 1000
	h := newHouse(t, func(s *settings) {
		s.doors.Limits.ChatPerSecond, s.doors.Limits.MessagesPerSecond = 10*lines, 10*lines
	})
	writer, reader := h.newMember(t, "r", "Writer"), h.newMember(t, "r", "Reader")
	go func() {
		for i := range lines {
			writer.write(&protocol.ChatMsg{CID: fmt.Sprint(i), Text: "hi"})
			if i%100 == 99 {
				time.Sleep(chatEvery / 10) // so that some find the channel at rest
			}
		}
	}()
	for _, m := range []*member{reader, writer} {
		var last uint64
		for i := range lines {
			line := hearChat[*protocol.ChatLine](m)
			if line.CID != fmt.Sprint(i) || line.Seq <= last {
				t.Fatalf("line %d is %q with seq %d after %d", i, line.CID, line.Seq, last)
			}
			last = line.Seq
		}
	}
}

func TestChatThatComesFastWaitsForItsBeat(t *testing.T) {
	every := time.Hour
	a, _, channel := chatters(t, func(s *settings) {
		s.beat = &every
		s.doors.Limits.ChatPerSecond, s.doors.Limits.MessagesPerSecond = 1000, 1000
	})
	say := func(cid, text string) {
		a.say(&protocol.ChatMsg{CID: cid, Text: text})
		hear[*protocol.ChatLine](a) // by the WebSocket
	}
	var want []string
	for i := range chatAtOnce {
		want = append(want, fmt.Sprint(i))
		say(want[i], "hi")
		eventually(t, "a line at once", func() bool { return fmt.Sprint(cids(t, channel.sent())) == fmt.Sprint(want) })
	}
	long := strings.Repeat("x", protocol.MaxText)
	for i := range chatRouses { // several full messages
		want = append(want, fmt.Sprint("long ", i))
		say(want[len(want)-1], long)
	}
	eventually(t, "full messages, whose cost is their own", func() bool {
		return len(channel.sent()) > chatAtOnce+2 && len(cids(t, channel.sent())) >= len(want)-chatRouses
	})
	if got := cids(t, channel.sent()); fmt.Sprint(got) != fmt.Sprint(want[:len(got)]) {
		t.Errorf("%v came of %v", got, want)
	}
}

func TestChatOfAFullChannelWaitsAndThenCutsItsReaderOnly(t *testing.T) {
	a, b, channel := chatters(t, func(s *settings) {
		s.doors.Limits.SendQueue = 20
		s.doors.Limits.ChatPerSecond, s.doors.Limits.MessagesPerSecond = 1000, 1000
	})
	channel.fill(true)
	text := strings.Repeat("x", protocol.MaxText)
	for i := range 50 { // some 4 in the writer's hand, 20 in the queue
		a.say(&protocol.ChatMsg{CID: fmt.Sprint(i), Text: text})
		hear[*protocol.ChatLine](a) // the author is not delayed
	}
	b.hearClose(protocol.CloseTooSlow)
	a.works()
	<-channel.closed
}

func TestChatGoesByTheWebSocketWhileTheClientsSideOfTheChannelIsNotOpen(t *testing.T) {
	media := newFakeMedia()
	h := newHouse(t, withFakeMedia(media), func(s *settings) { s.doors.Limits.ResumeWindow = time.Minute })
	c := h.dial(t)
	lobby := c.inLobby("r", "Mina")
	c.say(&protocol.Join{ID: "join", SDP: "offer"})
	c.say(&protocol.Enter{ID: "enter"})
	hear[*protocol.Welcome](c)
	peer := <-media.peers
	says := func(cid string) { c.say(&protocol.ChatMsg{CID: cid, Text: "hi"}) }
	peer.deafen(true)
	peer.events.ChatOpened()
	for _, cid := range []string{"1", "2"} {
		says(cid)
		if line := hear[*protocol.ChatLine](c); line.CID != cid {
			t.Errorf("%+v came for %s", line, cid)
		}
	}
	peer.deafen(false)
	says("3")
	eventually(t, "the line by the channel", func() bool { return fmt.Sprint(cids(t, peer.sent())) == "[3]" })

	// Acknowledged once, it is relied on while this WebSocket lasts.
	peer.deafen(true)
	says("4")
	eventually(t, "the line by the channel", func() bool { return fmt.Sprint(cids(t, peer.sent())) == "[3 4]" })
	c = h.dial(t)
	c.say(&protocol.Hello{ID: "again", V: protocol.Version, Room: "r", Name: "Mina", Resume: &protocol.Resume{Session: lobby.Session, Seq: 1}})
	hear[*protocol.Lobby](c)
	says("5")
	if line := hear[*protocol.ChatLine](c); line.CID != "5" {
		t.Errorf("%+v came for 5", line)
	}
}

func TestChatReturnsToTheWebSocketWhenTheChannelCloses(t *testing.T) {
	media := newFakeMedia()
	h := newHouse(t, withFakeMedia(media))
	c := h.dial(t)
	c.inside("r", "Mina", "offer")
	peer := <-media.peers
	c.say(&protocol.Since{})
	if m := hear[*protocol.CaughtUp](c); m.Seq != 0 {
		t.Errorf("caught up with %d", m.Seq)
	}
	peer.events.ChatOpened()
	peer.events.ChatReceived([]byte(`{"t":"since","epoch":"other","seq":5}`), true)
	eventually(t, "the answer by the channel", func() bool { return len(peer.sent()) == 1 })
}

func TestLateJoinerReadsTheHistory(t *testing.T) {
	a, b, channel := chatters(t)
	for i := range 3 {
		a.say(&protocol.ChatMsg{CID: fmt.Sprint(i), Text: "hi"})
	}
	eventually(t, "the lines", func() bool { return len(cids(t, channel.sent())) == 3 })
	b.say(&protocol.Since{}) // asked by one way, answered by the one that is open
	eventually(t, "the history", func() bool {
		return fmt.Sprint(cids(t, channel.sent())) == "[0 1 2 0 1 2]"
	})
	eventually(t, "caught-up", func() bool { return strings.Contains(strings.Join(channel.sent(), ""), `"caught-up","seq":3`) })
}

func TestWhoDoesNotReadTheChannelIsCutAndDelaysNobody(t *testing.T) {
	h := newHouse(t, func(s *settings) {
		s.beat = new(time.Duration) // none: each line waits for the one before to come back
		s.doors.Limits.SendQueue = 64
		s.doors.Limits.ChatPerSecond, s.doors.Limits.MessagesPerSecond = 100_000, 100_000
	})
	talks, deaf := h.newMember(t, "r", "Talks"), h.newMember(t, "r", "Deaf")
	hold := make(chan struct{})
	deaf.chat.OnMessage(func(webrtc.DataChannelMessage) { <-hold }) // the receive window closes
	defer close(hold)
	text := strings.Repeat("x", protocol.MaxText)
	for i := range 5000 {
		cid := fmt.Sprint(i)
		talks.write(&protocol.ChatMsg{CID: cid, Text: text})
		for hearChat[*protocol.ChatLine](talks).CID != cid {
		}
		select {
		case _, open := <-deaf.heard:
			if open {
				continue
			}
			if !websocket.IsCloseError(deaf.closed, int(protocol.CloseTooSlow)) {
				t.Errorf("closed with %v", deaf.closed)
			}
			talks.undisturbed()
			return
		default:
		}
	}
	t.Error("20 MB wait for who does not read")
}

func TestASessionThatIsBusyHoldsItsChatBackAndLosesNothing(t *testing.T) {
	const lines = 2 * inboxSize
	media := newFakeMedia()
	h := newHouse(t, withFakeMedia(media), func(s *settings) {
		s.doors.Limits.ChatPerSecond, s.doors.Limits.MessagesPerSecond, s.doors.Limits.SendQueue = 10*lines, 10*lines, 10*lines
	})
	c := h.dial(t)
	c.inside("r", "Mina", "offer")
	peer := <-media.peers
	gate := peer.hold()
	c.say(&protocol.Offer{ID: "more", SDP: "offer"})
	eventually(t, "an offer to answer", func() bool { return peer.asked() == 2 })
	said := make(chan struct{})
	go func() {
		defer close(said)
		for i := range lines {
			peer.events.ChatReceived(fmt.Appendf(nil, `{"t":"msg","cid":"%d","text":"hi"}`, i), true)
		}
	}()
	select {
	case <-said:
		t.Error("all of it was taken")
	case <-time.After(50 * time.Millisecond):
	}
	close(gate)
	for i := range lines {
		if line := hear[*protocol.ChatLine](c); line.CID != fmt.Sprint(i) {
			t.Fatalf("line %d is %q", i, line.CID)
		}
	}
	<-said
}

func TestChatThatIsHeldBackIsLetGoBeforeItsTransportCloses(t *testing.T) {
	s := &session{ctx: t.Context(), inbox: make(chan inbound), pace: newPace(DefaultLimitsConfig()), peer: &fakePeer{closed: make(chan struct{})}}
	s.channel.Store(&chatChannel{peer: s.peer, closing: make(chan struct{})})
	said := make(chan struct{})
	go func() {
		s.ChatReceived([]byte(`{"t":"typing"}`), true)
		close(said)
	}()
	s.closePeer()
	<-said
	s.ChatReceived([]byte(`{"t":"typing"}`), true) // comes too late, and waits for nobody
}
