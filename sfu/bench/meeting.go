package main

import (
	"bufio"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"sync/atomic"
	"time"

	"github.com/pion/interceptor"
	"github.com/pion/rtcp"
	"github.com/pion/rtp"
	"github.com/pion/webrtc/v4"
)

// meeting is one server process with its publisher and subscribers.
type meeting struct {
	variant  string
	process  *exec.Cmd
	in       io.WriteCloser
	out      *bufio.Scanner
	api      *webrtc.API
	track    *webrtc.TrackLocalStaticRTP
	clients  []*webrtc.PeerConnection
	received atomic.Uint64
	keyframe atomic.Bool // somebody asked for one
	sequence uint16
	frame    uint32
}

// startMeeting starts the server and waits until every subscriber receives.
func startMeeting(variant string, s settings) (*meeting, error) {
	self, err := os.Executable()
	if err != nil {
		return nil, err
	}
	m := &meeting{variant: variant, process: exec.Command(self, "-serve", variant)}
	m.process.Stderr = os.Stderr
	if m.in, err = m.process.StdinPipe(); err != nil {
		return nil, err
	}
	out, err := m.process.StdoutPipe()
	if err != nil {
		return nil, err
	}
	m.out = bufio.NewScanner(out)
	m.out.Buffer(nil, 1<<20)
	if err := m.process.Start(); err != nil {
		return nil, err
	}
	if err := m.gather(s); err != nil {
		m.close()
		return nil, err
	}
	return m, nil
}

func (m *meeting) gather(s settings) error {
	// The subscribers do no more than receive: what they cost is not measured,
	// but they share the machine. Receiver reports are what every browser sends.
	engine := &webrtc.MediaEngine{}
	if err := engine.RegisterDefaultCodecs(); err != nil {
		return err
	}
	registry := &interceptor.Registry{}
	if err := webrtc.ConfigureRTCPReports(registry); err != nil {
		return err
	}
	settings := webrtc.SettingEngine{}
	settings.SetIncludeLoopbackCandidate(true)
	m.api = webrtc.NewAPI(webrtc.WithMediaEngine(engine), webrtc.WithInterceptorRegistry(registry), webrtc.WithSettingEngine(settings))
	if err := m.publish(); err != nil {
		return fmt.Errorf("publish: %w", err)
	}
	var receiving atomic.Int32
	for range s.subscribers {
		if err := m.subscribe(&receiving); err != nil {
			return fmt.Errorf("subscribe: %w", err)
		}
	}
	for deadline := time.Now().Add(time.Minute); int(receiving.Load()) < s.subscribers; {
		m.send(s, 100*time.Millisecond)
		if time.Now().After(deadline) {
			return fmt.Errorf("only %d of %d subscribers receive", receiving.Load(), s.subscribers)
		}
	}
	return nil
}

func (m *meeting) publish() error {
	pc, err := m.api.NewPeerConnection(webrtc.Configuration{})
	if err != nil {
		return err
	}
	m.clients = append(m.clients, pc)
	if m.track, err = webrtc.NewTrackLocalStaticRTP(webrtc.RTPCodecCapability{MimeType: webrtc.MimeTypeVP8}, "video", "publisher"); err != nil {
		return err
	}
	t, err := pc.AddTransceiverFromTrack(m.track, webrtc.RTPTransceiverInit{Direction: webrtc.RTPTransceiverDirectionSendonly})
	if err != nil {
		return err
	}
	go func() {
		for {
			packets, _, err := t.Sender().ReadRTCP()
			if err != nil {
				return
			}
			for _, p := range packets {
				if _, ok := p.(*rtcp.PictureLossIndication); ok {
					m.keyframe.Store(true)
				}
			}
		}
	}()
	connected := make(chan struct{})
	pc.OnConnectionStateChange(func(state webrtc.PeerConnectionState) {
		if state == webrtc.PeerConnectionStateConnected {
			close(connected)
		}
	})
	if err := m.offer(pc, "publish", t); err != nil {
		return err
	}
	<-connected
	return nil
}

