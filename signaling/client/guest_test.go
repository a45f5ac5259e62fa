package client_test

import (
	"context"
	"io"
	"net"
	"regexp"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/gorilla/websocket"
	"github.com/pion/webrtc/v4"

	"madang/signaling/protocol"
)

// guest is a client that keeps to no rules but those of its test: by hand.
type guest struct {
	t     *testing.T
	ws    *websocket.Conn
	lobby *protocol.Lobby
	pc    *webrtc.PeerConnection

	mu    sync.Mutex
	ended error // of reading the WebSocket
}

// smallBuffer is what the kernel is to hold of what a guest does not read.
const smallBuffer = 4 << 10

func newGuest(t *testing.T, url, room, name string) *guest {
	t.Helper()
	dialer := websocket.Dialer{
		Subprotocols: []string{protocol.Subprotocol},
		NetDialContext: func(ctx context.Context, network, address string) (net.Conn, error) {
			conn, err := new(net.Dialer).DialContext(ctx, network, address)
			if err == nil {
				_ = conn.(*net.TCPConn).SetReadBuffer(smallBuffer)
			}
			return conn, err
		},
	}
	ws, _, err := dialer.Dial(strings.Replace(url, "http", "ws", 1)+"/ws", nil)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { ws.Close() })
	g := &guest{t: t, ws: ws}
	g.lobby = ask[*protocol.Lobby](g, &protocol.Hello{ID: "1", V: protocol.Version, Room: room, Name: name})
	return g
}

// ask sends a request and reads up to its answer.
func ask[T protocol.Message](g *guest, request protocol.Message) T {
	g.t.Helper()
	g.send(request)
	for {
		_, data, err := g.ws.ReadMessage()
		if err != nil {
			g.t.Fatal(err)
		}
		switch m, _ := protocol.DecodeServer(data); m := m.(type) {
		case T:
			return m
		case *protocol.Error:
			g.t.Fatalf("%s was answered by %+v", request.Type(), m)
		}
	}
}

func (g *guest) send(m protocol.Message) {
	g.t.Helper()
	if err := g.ws.WriteMessage(websocket.TextMessage, protocol.Encode(m)); err != nil {
		g.t.Fatal(err)
	}
}

func (g *guest) enter() { ask[*protocol.Welcome](g, &protocol.Enter{ID: "3"}) }

// readWebSocket reads what nobody looks at, until the end.
func (g *guest) readWebSocket() {
	for {
		if _, _, err := g.ws.ReadMessage(); err != nil {
			g.mu.Lock()
			g.ended = err
			g.mu.Unlock()
			return
		}
	}
}

var (
	udpAlone = []webrtc.NetworkType{webrtc.NetworkTypeUDP4}
	tcpAlone = []webrtc.NetworkType{webrtc.NetworkTypeTCP4}
)

// way is how a guest has media: of one pair and one voice.
type way struct {
	networks []webrtc.NetworkType
	chat     bool                       // it has a chat channel, which is never read
	stand    func(answer string) string // changes the answer; nil: not
}

