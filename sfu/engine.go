package sfu

import (
	"fmt"
	"io"
	"net"
	"time"

	"github.com/pion/dtls/v3"
	"github.com/pion/ice/v4"
	"github.com/pion/interceptor"
	"github.com/pion/transport/v5/packetio"
	"github.com/pion/webrtc/v4"

	"madang/sfu/codec"
	"madang/sfu/demux"
	"madang/sfu/descriptor"
	"madang/sfu/keying"
)

// Header extensions that the media plane reads or writes (RFC 8843, RFC 8852,
// RFC 6464, draft-holmer-rmcat-transport-wide-cc-extensions-01).
const (
	extMid         = "urn:ietf:params:rtp-hdrext:sdes:mid"
	extRID         = "urn:ietf:params:rtp-hdrext:sdes:rtp-stream-id"
	extRepairedRID = "urn:ietf:params:rtp-hdrext:sdes:repaired-rtp-stream-id"
	extLevel       = "urn:ietf:params:rtp-hdrext:ssrc-audio-level"
	extTransport   = "http://www.ietf.org/id/draft-holmer-rmcat-transport-wide-cc-extensions-01"
)

// How long Pion waits for a peer that has gone silent.
const (
	iceDisconnected = 5 * time.Second
	iceFailed       = 15 * time.Second
)

// chatRepeats is the longest that the chat channel waits to send again what was not
// acknowledged; browsers have 0.8 s. Of a network that was gone for a while a minute
// (RFC 9260 section 16) would pass in silence.
const chatRepeats = 2 * time.Second

// bufferFactory makes what Pion writes an SSRC's decrypted packets into.
type bufferFactory func(kind packetio.BufferPacketType, ssrc uint32) io.ReadWriteCloser

// newAPI assembles Pion for one peer: nothing but SDP, ICE, DTLS-SRTP and SCTP.
// No interceptor runs: RTP and RTCP belong to the worker. heard listens to the
// handshake.
func newAPI(codecs *webrtc.MediaEngine, mux *demux.View[*endpoint], buffers bufferFactory, heard *keying.Association, logs *pionLogs) (*webrtc.API, error) {
	settings := webrtc.SettingEngine{LoggerFactory: logs, BufferFactory: buffers}
	// Chromium picks AES-CM, seven times as expensive as GCM, when it is the
	// DTLS server; so we are.
	if err := settings.SetAnsweringDTLSRole(webrtc.DTLSRoleServer); err != nil {
		return nil, fmt.Errorf("set the DTLS role: %w", err)
	}
	settings.SetSRTPProtectionProfiles(
		dtls.SRTP_AEAD_AES_128_GCM, dtls.SRTP_AEAD_AES_256_GCM, dtls.SRTP_AES128_CM_HMAC_SHA1_80)
	// What every browser has, with forward secrecy and authenticated encryption alone.
	settings.SetDTLSCipherSuites(
		dtls.TLS_ECDHE_ECDSA_WITH_AES_128_GCM_SHA256, dtls.TLS_ECDHE_ECDSA_WITH_AES_256_GCM_SHA384,
		dtls.TLS_ECDHE_ECDSA_WITH_CHACHA20_POLY1305_SHA256)
	settings.SetDTLSKeyLogWriter(heard)
	settings.SetDTLSServerHelloMessageHook(heard.ServerHello)
	settings.SetICEUDPMux(mux)
	settings.SetNetworkTypes([]webrtc.NetworkType{webrtc.NetworkTypeUDP4, webrtc.NetworkTypeUDP6})
	settings.SetICEMulticastDNSMode(ice.MulticastDNSModeDisabled)
	settings.SetIncludeLoopbackCandidate(true) // the mux says which addresses are offered
	settings.SetIPFilter(func(net.IP) bool { return true })
	settings.DisableActiveTCP(true)                        // or the server would dial where a client says
	settings.SetICETimeouts(iceDisconnected, iceFailed, 0) // the demultiplexer keeps the pair alive
	settings.SetSCTPMaxReceiveBufferSize(256 << 10)
	settings.SetSCTPRTOMax(chatRepeats)
	settings.DisableCloseByDTLS(true) // the session decides
	settings.SetICEBindingRequestHandler((&follower{mux}).check)
	settings.DetachDataChannels()
	settings.SetFireOnTrackBeforeFirstRTP(true) // or a goroutine would wait for that on each line
	return webrtc.NewAPI(
		webrtc.WithMediaEngine(codecs),
		webrtc.WithSettingEngine(settings),
		webrtc.WithInterceptorRegistry(&interceptor.Registry{}),
	), nil
}

