package keying_test

import (
	"bytes"
	"fmt"
	"net"
	"net/netip"
	"slices"
	"sync"
	"testing"
	"time"

	"github.com/pion/dtls/v3"
	"github.com/pion/ice/v4"
	"github.com/pion/interceptor"
	"github.com/pion/logging"
	"github.com/pion/rtcp"
	"github.com/pion/rtp"
	"github.com/pion/webrtc/v4"

	"madang/sfu/keying"
	"madang/sfu/rtpview"
	"madang/sfu/srtp"
)

// tap is a UDP port that keeps the media that passes over it.
type tap struct {
	*net.UDPConn
	mu      sync.Mutex
	in, out [][]byte
}

// ReadFrom keeps what the client sealed.
func (p *tap) ReadFrom(b []byte) (int, net.Addr, error) {
	n, from, err := p.UDPConn.ReadFrom(b)
	p.keep(&p.in, b[:n])
	return n, from, err
}

// WriteTo keeps what the server sealed.
func (p *tap) WriteTo(b []byte, to net.Addr) (int, error) {
	p.keep(&p.out, b)
	return p.UDPConn.WriteTo(b, to)
}

// ReadFromAddrPort and WriteToAddrPort are what Pion takes for the same where
// there is such a thing.
func (p *tap) ReadFromAddrPort(b []byte) (int, netip.AddrPort, error) {
	n, from, err := p.ReadFromUDPAddrPort(b)
	p.keep(&p.in, b[:n])
	return n, from, err
}

func (p *tap) WriteToAddrPort(b []byte, to netip.AddrPort) (int, error) {
	p.keep(&p.out, b)
	return p.WriteToUDPAddrPort(b, to)
}

func (p *tap) keep(at *[][]byte, datagram []byte) {
	if len(datagram) > 1 && datagram[0]>>6 == 2 {
		p.mu.Lock()
		defer p.mu.Unlock()
		*at = append(*at, slices.Clone(datagram))
	}
}

// peer is a PeerConnection that sends one track.
type peer struct {
	pc    *webrtc.PeerConnection
	track *webrtc.TrackLocalStaticRTP
}

// newPeer makes a peer that sends nothing by itself but what it is told to.
func newPeer(t *testing.T, s webrtc.SettingEngine, profile dtls.SRTPProtectionProfile) *peer {
	t.Helper()
	s.SetSRTPProtectionProfiles(profile)
	s.SetIncludeLoopbackCandidate(true)
	s.SetIPFilter(func(ip net.IP) bool { return ip.IsLoopback() })
	s.SetNetworkTypes([]webrtc.NetworkType{webrtc.NetworkTypeUDP4})
	s.SetICEMulticastDNSMode(ice.MulticastDNSModeDisabled)
	m := &webrtc.MediaEngine{}
	if err := m.RegisterDefaultCodecs(); err != nil {
		t.Fatal(err)
	}
	api := webrtc.NewAPI(webrtc.WithMediaEngine(m), webrtc.WithInterceptorRegistry(&interceptor.Registry{}), webrtc.WithSettingEngine(s))
	pc, err := api.NewPeerConnection(webrtc.Configuration{})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = pc.GracefulClose() })
	track, err := webrtc.NewTrackLocalStaticRTP(webrtc.RTPCodecCapability{MimeType: webrtc.MimeTypeOpus}, "mic", "me")
	if err == nil {
		_, err = pc.AddTrack(track)
	}
	if err != nil {
		t.Fatal(err)
	}
	return &peer{pc, track}
}

// connect has a client offer to a server.
func connect(t *testing.T, client, server *peer) {
	t.Helper()
	connected := make(chan struct{}, 2)
	for _, p := range []*peer{client, server} {
		p.pc.OnConnectionStateChange(func(s webrtc.PeerConnectionState) {
			if s == webrtc.PeerConnectionStateConnected {
				connected <- struct{}{}
			}
		})
	}
	describe := func(p *peer, make func() (webrtc.SessionDescription, error)) webrtc.SessionDescription {
		d, err := make()
		if err != nil {
			t.Fatal(err)
		}
		gathered := webrtc.GatheringCompletePromise(p.pc)
		if err := p.pc.SetLocalDescription(d); err != nil {
			t.Fatal(err)
		}
		<-gathered
		return *p.pc.LocalDescription()
	}
	offer := describe(client, func() (webrtc.SessionDescription, error) { return client.pc.CreateOffer(nil) })
	if err := server.pc.SetRemoteDescription(offer); err != nil {
		t.Fatal(err)
	}
	answer := describe(server, func() (webrtc.SessionDescription, error) { return server.pc.CreateAnswer(nil) })
	if err := client.pc.SetRemoteDescription(answer); err != nil {
		t.Fatal(err)
	}
	for range 2 {
		select {
		case <-connected:
		case <-time.After(20 * time.Second):
			t.Fatal("not connected after 20 s")
		}
	}
}

