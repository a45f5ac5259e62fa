package demux

import (
	"context"
	"errors"
	"fmt"
	"net"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/pion/ice/v4"
	"github.com/pion/webrtc/v4"
)

// port is a mux on a real port, and the goroutine that reads it.
type port struct {
	*Mux[*atomic.Int64] // what stands for a peer counts the media that came of it
	socket              *net.UDPConn
}

func listen(t *testing.T) *port {
	t.Helper()
	p := &port{socket: loopback(t)}
	p.Mux = New[*atomic.Int64](p.socket.WriteToUDPAddrPort, p.socket.LocalAddr(), []net.Addr{p.socket.LocalAddr()})
	done := make(chan struct{})
	go func() {
		defer close(done)
		p.run(t)
	}()
	t.Cleanup(func() {
		p.socket.Close()
		<-done
	})
	return p
}

// run does what a worker does.
func (p *port) run(t *testing.T) {
	buf := make([]byte, 2048)
	for {
		n, from, err := p.socket.ReadFromUDPAddrPort(buf)
		if errors.Is(err, net.ErrClosed) {
			return
		} else if err != nil {
			t.Error(err)
			return
		}
		now := time.Now()
		c := p.Route(buf[:n], from, now)
		switch {
		case c == nil:
		case IsMedia(buf[:n]):
			c.Owner().Add(1)
			c.Seen(from, now)
		default:
			c.Deliver(buf[:n], from)
		}
	}
}

func loopback(t *testing.T) *net.UDPConn {
	t.Helper()
	socket, err := net.ListenUDP("udp4", &net.UDPAddr{IP: net.IPv4(127, 0, 0, 1)})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { socket.Close() })
	return socket
}

// pair is an agent on a port and the one of its client, which has a port to itself.
type pair struct {
	t              *testing.T
	port           *port
	view           *View[*atomic.Int64]
	count          atomic.Int64
	socket         *net.UDPConn
	server, client *ice.Agent
}

func newPair(t *testing.T, p *port) *pair {
	t.Helper()
	c := &pair{t: t, port: p, socket: loopback(t)}
	c.view = p.For(&c.count)
	c.server = newAgent(t, c.view)
	mux := ice.NewUDPMuxDefault(ice.UDPMuxParams{UDPConn: c.socket})
	t.Cleanup(func() { errors.Join(c.view.Close(), mux.Close()) })
	c.client = newAgent(t, mux)
	return c
}

func newAgent(t *testing.T, mux ice.UDPMux) *ice.Agent {
	t.Helper()
	a, err := ice.NewAgentWithOptions(ice.WithUDPMux(mux), ice.WithNetworkTypes([]ice.NetworkType{ice.NetworkTypeUDP4}),
		ice.WithMulticastDNSMode(ice.MulticastDNSModeDisabled), ice.WithCandidateTypes([]ice.CandidateType{ice.CandidateTypeHost}),
		ice.WithIncludeLoopback())
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { a.GracefulClose() })
	return a
}

// exchange gathers and tells each side of the other.
func (c *pair) exchange() (toServer, toClient [2]string) {
	c.t.Helper()
	su, sp := c.gather(c.server)
	cu, cp := c.gather(c.client)
	if err := c.view.Credentials(su, sp, cp); err != nil {
		c.t.Fatal(err)
	}
	for from, to := range map[*ice.Agent]*ice.Agent{c.server: c.client, c.client: c.server} {
		candidates, err := from.GetLocalCandidates()
		if err != nil || len(candidates) != 1 {
			c.t.Fatalf("%d candidates: %v", len(candidates), err)
		}
		copied, err := ice.UnmarshalCandidate(candidates[0].Marshal())
		if err != nil {
			c.t.Fatal(err)
		}
		if err := to.AddRemoteCandidate(copied); err != nil {
			c.t.Fatal(err)
		}
	}
	return [2]string{cu, cp}, [2]string{su, sp}
}

func (c *pair) gather(a *ice.Agent) (ufrag, password string) {
	c.t.Helper()
	done := make(chan struct{})
	err := a.OnCandidate(func(candidate ice.Candidate) {
		if candidate == nil {
			close(done)
		}
	})
	if err == nil {
		err = a.GatherCandidates()
	}
	if err != nil {
		c.t.Fatal(err)
	}
	<-done
	if ufrag, password, err = a.GetLocalUserCredentials(); err != nil {
		c.t.Fatal(err)
	}
	return ufrag, password
}

// connect has the two agents find each other.
func (c *pair) connect(ctx context.Context) (server, client net.Conn) {
	c.t.Helper()
	toServer, toClient := c.exchange()
	accepted := make(chan error, 1)
	go func() {
		conn, err := c.server.Accept(ctx, toServer[0], toServer[1])
		server = conn
		accepted <- err
	}()
	client, err := c.client.Dial(ctx, toClient[0], toClient[1])
	if err := errors.Join(err, <-accepted); err != nil {
		c.t.Fatal(err)
	}
	return server, client
}

// restart begins a new generation on both sides.
func (c *pair) restart() {
	c.t.Helper()
	if err := errors.Join(c.server.Restart("", ""), c.client.Restart("", "")); err != nil {
		c.t.Fatal(err)
	}
	toServer, toClient := c.exchange()
	err := errors.Join(c.server.SetRemoteCredentials(toServer[0], toServer[1]), c.client.SetRemoteCredentials(toClient[0], toClient[1]))
	if err != nil {
		c.t.Fatal(err)
	}
}

