package signaling

import (
	"fmt"
	"testing"
	"time"

	"github.com/pion/webrtc/v4"

	"madang/signaling/protocol"
)

// member is a client with media: a PeerConnection of Pion with one pair, one
// voice and the chat channel.
type member struct {
	*caller
	pc     *webrtc.PeerConnection
	chat   *webrtc.DataChannel
	opened chan struct{}
	lines  chan protocol.Message // by the chat channel
	said   int
}

// newPeerConnection makes a client's PeerConnection with what it offers.
func newPeerConnection(t *testing.T, pairs, voices int) (*webrtc.PeerConnection, *webrtc.DataChannel) {
	t.Helper()
	engine := webrtc.SettingEngine{}
	engine.SetIncludeLoopbackCandidate(true)
	engine.SetInterfaceFilter(func(name string) bool { return name == "lo" })
	pc, err := webrtc.NewAPI(webrtc.WithSettingEngine(engine)).NewPeerConnection(webrtc.Configuration{})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { pc.GracefulClose() })
	receive := webrtc.RTPTransceiverInit{Direction: webrtc.RTPTransceiverDirectionRecvonly}
	for i := range pairs + voices {
		if i < pairs {
			pc.AddTransceiverFromKind(webrtc.RTPCodecTypeVideo, receive)
		}
		pc.AddTransceiverFromKind(webrtc.RTPCodecTypeAudio, receive)
	}
	negotiated, ordered, id := true, true, uint16(protocol.ChatID)
	chat, err := pc.CreateDataChannel(protocol.ChatLabel,
		&webrtc.DataChannelInit{Negotiated: &negotiated, Ordered: &ordered, ID: &id})
	if err != nil {
		t.Fatal(err)
	}
	return pc, chat
}

// makeOffer makes an offer with all of its candidates.
func makeOffer(t *testing.T, pc *webrtc.PeerConnection) string {
	t.Helper()
	offer, err := pc.CreateOffer(nil)
	if err != nil {
		t.Fatal(err)
	}
	gathered := webrtc.GatheringCompletePromise(pc)
	if err := pc.SetLocalDescription(offer); err != nil {
		t.Fatal(err)
	}
	<-gathered
	return pc.LocalDescription().SDP
}

// offerOf is a valid offer of a client that will not go on with it.
func offerOf(t *testing.T) string {
	pc, _ := newPeerConnection(t, 1, 1)
	return makeOffer(t, pc)
}

// newMember brings a member with media into a room and waits for its chat channel,
// which the server relies on only when it has been heard by it.
func (h *house) newMember(t *testing.T, roomName, name string) *member {
	t.Helper()
	m := h.connects(t, roomName, name)
	eventually(t, "chat by the channel", func() bool {
		m.write(&protocol.Since{})
		select {
		case <-m.lines:
			return true
		case <-time.After(chatEvery):
			return false
		}
	})
	return m
}

// connects brings a member with media into a room; its side of the chat channel is open.
func (h *house) connects(t *testing.T, roomName, name string) *member {
	t.Helper()
	m := &member{caller: h.dial(t), opened: make(chan struct{}), lines: make(chan protocol.Message, 10000)}
	m.pc, m.chat = newPeerConnection(t, 1, 1)
	m.chat.OnOpen(func() { close(m.opened) })
	m.chat.OnMessage(func(message webrtc.DataChannelMessage) {
		messages, err := protocol.DecodeServerChat(message.Data)
		if err != nil {
			t.Errorf("%s heard %q: %v", name, message.Data, err)
		}
		for _, line := range messages {
			m.lines <- line
		}
	})
	m.inLobby(roomName, name)
	m.say(&protocol.Join{ID: "join", SDP: makeOffer(t, m.pc)})
	joined := hear[*protocol.Joined](m.caller)
	answer := webrtc.SessionDescription{Type: webrtc.SDPTypeAnswer, SDP: joined.SDP}
	if err := m.pc.SetRemoteDescription(answer); err != nil {
		t.Fatal(err)
	}
	m.say(&protocol.Ready{Re: "join"})
	m.say(&protocol.Enter{ID: "enter"})
	hear[*protocol.Welcome](m.caller)
	select {
	case <-m.opened:
	case <-time.After(patience):
		t.Fatal("the chat channel did not open")
	}
	return m
}

func (m *member) write(message protocol.Message) { m.chat.SendText(string(protocol.Encode(message))) }

// hearChat returns the next message of a type by the chat channel.
func hearChat[T protocol.Message](m *member) T {
	m.t.Helper()
	deadline := time.After(patience)
	for {
		select {
		case line := <-m.lines:
			if wanted, ok := line.(T); ok {
				return wanted
			}
		case <-deadline:
			m.t.Fatalf("no %T came by the chat channel", *new(T))
		}
	}
}

// undisturbed proves that a member's connections live: its media is up, its
// WebSocket answers, and a line that it writes comes back.
func (m *member) undisturbed() {
	m.t.Helper()
	if state := m.pc.ConnectionState(); state != webrtc.PeerConnectionStateConnected {
		m.t.Fatalf("the bystander's media is %s", state)
	}
	m.works()
	m.said++
	cid := fmt.Sprintf("bystander-%d", m.said)
	line := &protocol.ChatMsg{CID: cid, Text: "still here"}
	m.write(line)
	for {
		switch heard := hearChat[protocol.Message](m).(type) {
		case *protocol.ChatLine:
			if heard.CID == cid {
				return
			}
		case *protocol.Error: // it keeps to the pace of its own lines
			time.Sleep(time.Duration(heard.RetryMS) * time.Millisecond)
			m.write(line)
		}
	}
}
