package main

import (
	"errors"

	"github.com/pion/webrtc/v4"
)

// plain is the fan-out of Pion's own examples: what comes on the track is
// written to a TrackLocalStaticRTP that all subscribers share.
type plain struct {
	api   *webrtc.API
	track *webrtc.TrackLocalStaticRTP
}

func newPlain() (*plain, error) {
	track, err := webrtc.NewTrackLocalStaticRTP(webrtc.RTPCodecCapability{MimeType: webrtc.MimeTypeVP8}, "video", "publisher")
	if err != nil {
		return nil, err
	}
	settings := webrtc.SettingEngine{}
	settings.SetIncludeLoopbackCandidate(true)
	return &plain{api: webrtc.NewAPI(webrtc.WithSettingEngine(settings)), track: track}, nil
}

func (p *plain) publish(offer, _ string) (string, error) {
	pc, err := p.api.NewPeerConnection(webrtc.Configuration{})
	if err != nil {
		return "", err
	}
	pc.OnTrack(func(remote *webrtc.TrackRemote, _ *webrtc.RTPReceiver) {
		buf := make([]byte, 1500)
		for {
			n, _, err := remote.Read(buf)
			if err != nil {
				return
			}
			_, _ = p.track.Write(buf[:n])
		}
	})
	return answer(pc, offer)
}

func (p *plain) subscribe(offer string) (string, error) {
	pc, err := p.api.NewPeerConnection(webrtc.Configuration{})
	if err != nil {
		return "", err
	}
	sender, err := pc.AddTrack(p.track)
	if err != nil {
		return "", err
	}
	go func() {
		buf := make([]byte, 1500)
		for {
			if _, _, err := sender.Read(buf); err != nil {
				return
			}
		}
	}()
	return answer(pc, offer)
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
