package sfu

import (
	"strings"
	"testing"
	"time"

	"github.com/pion/webrtc/v4"
)

// TestChatMessagesOfAnySizeArriveWhole: what is kept to read them is small, and
// one that is too long costs its sender the channel.
func TestChatMessagesOfAnySizeArriveWhole(t *testing.T) {
	peer, told := newTestPeer(t, newTestSFU(t))
	client := newBrowser(t, 1, 0)
	client.join(peer)
	next := func() string {
		select {
		case text := <-told.chat:
			return text
		case <-time.After(10 * time.Second):
			t.Fatal("nothing came")
			return ""
		}
	}
	open := make(chan struct{})
	client.chat.OnOpen(func() { close(open) })
	<-open
	if got := next(); got != "open" {
		t.Fatalf("first came %q", got)
	}
	for _, n := range []int{1, chatUsual, chatUsual + 1, 20_000, 2, chatMost} {
		if err := client.chat.SendText(strings.Repeat("a", n)); err != nil {
			t.Fatal(err)
		}
		if got := next(); len(got) != n {
			t.Errorf("of %d bytes came %d", n, len(got))
		}
	}
	if client.chat.ReadyState() != webrtc.DataChannelStateOpen {
		t.Error("the channel is not open any more")
	}
}

func TestAClientThatOpensAnotherChannelIsEnded(t *testing.T) {
	peer, told := newTestPeer(t, newTestSFU(t))
	client := newBrowser(t, 1, 0)
	client.join(peer)
	told.awaitState(t, PeerConnected)
	if _, err := client.pc.CreateDataChannel("another", nil); err != nil {
		t.Fatal(err)
	}
	told.awaitState(t, PeerBroken)
}
