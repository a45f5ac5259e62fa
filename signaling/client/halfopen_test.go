package client_test

import (
	"fmt"
	"net"
	"sync/atomic"
	"testing"

	"madang/signaling/client/bot"
	"madang/signaling/client/clienttest"
	"madang/signaling/protocol"
)

// halfway is a network that fails while the data channel is set up, until it is mended:
// of what the server sends over DTLS only the first answer comes through, which is
// the longest (the INIT ACK of RFC 9260, with its cookie). The client's COOKIE ECHO
// opens the server's side, and the client never hears of it.
type halfway struct {
	mended atomic.Bool
	lost   atomic.Int64
}

func (h *halfway) over(o *bot.Options) {
	o.Client.WrapSocket = func(conn net.PacketConn) net.PacketConn { return &halfwayConn{conn, h} }
}

type halfwayConn struct {
	net.PacketConn
	way *halfway
}

func (c *halfwayConn) ReadFrom(p []byte) (int, net.Addr, error) {
	const applicationData, shortest = 23, 110 // a COOKIE ECHO has some 85 bytes, an INIT ACK 120
	for {
		n, from, err := c.PacketConn.ReadFrom(p)
		if err != nil || c.way.mended.Load() || n == 0 || p[0] != applicationData || n >= shortest {
			return n, from, err
		}
		c.way.lost.Add(1)
	}
}

func TestChatComesWhileTheChannelIsOpenOnTheServersSideOnly(t *testing.T) {
	t.Parallel()
	url := clienttest.Serve(t, clienttest.DefaultConfig())
	var way halfway
	ada, bo := join(t, url, "half", "Ada", way.over), join(t, url, "half", "Bo")
	if err := bo.AwaitChat(t.Context()); err != nil {
		t.Fatal(err)
	}
	round := 0
	chat := func() { // each line once
		t.Helper()
		round++
		for _, from := range []*bot.Bot{ada, bo} {
			said := fmt.Sprint(round, " of ", from.You())
			if err := from.Chat(&protocol.ChatMsg{CID: said, Text: said}); err != nil {
				t.Fatal(err)
			}
			for _, to := range []*bot.Bot{ada, bo} {
				if line := lines(t, to, 1)[0]; line.Text != said {
					t.Fatalf("round %d: %q came, want %q", round, line.Text, said)
				}
			}
		}
	}
	eventually(t, "the server's side of the channel is open", func() bool { return way.lost.Load() > 2 })
	for range 5 {
		chat()
	}
	way.mended.Store(true)
	if err := ada.AwaitChat(t.Context()); err != nil { // what is set up is said again
		t.Fatal(err)
	}
	for range 5 {
		chat()
	}
}