const said = 50 // packets of each kind, each way

// say sends packets of media and reports, whose content tells them.
func (p *peer) say(t *testing.T, name string) {
	t.Helper()
	for i := range uint16(said) {
		err := p.track.WriteRTP(&rtp.Packet{
			Header:  rtp.Header{Version: 2, SequenceNumber: 65_510 + i, Timestamp: uint32(i) * 960}, // goes round
			Payload: fmt.Appendf(nil, "sound %d of %s", i, name),
		})
		if err == nil {
			err = p.pc.WriteRTCP([]rtcp.Packet{&rtcp.ApplicationDefined{SSRC: uint32(len(name)), Name: "test", Data: fmt.Appendf(nil, "%04d", i)}})
		}
		if err != nil {
			t.Fatal(err)
		}
	}
}

// all tells whether everything has passed.
func (p *tap) all() bool {
	p.mu.Lock()
	defer p.mu.Unlock()
	return len(p.in) >= 2*said && len(p.out) >= 2*said
}

// opened is how many datagrams of a side an opener opens that say what was said.
func opened(t *testing.T, m srtp.Master, datagrams [][]byte, name string) (media, reports int) {
	t.Helper()
	opener, err := srtp.NewOpener(m)
	if err != nil {
		t.Fatal(err)
	}
	for _, d := range datagrams {
		if rtpview.IsRTCP(d) {
			packet, err := opener.RTCP(d)
			if err != nil {
				t.Fatalf("a report of the %s: %v", name, err)
			}
			if bytes.HasSuffix(packet, fmt.Appendf(nil, "test%04d", reports)) {
				reports++
			}
			continue
		}
		n, _ := rtpview.HeaderLen(d)
		packet, err := opener.RTP(d, n)
		if err != nil {
			t.Fatalf("a packet of the %s: %v", name, err)
		}
		if string(packet[n:]) == fmt.Sprintf("sound %d of %s", media, name) {
			media++
		}
	}
	return media, reports
}

// The whole way: what two of Pion's PeerConnections send each other, media and
// reports, opens with the keys that were overheard on the server.
func TestKeysOpenWhatPeerConnectionsSend(t *testing.T) {
	for _, profile := range []dtls.SRTPProtectionProfile{dtls.SRTP_AEAD_AES_128_GCM, dtls.SRTP_AEAD_AES_256_GCM} {
		t.Run(fmt.Sprintf("profile 0x%04x", uint16(profile)), func(t *testing.T) {
			socket, err := net.ListenUDP("udp4", &net.UDPAddr{IP: net.IPv4(127, 0, 0, 1)})
			if err != nil {
				t.Fatal(err)
			}
			port, heard, s := &tap{UDPConn: socket}, &keying.Association{}, webrtc.SettingEngine{}
			t.Cleanup(func() { _ = socket.Close() })
			s.SetICEUDPMux(webrtc.NewICEUDPMux((&logging.DefaultLoggerFactory{}).NewLogger("ice"), port))
			s.SetDTLSKeyLogWriter(heard)
			s.SetDTLSServerHelloMessageHook(heard.ServerHello)
			if err := s.SetAnsweringDTLSRole(webrtc.DTLSRoleServer); err != nil {
				t.Fatal(err)
			}
			client, server := newPeer(t, webrtc.SettingEngine{}, profile), newPeer(t, s, profile)
			connect(t, client, server)
			client.say(t, "client")
			server.say(t, "server")
			for deadline := time.Now().Add(10 * time.Second); !port.all(); time.Sleep(10 * time.Millisecond) {
				if time.Now().After(deadline) {
					t.Fatalf("%d datagrams came and %d left", len(port.in), len(port.out))
				}
			}
			theirs, ours, err := heard.Keys()
			if err != nil {
				t.Fatal(err)
			}
			port.mu.Lock()
			defer port.mu.Unlock()
			for _, side := range []struct {
				name      string
				key       srtp.Master
				datagrams [][]byte
			}{{"client", theirs, port.in}, {"server", ours, port.out}} {
				if media, reports := opened(t, side.key, side.datagrams, side.name); media != said || reports != said {
					t.Errorf("%d packets and %d reports of the %s say what was said", media, reports, side.name)
				}
			}
		})
	}
}
