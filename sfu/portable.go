package sfu

import (
	"github.com/pion/rtcp"
	"github.com/pion/rtp"
	"github.com/pion/webrtc/v4"

	"madang/sfu/rtpout"
)

// portable is the path on which Pion seals and sends: any platform, any cipher.
type portable struct {
	pc     *webrtc.PeerConnection
	writer webrtc.TrackLocalWriter // nil while the peer has no slots
	counts *counters
	header rtp.Header // scratch
}

// WriteRTP seals and sends one packet. Any slot's writer serves all: SRTP
// contexts are per session, and the SSRC is read from the header.
func (p *portable) WriteRTP(packet *rtpout.Packet) {
	if p.writer == nil {
		return
	}
	if _, err := p.header.Unmarshal(packet.Head); err != nil {
		p.counts.dropPath.Add(1)
		return
	}
	p.header.PaddingSize = packet.Padding
	n, err := p.writer.WriteRTP(&p.header, packet.Payload)
	if err != nil || n == 0 { // closing, or so early that there are no keys yet
		p.counts.dropPath.Add(1)
		return
	}
	p.counts.packetsOut.Add(1)
	p.counts.bytesOut.Add(uint64(n))
}

// WriteRTCP seals and sends. What fails to leave will be said again.
func (p *portable) WriteRTCP(packets []rtcp.Packet) { _ = p.pc.WriteRTCP(packets) }

// slotTrack is a slot as Pion's sender sees it: it takes the SSRCs and the
// writer that the sender has, and leaves the rest to the worker.
type slotTrack struct {
	media    Media
	id, pair string
	// Where Pion put it: known once the offer is, and once the answer is.
	transceiver *webrtc.RTPTransceiver
	bound       webrtc.TrackLocalContext
}

// Bind is called by Pion when the answer is set. The codec that it wants back
// is only a name: packets carry their own payload types.
func (t *slotTrack) Bind(ctx webrtc.TrackLocalContext) (webrtc.RTPCodecParameters, error) {
	t.bound = ctx
	codecs := ctx.CodecParameters()
	if len(codecs) == 0 {
		return webrtc.RTPCodecParameters{}, webrtc.ErrUnsupportedCodec
	}
	return codecs[0], nil
}

// Unbind is called by Pion when the sender stops.
func (t *slotTrack) Unbind(webrtc.TrackLocalContext) error { return nil }

// ID names the track in the answer.
func (t *slotTrack) ID() string { return t.id }

// RID is empty: a slot is one stream.
func (t *slotTrack) RID() string { return "" }

// StreamID is the msid that the two slots of a pair share, so that browsers
// play them in sync.
func (t *slotTrack) StreamID() string { return t.pair }

// Kind is the slot's media.
func (t *slotTrack) Kind() webrtc.RTPCodecType {
	if t.media == Video {
		return webrtc.RTPCodecTypeVideo
	}
	return webrtc.RTPCodecTypeAudio
}
