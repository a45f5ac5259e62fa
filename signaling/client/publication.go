package client

import (
	"fmt"
	"slices"
	"sync"
	"sync/atomic"

	"github.com/pion/interceptor"
	"github.com/pion/rtcp"
	"github.com/pion/rtp"
	"github.com/pion/webrtc/v4"

	"madang/signaling/protocol"
)

// Publication is a source that the client may send. It exists from the first
// offer on; [Client.Publish] makes it live. The methods may be called from any
// goroutine; packets of one layer from one at a time.
type Publication struct {
	// Source is what it is.
	Source protocol.Source

	client  *Client
	layers  []*sendTrack
	counted PublicationStats

	mu     sync.Mutex
	sender *webrtc.RTPSender    // of the peer connection of now
	state  protocol.SourceState // as said last; empty: nothing was said
	heard  *webrtc.RTPSender    // whose RTCP is read
}

// PublicationStats counts what came back about a source.
type PublicationStats struct {
	// KeyframeRequests by PLI or FIR, and packets asked for by NACK.
	KeyframeRequests, Nacked atomic.Uint64
}

// Stats counts what the server asked for.
func (p *Publication) Stats() *PublicationStats { return &p.counted }

// Wanted tells whether anybody needs a layer ("" where the source has one only),
// as the server said last. All are needed until it says otherwise; sound always
// is. A publisher that sends others all the same only wastes its uplink.
func (p *Publication) Wanted(layer string) bool {
	p.client.mu.Lock()
	defer p.client.mu.Unlock()
	layers, told := p.client.wants[p.Source]
	return !told || slices.Contains(layers, layer)
}

// WriteRTP sends one packet of a layer ("" where the source has one only). SSRC,
// payload type and header extensions are filled in; the packet is not kept. What
// is sent before the connection is up is lost, as it would be on the way.
func (p *Publication) WriteRTP(layer string, packet *rtp.Packet) error {
	track, err := p.track(layer)
	if err != nil {
		return err
	}
	return track.write(packet, 0, false)
}

// WriteAudio is WriteRTP for sound of a loudness (RFC 6464): −dBov, 0 (loudest)
// to 127 (silence).
func (p *Publication) WriteAudio(packet *rtp.Packet, level uint8) error {
	return p.layers[0].write(packet, level, true)
}

func (p *Publication) track(layer string) (*sendTrack, error) {
	for _, track := range p.layers {
		if track.rid == layer {
			return track, nil
		}
	}
	return nil, fmt.Errorf("client: %s has no layer %q", p.Source, layer)
}

// Mute says that the source is muted; the server drops what is still sent.
func (p *Publication) Mute() error { return p.say(protocol.Muted) }

// Unmute says that the source is live again.
func (p *Publication) Unmute() error { return p.say(protocol.Live) }

// Unpublish says that the source has ended. Publish makes it live again.
func (p *Publication) Unpublish() error { return p.say(protocol.Ended) }

func (p *Publication) say(state protocol.SourceState) error {
	p.mu.Lock()
	p.state = state
	p.mu.Unlock()
	p.listen()
	return p.client.current().send(&protocol.Publish{Source: p.Source, State: state})
}

// silenced notes that a moderator has muted the source, so that a connection that is
// lost does not make it live again.
func (p *Publication) silenced() {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.state == "" {
		return
	}
	p.state = protocol.Muted
	if p.Source == protocol.Screen || p.Source == protocol.ScreenAudio {
		p.state = protocol.Ended
	}
}

// over has the source sent over a peer connection.
func (p *Publication) over(sender *webrtc.RTPSender) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.sender = sender
}

// sayAgain repeats how the source is, if that was ever said, to a server that may
// not know it.
func (p *Publication) sayAgain() error {
	p.mu.Lock()
	state := p.state
	p.mu.Unlock()
	if state == "" {
		return nil
	}
	return p.say(state)
}

// listen reads what comes back about the source, once for each peer connection.
func (p *Publication) listen() {
	p.mu.Lock()
	sender := p.sender
	reads := p.heard == sender
	p.heard = sender
	p.mu.Unlock()
	if reads {
		return
	}
	for _, layer := range p.layers {
		p.client.start(func() { p.requests(sender, layer) })
	}
}

// requests reads the RTCP about one layer until the connection closes, on its
// own goroutine.
func (p *Publication) requests(sender *webrtc.RTPSender, track *sendTrack) {
	read := func() ([]rtcp.Packet, interceptor.Attributes, error) { return sender.ReadRTCP() }
	if track.rid != "" {
		read = func() ([]rtcp.Packet, interceptor.Attributes, error) { return sender.ReadSimulcastRTCP(track.rid) }
	}
	for {
		packets, _, err := read()
		if err != nil {
			return
		}
		for _, packet := range packets {
			switch packet := packet.(type) {
			case *rtcp.PictureLossIndication, *rtcp.FullIntraRequest:
				if slices.Contains(packet.DestinationSSRC(), track.ssrc()) {
					p.counted.KeyframeRequests.Add(1)
					p.client.options.OnKeyframeRequest(p.Source, track.rid)
				}
			case *rtcp.TransportLayerNack:
				for _, pair := range packet.Nacks {
					p.counted.Nacked.Add(uint64(len(pair.PacketList())))
				}
			}
		}
	}
}
