package main

import (
	"errors"
	"fmt"
	"sync"

	"github.com/pion/webrtc/v4"
)

// plain is the fan-out of Pion's own examples: what comes on a track is written
// to a TrackLocalStaticRTP that all subscribers share, with the interceptors that
// Pion has by default.
type plain struct {
	scenario scenario
	api      *webrtc.API

	mu    sync.Mutex
	rooms map[int]*plainRoom
}

type plainRoom struct {
	tracks   []*webrtc.TrackLocalStaticRTP // one per publisher
	channels map[int]*webrtc.DataChannel   // by member
}

func newPlain(s scenario) *plain {
	settings := webrtc.SettingEngine{}
	settings.SetIncludeLoopbackCandidate(true)
	return &plain{scenario: s, api: webrtc.NewAPI(webrtc.WithSettingEngine(settings)), rooms: map[int]*plainRoom{}}
}

// room returns a room with a track for each publisher.
func (p *plain) room(number int) (*plainRoom, error) {
	p.mu.Lock()
	defer p.mu.Unlock()
	if r := p.rooms[number]; r != nil {
		return r, nil
	}
	r := &plainRoom{channels: map[int]*webrtc.DataChannel{}}
	mime := webrtc.MimeTypeVP8
	if p.scenario.Media == audio {
		mime = webrtc.MimeTypeOpus
	}
	for i := range p.scenario.Publishers {
		track, err := webrtc.NewTrackLocalStaticRTP(webrtc.RTPCodecCapability{MimeType: mime}, fmt.Sprintf("track-%d", i), fmt.Sprintf("member-%d", i))
		if err != nil {
			return nil, err
		}
		r.tracks = append(r.tracks, track)
	}
	p.rooms[number] = r
	return r, nil
}

func (p *plain) join(room, member int, offer string) (string, error) {
	r, err := p.room(room)
	if err != nil {
		return "", err
	}
	pc, err := p.api.NewPeerConnection(webrtc.Configuration{})
	if err != nil {
		return "", err
	}
	if member < p.scenario.Publishers && p.scenario.Media != chat {
		pc.OnTrack(func(remote *webrtc.TrackRemote, _ *webrtc.RTPReceiver) { relay(remote, r.tracks[member]) })
	}
	if err := p.openChat(pc, r, member); err != nil {
		return "", err
	}
	left := p.scenario.receives(member)
	for i, track := range r.tracks {
		if i == member || left == 0 {
			continue
		}
		left--
		sender, err := pc.AddTrack(track)
		if err != nil {
			return "", err
		}
		go discardRTCP(sender)
	}
	return answer(pc, offer)
}

func (p *plain) openChat(pc *webrtc.PeerConnection, r *plainRoom, member int) error {
	negotiated, id := true, uint16(0)
	channel, err := pc.CreateDataChannel("chat", &webrtc.DataChannelInit{Negotiated: &negotiated, ID: &id})
	if err != nil {
		return err
	}
	p.mu.Lock()
	r.channels[member] = channel
	p.mu.Unlock()
	channel.OnMessage(func(m webrtc.DataChannelMessage) {
		p.mu.Lock()
		defer p.mu.Unlock()
		for other, c := range r.channels {
			if other != member && c.ReadyState() == webrtc.DataChannelStateOpen {
				_ = c.SendText(string(m.Data))
			}
		}
	})
	return nil
}

// relay writes what comes on one track to another until it ends.
func relay(from *webrtc.TrackRemote, to *webrtc.TrackLocalStaticRTP) {
	buf := make([]byte, 1500)
	for {
		n, _, err := from.Read(buf)
		if err != nil {
			return
		}
		_, _ = to.Write(buf[:n])
	}
}

// discardRTCP lets the interceptors see what a subscriber says.
func discardRTCP(sender *webrtc.RTPSender) {
	buf := make([]byte, 1500)
	for {
		if _, _, err := sender.Read(buf); err != nil {
			return
		}
	}
}

func answer(pc *webrtc.PeerConnection, offer string) (string, error) {
	if err := pc.SetRemoteDescription(webrtc.SessionDescription{Type: webrtc.SDPTypeOffer, SDP: offer}); err != nil {
		return "", err
	}
	a, err := pc.CreateAnswer(nil)
	if err != nil {
		return "", err
	}
	gathered := webrtc.GatheringCompletePromise(pc)
	if err := pc.SetLocalDescription(a); err != nil {
		return "", err
	}
	<-gathered
	if pc.LocalDescription() == nil {
		return "", errors.New("there is no answer")
	}
	return pc.LocalDescription().SDP, nil
}
