package client

import (
	"sync"

	"github.com/pion/rtp"
	"github.com/pion/sdp/v3"
	"github.com/pion/webrtc/v4"
)

// introductions is how many packets of a stream carry its mid and rid: enough
// that some arrive.
const introductions = 100

// sendTrack is one encoding as Pion wants it.
type sendTrack struct {
	id, rid string
	kind    webrtc.RTPCodecType

	mu     sync.Mutex
	mid    string
	bound  webrtc.TrackLocalContext // nil until the answer is applied, and in the end
	header sendHeader
	sent   int // packets that left
}

// sendHeader is what Bind learned.
type sendHeader struct {
	payloadType          uint8
	midID, ridID, loudID uint8 // header extensions; 0 for none
}

// Bind keeps what was negotiated. Pion calls it.
func (t *sendTrack) Bind(bound webrtc.TrackLocalContext) (webrtc.RTPCodecParameters, error) {
	parameters := bound.CodecParameters()
	if len(parameters) == 0 {
		return webrtc.RTPCodecParameters{}, webrtc.ErrUnsupportedCodec
	}
	header := sendHeader{payloadType: uint8(parameters[0].PayloadType)}
	for _, extension := range bound.HeaderExtensions() {
		switch extension.URI {
		case sdp.SDESMidURI:
			header.midID = uint8(extension.ID)
		case sdp.SDESRTPStreamIDURI:
			header.ridID = uint8(extension.ID)
		case sdp.AudioLevelURI:
			header.loudID = uint8(extension.ID)
		}
	}
	t.mu.Lock()
	defer t.mu.Unlock()
	t.bound, t.header, t.sent = bound, header, 0
	return parameters[0], nil
}

// Unbind ends sending. Pion calls it.
func (t *sendTrack) Unbind(bound webrtc.TrackLocalContext) error {
	t.mu.Lock()
	defer t.mu.Unlock()
	if t.bound != nil && t.bound.ID() == bound.ID() { // not yet by another connection
		t.bound = nil
	}
	return nil
}

// ID is the same for all layers of a source.
func (t *sendTrack) ID() string { return t.id }

// RID names the layer; empty for the only one.
func (t *sendTrack) RID() string { return t.rid }

// StreamID is the same for all layers of a source.
func (t *sendTrack) StreamID() string { return t.id }

// Kind tells video from audio.
func (t *sendTrack) Kind() webrtc.RTPCodecType { return t.kind }

func (t *sendTrack) setMid(mid string) {
	t.mu.Lock()
	defer t.mu.Unlock()
	t.mid = mid
}

func (t *sendTrack) ssrc() uint32 {
	t.mu.Lock()
	defer t.mu.Unlock()
	if t.bound == nil {
		return 0
	}
	return uint32(t.bound.SSRC())
}

// write sends one packet.
func (t *sendTrack) write(packet *rtp.Packet, level uint8, loud bool) error {
	t.mu.Lock()
	bound, known, mid := t.bound, t.header, t.mid
	introduce := t.sent < introductions
	t.mu.Unlock()
	if bound == nil {
		return nil
	}
	header := packet.Header
	header.SSRC, header.PayloadType = uint32(bound.SSRC()), known.payloadType
	header.Extension, header.Extensions = false, nil
	if introduce && known.midID != 0 {
		_ = header.SetExtension(known.midID, []byte(mid)) // fails for an id above 255 only
	}
	if introduce && known.ridID != 0 && t.rid != "" {
		_ = header.SetExtension(known.ridID, []byte(t.rid))
	}
	if loud && known.loudID != 0 {
		level &= 0x7f
		if level < 127 {
			level |= 0x80 // voice
		}
		_ = header.SetExtension(known.loudID, []byte{level})
	}
	n, err := bound.WriteStream().WriteRTP(&header, packet.Payload)
	if n > 0 { // 0 before the connection is up
		t.mu.Lock()
		t.sent++
		t.mu.Unlock()
	}
	return err
}