func (m *meeting) subscribe(receiving *atomic.Int32) error {
	pc, err := m.api.NewPeerConnection(webrtc.Configuration{})
	if err != nil {
		return err
	}
	m.clients = append(m.clients, pc)
	for _, kind := range []webrtc.RTPCodecType{webrtc.RTPCodecTypeAudio, webrtc.RTPCodecTypeVideo} {
		_, err := pc.AddTransceiverFromKind(kind, webrtc.RTPTransceiverInit{Direction: webrtc.RTPTransceiverDirectionRecvonly})
		if err != nil {
			return err
		}
	}
	pc.OnTrack(func(track *webrtc.TrackRemote, _ *webrtc.RTPReceiver) {
		buf := make([]byte, 1500)
		for first := true; ; first = false {
			if _, _, err := track.Read(buf); err != nil {
				return
			}
			if first {
				receiving.Add(1)
			}
			m.received.Add(1)
		}
	})
	return m.offer(pc, "subscribe", nil)
}

// offer negotiates a client with the server.
func (m *meeting) offer(pc *webrtc.PeerConnection, do string, published *webrtc.RTPTransceiver) error {
	o, err := pc.CreateOffer(nil)
	if err != nil {
		return err
	}
	gathered := webrtc.GatheringCompletePromise(pc)
	if err := pc.SetLocalDescription(o); err != nil {
		return err
	}
	<-gathered
	req := request{Do: do, Offer: pc.LocalDescription().SDP}
	if published != nil {
		req.Mid = published.Mid()
	}
	r, err := m.ask(req)
	if err != nil {
		return err
	}
	return pc.SetRemoteDescription(webrtc.SessionDescription{Type: webrtc.SDPTypeAnswer, SDP: r.Answer})
}

func (m *meeting) ask(req request) (reply, error) {
	var r reply
	if err := json.NewEncoder(m.in).Encode(req); err != nil {
		return r, err
	}
	if !m.out.Scan() {
		return r, errors.New("the server process ended")
	}
	if err := json.Unmarshal(m.out.Bytes(), &r); err != nil {
		return r, err
	}
	if r.Error != "" {
		return r, errors.New(r.Error)
	}
	return r, nil
}

// round sends for a while and asks what it cost.
func (m *meeting) round(s settings) (round, error) {
	before, err := m.ask(request{Do: "usage"})
	if err != nil {
		return round{}, err
	}
	received := m.received.Load()
	sent := m.send(s, s.length)
	time.Sleep(100 * time.Millisecond) // for what is under way
	after, err := m.ask(request{Do: "usage"})
	if err != nil {
		return round{}, err
	}
	r := round{Variant: m.variant, CPU: after.CPU - before.CPU, Forwarded: m.received.Load() - received, Expected: uint64(sent * s.subscribers)}
	r.PerPacket = float64(r.CPU.Nanoseconds()) / 1000 / float64(max(r.Forwarded, 1))
	return r, nil
}

// send publishes frames of several packets, 25 a second, for a while.
func (m *meeting) send(s settings, length time.Duration) (sent int) {
	const fps = 25
	frames := time.NewTicker(time.Second / fps)
	defer frames.Stop()
	payload := make([]byte, s.size)
	for end := time.Now().Add(length); time.Now().Before(end); <-frames.C {
		m.frame++
		key := m.keyframe.Swap(false)
		for i := range max(1, s.rate/fps) {
			describe(payload, i == 0, key, uint16(m.frame))
			m.sequence++
			_ = m.track.WriteRTP(&rtp.Packet{Header: rtp.Header{
				Version: 2, SequenceNumber: m.sequence, Timestamp: m.frame * 90_000 / fps, Marker: i == s.rate/fps-1,
			}, Payload: payload})
			sent++
		}
	}
	return sent
}

// describe writes a VP8 payload descriptor with a 15-bit picture id, and the
// beginning of a frame (RFC 7741 section 4).
func describe(payload []byte, start, key bool, picture uint16) {
	payload[0], payload[1], payload[2], payload[3] = 0x80, 0x80, 0x80|byte(picture>>8), byte(picture)
	payload[4] = 1
	if start {
		payload[0] |= 0x10
	}
	if key {
		copy(payload[4:], []byte{0x10, 0, 0, 0x9d, 0x01, 0x2a, 0x40, 0x01, 0xb4, 0x00})
	}
}

// close ends the server and the clients.
func (m *meeting) close() {
	for _, pc := range m.clients {
		_ = pc.Close()
	}
	_ = m.in.Close()
	_ = m.process.Wait()
}
