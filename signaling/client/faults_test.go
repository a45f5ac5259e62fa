package client_test

import (
	"math/rand/v2"
	"net"
	"sync"
	"testing"

	"madang/signaling/client"
	"madang/signaling/client/bot"
	"madang/signaling/client/clienttest"
	"madang/signaling/client/synthetic"
	"madang/signaling/protocol"
)

// faultyConn is a network that loses and reorders, in both directions, as its
// seed says.
type faultyConn struct {
	net.PacketConn
	loss, reorder float64 // of all packets

	mu     sync.Mutex
	random *rand.Rand
	held   []byte // a packet that goes out after the next one
	heldTo net.Addr
}

func faulty(seed uint64, loss, reorder float64) func(net.PacketConn) net.PacketConn {
	return func(conn net.PacketConn) net.PacketConn {
		return &faultyConn{PacketConn: conn, loss: loss, reorder: reorder, random: rand.New(rand.NewPCG(seed, seed))}
	}
}

// isMedia tells RTP and RTCP from STUN and DTLS (RFC 7983): the handshake is not
// what is tested.
func isMedia(p []byte) bool { return len(p) > 0 && p[0] >= 128 && p[0] <= 191 }

func (c *faultyConn) ReadFrom(p []byte) (int, net.Addr, error) {
	for {
		n, from, err := c.PacketConn.ReadFrom(p)
		c.mu.Lock()
		lost := c.random.Float64() < c.loss
		c.mu.Unlock()
		if err != nil || !lost || !isMedia(p[:n]) {
			return n, from, err
		}
	}
}

func (c *faultyConn) WriteTo(p []byte, to net.Addr) (int, error) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if isMedia(p) && c.random.Float64() < c.loss {
		return len(p), nil
	}
	if isMedia(p) && c.held == nil && c.random.Float64() < c.reorder {
		c.held, c.heldTo = append([]byte(nil), p...), to
		return len(p), nil
	}
	n, err := c.PacketConn.WriteTo(p, to)
	if c.held != nil {
		_, _ = c.PacketConn.WriteTo(c.held, c.heldTo)
		c.held = nil
	}
	return n, err
}

// TestLossIsRepairedOnEachHop: the sender and the receiver lose packets, those
// in between are none the wiser.
func TestLossIsRepairedOnEachHop(t *testing.T) {
	t.Parallel()
	const loss, reorder = 0.02, 0.01
	url := clienttest.Serve(t, clienttest.DefaultConfig())
	filming := func(seed uint64) func(*bot.Options) {
		return func(o *bot.Options) {
			o.Camera = []synthetic.VideoConfig{{Bitrate: 800_000, FPS: 20, TemporalLayers: 3, Seed: seed}}
		}
	}
	bad := func(seed uint64) func(*bot.Options) {
		return func(o *bot.Options) { o.Client.WrapSocket = faulty(seed, loss, reorder) }
	}
	sender := join(t, url, "faults", "Sender", filming(1), bad(1))
	clean := join(t, url, "faults", "Clean")
	lossy := join(t, url, "faults", "Lossy", bad(2))
	camera, err := sender.Publish(protocol.Camera)
	if err != nil {
		t.Fatal(err)
	}
	const packets = 1000
	video := map[*bot.Bot]*client.Slot{}
	for _, b := range []*bot.Bot{clean, lossy} {
		eventually(t, "the picture arrives", func() bool { return len(carrying(b, sender.You())) == 1 })
		video[b] = carrying(b, sender.You())[0]
		eventually(t, "enough to lose some", func() bool { return video[b].Stats().Packets > packets })
	}
	for b, slot := range video {
		// The camera goes on meanwhile: what is lost as it ends cannot be repaired.
		eventually(t, "what was missing has come or is given up", func() bool {
			l := slot.Stats().Loss
			return l.Missing == l.Reordered+l.Repaired+l.GivenUp
		})
		stats := slot.Stats()
		t.Logf("%d packets: %+v", stats.Packets, stats.Loss)
		if stats.Loss.GivenUp > 0 || stats.Jumps > 0 || stats.Backwards > 0 {
			t.Errorf("not repaired: %+v", stats)
		}
		if b == lossy && stats.Loss.Repaired == 0 {
			t.Error("nothing was lost, so nothing is proved")
		}
	}
	if camera.Stats().Nacked.Load() == 0 {
		t.Error("the server asked the sender for nothing")
	}
}