// say sends media as the client's own socket does, and waits until it has come.
func (c *pair) say() {
	c.t.Helper()
	before := c.count.Load()
	if _, err := c.socket.WriteTo(media, c.port.socket.LocalAddr()); err != nil {
		c.t.Fatal(err)
	}
	for deadline := time.Now().Add(5 * time.Second); c.count.Load() == before; time.Sleep(time.Millisecond) {
		if time.Now().After(deadline) {
			c.t.Fatalf("media does not come; dropped: %+v", c.port.Stats())
		}
	}
}

// hear sends over one conn and reads at the other.
func (c *pair) hear(from, to net.Conn) {
	c.t.Helper()
	// After a restart Pion has no pair for a while and the first ones are lost.
	for tries := 0; ; tries++ {
		_, _ = from.Write(hello)
		_ = to.SetReadDeadline(time.Now().Add(100 * time.Millisecond))
		n, err := to.Read(make([]byte, 2048))
		if err == nil && n == len(hello) {
			return
		}
		if tries == 50 {
			c.t.Fatalf("nothing is heard: %d bytes, %v; dropped: %+v", n, err, c.port.Stats())
		}
	}
}

func TestAgentsMeetOnOnePortAndRestart(t *testing.T) {
	ctx, cancel := context.WithTimeout(t.Context(), 30*time.Second)
	defer cancel()
	p := listen(t)
	for i := range 3 {
		t.Run(fmt.Sprint("agent ", i), func(t *testing.T) {
			c := newPair(t, p)
			server, client := c.connect(ctx)
			c.hear(client, server)
			c.hear(server, client)
			c.say()
			for range 2 {
				c.restart()
				c.say() // at once: it does not wait for ICE
				c.hear(client, server)
				c.hear(server, client)
				c.say()
			}
		})
	}
	p.mu.Lock()
	defer p.mu.Unlock()
	if len(p.generations)+len(p.holders)+len(p.questions) != 0 {
		t.Errorf("left behind: %d ufrags, %d addresses, %d questions", len(p.generations), len(p.holders), len(p.questions))
	}
}

func TestPeerConnectionsMeetOnOnePort(t *testing.T) {
	p := listen(t)
	for i := range 3 {
		t.Run(fmt.Sprint("peer ", i), func(t *testing.T) {
			var count atomic.Int64
			view := p.For(&count)
			defer view.Close()
			server := newPeer(t, func(s *webrtc.SettingEngine) { s.SetICEUDPMux(view) })
			server.OnDataChannel(func(d *webrtc.DataChannel) {
				d.OnMessage(func(m webrtc.DataChannelMessage) { d.SendText(string(m.Data)) })
			})
			client := newPeer(t, func(*webrtc.SettingEngine) {})
			chat, err := client.CreateDataChannel("chat", nil)
			if err != nil {
				t.Fatal(err)
			}
			back := make(chan string, 1)
			chat.OnOpen(func() { chat.SendText("madang") })
			chat.OnMessage(func(m webrtc.DataChannelMessage) { back <- string(m.Data) })
			negotiate(t, client, server, view)
			select {
			case got := <-back:
				if got != "madang" {
					t.Errorf("%q came back", got)
				}
			case <-time.After(20 * time.Second):
				t.Fatalf("nothing came back; dropped: %+v", p.Stats())
			}
		})
	}
}

func newPeer(t *testing.T, set func(*webrtc.SettingEngine)) *webrtc.PeerConnection {
	t.Helper()
	var s webrtc.SettingEngine
	s.SetIncludeLoopbackCandidate(true)
	s.SetIPFilter(func(ip net.IP) bool { return ip.IsLoopback() })
	s.SetNetworkTypes([]webrtc.NetworkType{webrtc.NetworkTypeUDP4})
	set(&s)
	pc, err := webrtc.NewAPI(webrtc.WithSettingEngine(s)).NewPeerConnection(webrtc.Configuration{})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { pc.GracefulClose() })
	return pc
}

// negotiate tells the view the passwords before the client learns of the ufrag.
func negotiate(t *testing.T, client, server *webrtc.PeerConnection, view *View[*atomic.Int64]) {
	t.Helper()
	offer := describe(t, client, client.CreateOffer)
	if err := server.SetRemoteDescription(*offer); err != nil {
		t.Fatal(err)
	}
	answer := describe(t, server, func(*webrtc.OfferOptions) (webrtc.SessionDescription, error) { return server.CreateAnswer(nil) })
	err := view.Credentials(attribute(answer, "ice-ufrag"), attribute(answer, "ice-pwd"), attribute(offer, "ice-pwd"))
	if err != nil {
		t.Fatal(err)
	}
	if err := client.SetRemoteDescription(*answer); err != nil {
		t.Fatal(err)
	}
}

func describe(t *testing.T, pc *webrtc.PeerConnection, create func(*webrtc.OfferOptions) (webrtc.SessionDescription, error)) *webrtc.SessionDescription {
	t.Helper()
	gathered := webrtc.GatheringCompletePromise(pc)
	d, err := create(nil)
	if err == nil {
		err = pc.SetLocalDescription(d)
	}
	if err != nil {
		t.Fatal(err)
	}
	<-gathered
	return pc.LocalDescription()
}

func attribute(d *webrtc.SessionDescription, name string) string {
	_, rest, _ := strings.Cut(d.SDP, "a="+name+":")
	value, _, _ := strings.Cut(rest, "\r\n")
	return value
}
