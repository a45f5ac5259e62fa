package main

import (
	"fmt"
	"net"
	"strings"

	"github.com/pion/dtls/v3"
	"github.com/pion/ice/v4"
	"github.com/pion/interceptor"
	"github.com/pion/webrtc/v4"
)

// bare answers with a PeerConnection that has a member's lines and forwards
// nothing: what is left when all of Madang is taken away from a member. It is
// configured as Madang's own, and shares one UDP port by Pion's means.
type bare struct{ api *webrtc.API }

func newBare() (*bare, error) {
	socket, err := net.ListenUDP("udp4", &net.UDPAddr{IP: net.IPv4(127, 0, 0, 1)})
	if err != nil {
		return nil, err
	}
	engine, err := bareEngine()
	if err != nil {
		return nil, err
	}
	settings := webrtc.SettingEngine{}
	if err := settings.SetAnsweringDTLSRole(webrtc.DTLSRoleServer); err != nil {
		return nil, err
	}
	settings.SetSRTPProtectionProfiles(dtls.SRTP_AEAD_AES_128_GCM)
	settings.SetICEUDPMux(ice.NewUDPMuxDefault(ice.UDPMuxParams{UDPConn: socket}))
	settings.SetNetworkTypes([]webrtc.NetworkType{webrtc.NetworkTypeUDP4, webrtc.NetworkTypeUDP6})
	settings.SetICEMulticastDNSMode(ice.MulticastDNSModeDisabled)
	settings.SetIncludeLoopbackCandidate(true)
	settings.DisableActiveTCP(true)
	settings.SetSCTPMaxReceiveBufferSize(256 << 10)
	return &bare{webrtc.NewAPI(webrtc.WithMediaEngine(engine), webrtc.WithSettingEngine(settings),
		webrtc.WithInterceptorRegistry(&interceptor.Registry{}))}, nil
}

// bareEngine knows the codecs that members offer.
func bareEngine() (*webrtc.MediaEngine, error) {
	m := &webrtc.MediaEngine{}
	for _, c := range []struct {
		kind webrtc.RTPCodecType
		webrtc.RTPCodecParameters
	}{
		{webrtc.RTPCodecTypeAudio, bareCodec(111, webrtc.MimeTypeOpus, 48_000, "minptime=10;useinbandfec=1")},
		{webrtc.RTPCodecTypeVideo, bareCodec(96, webrtc.MimeTypeVP8, 90_000, "")},
		{webrtc.RTPCodecTypeVideo, bareCodec(97, webrtc.MimeTypeRTX, 90_000, "apt=96")},
	} {
		if err := m.RegisterCodec(c.RTPCodecParameters, c.kind); err != nil {
			return nil, err
		}
	}
	return m, nil
}

func bareCodec(number webrtc.PayloadType, mime string, clock uint32, parameters string) webrtc.RTPCodecParameters {
	c := webrtc.RTPCodecCapability{MimeType: mime, ClockRate: clock, SDPFmtpLine: parameters}
	if clock == 48_000 {
		c.Channels = 2
	}
	return webrtc.RTPCodecParameters{RTPCodecCapability: c, PayloadType: number}
}

func (b *bare) join(_, _ int, offer string) (string, error) {
	pc, err := b.api.NewPeerConnection(webrtc.Configuration{})
	if err != nil {
		return "", err
	}
	negotiated, id := true, uint16(0)
	if _, err := pc.CreateDataChannel("chat", &webrtc.DataChannelInit{Negotiated: &negotiated, ID: &id}); err != nil {
		return "", err
	}
	for i, line := range strings.Split(offer, "\r\nm=")[1:] {
		mime := webrtc.MimeTypeOpus
		if strings.HasPrefix(line, "video") {
			mime = webrtc.MimeTypeVP8
		}
		if !strings.Contains(line, "a=recvonly") {
			continue
		}
		track, err := webrtc.NewTrackLocalStaticRTP(webrtc.RTPCodecCapability{MimeType: mime}, fmt.Sprint("slot-", i), "bare")
		if err != nil {
			return "", err
		}
		if _, err := pc.AddTransceiverFromTrack(track, webrtc.RTPTransceiverInit{Direction: webrtc.RTPTransceiverDirectionSendonly}); err != nil {
			return "", err
		}
	}
	return answer(pc, offer)
}
