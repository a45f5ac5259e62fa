package client

import (
	"fmt"
	"net/url"
	"time"

	"github.com/pion/dtls/v3"
	"github.com/pion/ice/v4"
	"github.com/pion/interceptor"
	"github.com/pion/interceptor/pkg/nack"
	"github.com/pion/interceptor/pkg/report"
	"github.com/pion/interceptor/pkg/twcc"
	"github.com/pion/sdp/v3"
	"github.com/pion/webrtc/v4"
)

// resendHistory is how many packets of each stream that is sent are kept for
// retransmission: a second of 4 Mbit/s. A power of two.
const resendHistory = 512

// How long ICE waits for a server that has gone silent: as browsers do, less than
// Pion does by itself.
const (
	iceKeepalive    = 2 * time.Second
	iceDisconnected = 4 * time.Second
	iceFailed       = 20 * time.Second
)

// chatRepeats is the longest that the chat channel waits to send again what was not
// acknowledged, as the server does.
const chatRepeats = 2 * time.Second

// newPeerConnection makes a PeerConnection with as little as a browser needs:
// what hundreds of them in one process do not need is left out.
func newPeerConnection(o *Options, server *url.URL, servers []webrtc.ICEServer) (*webrtc.PeerConnection, error) {
	media, err := newMediaEngine(o.Codecs)
	if err != nil {
		return nil, err
	}
	interceptors, err := newInterceptors(o.ClockOffset)
	if err != nil {
		return nil, err
	}
	from, err := reachableFrom(server)
	if err != nil {
		return nil, fmt.Errorf("client: finding the way to %s: %w", server.Host, err)
	}
	sockets, err := newNetwork(o.WrapSocket)
	if err != nil {
		return nil, err
	}
	var settings webrtc.SettingEngine
	settings.SetNet(sockets)
	settings.SetIPFilter(from)
	settings.SetIncludeLoopbackCandidate(true)
	settings.SetNetworkTypes([]webrtc.NetworkType{webrtc.NetworkTypeUDP4, webrtc.NetworkTypeUDP6})
	settings.SetICEMulticastDNSMode(ice.MulticastDNSModeDisabled)
	settings.SetSCTPRTOMax(chatRepeats)
	settings.SetICETimeouts(iceDisconnected, iceFailed, iceKeepalive)
	settings.SetFireOnTrackBeforeFirstRTP(true)
	settings.SetSRTPProtectionProfiles(dtls.SRTP_AEAD_AES_128_GCM, dtls.SRTP_AES128_CM_HMAC_SHA1_80)
	api := webrtc.NewAPI(webrtc.WithMediaEngine(media), webrtc.WithInterceptorRegistry(interceptors),
		webrtc.WithSettingEngine(settings))
	return api.NewPeerConnection(webrtc.Configuration{ICEServers: servers, BundlePolicy: webrtc.BundlePolicyMaxBundle})
}

// videoCodec is a codec as Chromium offers it. The payload type after its own is
// its retransmissions'.
func videoCodec(name string) (codec webrtc.RTPCodecParameters, ok bool) {
	switch name {
	case "vp8":
		codec.MimeType, codec.PayloadType = webrtc.MimeTypeVP8, 96
	case "vp9":
		codec.MimeType, codec.PayloadType, codec.SDPFmtpLine = webrtc.MimeTypeVP9, 98, "profile-id=0"
	case "av1":
		codec.MimeType, codec.PayloadType, codec.SDPFmtpLine = webrtc.MimeTypeAV1, 45, "level-idx=5;profile=0;tier=0"
	case "h264":
		codec.MimeType, codec.PayloadType = webrtc.MimeTypeH264, 102
		codec.SDPFmtpLine = "level-asymmetry-allowed=1;packetization-mode=1;profile-level-id=42e01f"
	default:
		return codec, false
	}
	codec.ClockRate = 90000
	codec.RTCPFeedback = []webrtc.RTCPFeedback{
		{Type: "transport-cc"}, {Type: "ccm", Parameter: "fir"}, {Type: "nack"}, {Type: "nack", Parameter: "pli"},
	}
	return codec, true
}

// newMediaEngine registers Opus, the video codecs with their retransmissions,
// and the header extensions of a browser.
func newMediaEngine(codecs []string) (*webrtc.MediaEngine, error) {
	media := new(webrtc.MediaEngine)
	opus := webrtc.RTPCodecParameters{
		RTPCodecCapability: webrtc.RTPCodecCapability{
			MimeType: webrtc.MimeTypeOpus, ClockRate: 48000, Channels: 2,
			SDPFmtpLine: "minptime=10;useinbandfec=1", RTCPFeedback: []webrtc.RTCPFeedback{{Type: "transport-cc"}},
		},
		PayloadType: 111,
	}
	if err := media.RegisterCodec(opus, webrtc.RTPCodecTypeAudio); err != nil {
		return nil, err
	}
	for _, name := range codecs {
		codec, ok := videoCodec(name)
		if !ok {
			return nil, fmt.Errorf("client: there is no codec %q", name)
		}
		rtx := webrtc.RTPCodecParameters{
			RTPCodecCapability: webrtc.RTPCodecCapability{
				MimeType: webrtc.MimeTypeRTX, ClockRate: 90000, SDPFmtpLine: fmt.Sprintf("apt=%d", codec.PayloadType),
			},
			PayloadType: codec.PayloadType + 1,
		}
		for _, c := range []webrtc.RTPCodecParameters{codec, rtx} {
			if err := media.RegisterCodec(c, webrtc.RTPCodecTypeVideo); err != nil {
				return nil, err
			}
		}
	}
	return media, registerExtensions(media)
}

func registerExtensions(media *webrtc.MediaEngine) error {
	audio := []string{sdp.AudioLevelURI, sdp.ABSSendTimeURI, sdp.TransportCCURI, sdp.SDESMidURI}
	video := []string{
		sdp.ABSSendTimeURI, sdp.TransportCCURI, sdp.SDESMidURI, sdp.SDESRTPStreamIDURI, sdp.SDESRepairRTPStreamIDURI,
	}
	for kind, uris := range map[webrtc.RTPCodecType][]string{webrtc.RTPCodecTypeAudio: audio, webrtc.RTPCodecTypeVideo: video} {
		for _, uri := range uris {
			if err := media.RegisterHeaderExtension(webrtc.RTPHeaderExtensionCapability{URI: uri}, kind); err != nil {
				return err
			}
		}
	}
	return nil
}

// newInterceptors are those that answer NACKs, write reports, and number and
// acknowledge packets transport-wide. Missing packets are asked for by [Slot],
// since Pion's generator does not hear of retransmissions.
func newInterceptors(clockOffset time.Duration) (*interceptor.Registry, error) {
	responder, err := nack.NewResponderInterceptor(nack.ResponderSize(resendHistory))
	if err != nil {
		return nil, err
	}
	receiver, err := report.NewReceiverInterceptor()
	if err != nil {
		return nil, err
	}
	sender, err := report.NewSenderInterceptor(report.SenderNow(func() time.Time { return time.Now().Add(clockOffset) }))
	if err != nil {
		return nil, err
	}
	numbers, err := twcc.NewHeaderExtensionInterceptor()
	if err != nil {
		return nil, err
	}
	feedback, err := twcc.NewSenderInterceptor()
	if err != nil {
		return nil, err
	}
	registry := new(interceptor.Registry)
	for _, factory := range []interceptor.Factory{responder, receiver, sender, numbers, feedback} {
		registry.Add(factory)
	}
	return registry, nil
}