func (g *guest) join(w way) {
	g.t.Helper()
	must := func(err error) {
		g.t.Helper()
		if err != nil {
			g.t.Fatal(err)
		}
	}
	var settings webrtc.SettingEngine
	settings.SetIncludeLoopbackCandidate(true)
	settings.SetIPFilter(func(ip net.IP) bool { return ip.IsLoopback() })
	settings.SetNetworkTypes(w.networks)
	settings.SetSCTPMaxReceiveBufferSize(64 << 10)
	settings.DetachDataChannels()
	media := new(webrtc.MediaEngine)
	must(media.RegisterDefaultCodecs())
	pc, err := webrtc.NewAPI(webrtc.WithSettingEngine(settings), webrtc.WithMediaEngine(media)).NewPeerConnection(webrtc.Configuration{})
	must(err)
	g.pc = pc
	g.t.Cleanup(func() { _ = pc.GracefulClose() })
	opened, connected := make(chan struct{}), make(chan struct{})
	if !w.chat {
		close(opened)
	} else {
		negotiated, ordered, id := true, true, uint16(protocol.ChatID)
		channel, err := pc.CreateDataChannel(protocol.ChatLabel, &webrtc.DataChannelInit{Negotiated: &negotiated, Ordered: &ordered, ID: &id})
		must(err)
		channel.OnOpen(func() { close(opened) })
	}
	for _, kind := range []webrtc.RTPCodecType{webrtc.RTPCodecTypeAudio, webrtc.RTPCodecTypeVideo, webrtc.RTPCodecTypeAudio} {
		_, err := pc.AddTransceiverFromKind(kind, webrtc.RTPTransceiverInit{Direction: webrtc.RTPTransceiverDirectionRecvonly})
		must(err)
	}
	var once sync.Once
	pc.OnConnectionStateChange(func(state webrtc.PeerConnectionState) {
		if state == webrtc.PeerConnectionStateConnected {
			once.Do(func() { close(connected) })
		}
	})
	offer, err := pc.CreateOffer(nil)
	must(err)
	gathered := webrtc.GatheringCompletePromise(pc)
	must(pc.SetLocalDescription(offer))
	<-gathered
	joined := ask[*protocol.Joined](g, &protocol.Join{ID: "2", SDP: pc.LocalDescription().SDP})
	answer := joined.SDP
	if w.stand != nil {
		answer = w.stand(answer)
	}
	must(pc.SetRemoteDescription(webrtc.SessionDescription{Type: webrtc.SDPTypeAnswer, SDP: answer}))
	g.send(&protocol.Ready{Re: joined.Re})
	for what, done := range map[string]chan struct{}{"media path": connected, "chat channel": opened} {
		select {
		case <-done:
		case <-time.After(within):
			g.t.Fatalf("no %s", what)
		}
	}
}

// plug stands between a guest and the server's TCP port, and may stop to read what
// the server sends.
type plug struct {
	t      *testing.T
	listen net.Listener
	stuck  atomic.Bool
	server string // its address
}

func newPlug(t *testing.T) *plug {
	t.Helper()
	l, err := net.Listen("tcp4", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	p := &plug{t: t, listen: l}
	return p
}

var passive = regexp.MustCompile(`(a=candidate:\S+ 1 tcp \d+ )(\S+) (\d+)( typ host tcptype passive)`)

// stand has the guest take the plug for the server.
func (p *plug) stand(answer string) string {
	found := passive.FindStringSubmatch(answer)
	if found == nil {
		p.t.Fatalf("no TCP candidate in %s", answer)
	}
	p.server = net.JoinHostPort(found[2], found[3])
	var running sync.WaitGroup
	running.Go(p.accept)
	p.t.Cleanup(func() { p.listen.Close(); running.Wait() })
	_, port, _ := net.SplitHostPort(p.listen.Addr().String())
	return passive.ReplaceAllString(answer, "${1}127.0.0.1 "+port+"${4}")
}

func (p *plug) accept() {
	var running sync.WaitGroup
	defer running.Wait()
	for {
		client, err := p.listen.Accept()
		if err != nil {
			return
		}
		server, err := net.Dial("tcp4", p.server)
		if err != nil {
			client.Close()
			continue
		}
		_ = server.(*net.TCPConn).SetReadBuffer(smallBuffer)
		p.t.Cleanup(func() { client.Close(); server.Close() })
		go p.down(client, server)
		running.Go(func() {
			_, _ = io.Copy(server, client) // until either ends
			client.Close()
			server.Close()
		})
	}
}

// down carries what the server sends, until the plug is stuck.
func (p *plug) down(client, server net.Conn) {
	buf := make([]byte, 2048)
	for !p.stuck.Load() {
		n, err := server.Read(buf)
		if err != nil {
			return
		}
		if _, err := client.Write(buf[:n]); err != nil {
			return
		}
	}
}

func (p *plug) stick() { p.stuck.Store(true) }