// videoFormats are the video formats that Madang answers with, one profile
// each, the one that everybody decodes.
var videoFormats = map[codec.Codec]struct {
	mime, parameters string
	number           webrtc.PayloadType // only until an offer says another
}{
	codec.VP8:  {webrtc.MimeTypeVP8, "", 96},
	codec.VP9:  {webrtc.MimeTypeVP9, "profile-id=0", 98},
	codec.H264: {webrtc.MimeTypeH264, "level-asymmetry-allowed=1;packetization-mode=1;profile-level-id=42e01f", 102},
	codec.AV1:  {webrtc.MimeTypeAV1, "profile=0", 45},
}

// newMediaEngine says what is negotiated. Each PeerConnection takes a copy.
func newMediaEngine(media MediaConfig) (*webrtc.MediaEngine, error) {
	m := &webrtc.MediaEngine{}
	add := func(kind webrtc.RTPCodecType, number webrtc.PayloadType, c webrtc.RTPCodecCapability) error {
		return m.RegisterCodec(webrtc.RTPCodecParameters{RTPCodecCapability: c, PayloadType: number}, kind)
	}
	feedback := []webrtc.RTCPFeedback{{Type: "transport-cc"}}
	audio := []webrtc.RTPCodecCapability{
		{MimeType: webrtc.MimeTypeOpus, ClockRate: 48000, Channels: 2, SDPFmtpLine: "minptime=10;useinbandfec=1", RTCPFeedback: feedback},
		{MimeType: "audio/red", ClockRate: 48000, Channels: 2, SDPFmtpLine: "111/111"},
	}
	for i, c := range audio {
		if err := add(webrtc.RTPCodecTypeAudio, []webrtc.PayloadType{111, 63}[i], c); err != nil {
			return nil, fmt.Errorf("register %s: %w", c.MimeType, err)
		}
	}
	feedback = append(feedback, webrtc.RTCPFeedback{Type: "nack"},
		webrtc.RTCPFeedback{Type: "nack", Parameter: "pli"}, webrtc.RTCPFeedback{Type: "ccm", Parameter: "fir"})
	for _, name := range media.Codecs {
		c, _ := codec.FromName(name)
		f := videoFormats[c]
		err := add(webrtc.RTPCodecTypeVideo, f.number, webrtc.RTPCodecCapability{
			MimeType: f.mime, ClockRate: 90000, SDPFmtpLine: f.parameters, RTCPFeedback: feedback})
		if err == nil {
			err = add(webrtc.RTPCodecTypeVideo, f.number+1, webrtc.RTPCodecCapability{
				MimeType: webrtc.MimeTypeRTX, ClockRate: 90000, SDPFmtpLine: fmt.Sprintf("apt=%d", f.number)})
		}
		if err != nil {
			return nil, fmt.Errorf("register %s: %w", name, err)
		}
	}
	return m, registerExtensions(m, media.Codecs[0] == codec.AV1.String())
}

// registerExtensions takes the dependency descriptor for AV1 alone, which has no
// other word on its layers: Chromium leaves picture ids out of VP8 beside it.
func registerExtensions(m *webrtc.MediaEngine, described bool) error {
	both := []webrtc.RTPCodecType{webrtc.RTPCodecTypeAudio, webrtc.RTPCodecTypeVideo}
	up := []webrtc.RTPTransceiverDirection{webrtc.RTPTransceiverDirectionRecvonly}
	type extension struct {
		uri        string
		kinds      []webrtc.RTPCodecType
		directions []webrtc.RTPTransceiverDirection
	}
	all := []extension{
		{extMid, both, nil},
		{extTransport, both, nil},
		{extRID, both[1:], up},
		{extRepairedRID, both[1:], up},
		{extLevel, both[:1], up},
	}
	if described {
		all = append(all, extension{descriptor.URI, both[1:], nil})
	}
	for _, e := range all {
		for _, kind := range e.kinds {
			if err := m.RegisterHeaderExtension(webrtc.RTPHeaderExtensionCapability{URI: e.uri}, kind, e.directions...); err != nil {
				return fmt.Errorf("register the header extension %s: %w", e.uri, err)
			}
		}
	}
	return nil
}
