package client

import (
	"context"
	"fmt"

	"github.com/pion/webrtc/v4"

	"madang/signaling/protocol"
)

// addSendLine adds the line of one source.
func (c *Client) addSendLine(source protocol.Source) error {
	kind, layers := webrtc.RTPCodecTypeAudio, []string{""}
	if source == protocol.Camera || source == protocol.Screen {
		kind = webrtc.RTPCodecTypeVideo
	}
	if source == protocol.Camera && len(c.options.Layers) > 0 {
		layers = c.options.Layers
	}
	p := &Publication{Source: source, client: c}
	for _, rid := range layers {
		p.layers = append(p.layers, &sendTrack{id: string(source), rid: rid, kind: kind})
	}
	line, err := c.pc.AddTransceiverFromTrack(p.layers[0], direction(webrtc.RTPTransceiverDirectionSendonly))
	if err != nil {
		return fmt.Errorf("client: adding the line of %s: %w", source, err)
	}
	p.sender = line.Sender()
	for _, layer := range p.layers[1:] {
		if err := p.sender.AddEncoding(layer); err != nil {
			return fmt.Errorf("client: adding layer %s: %w", layer.rid, err)
		}
	}
	c.publications[source] = p
	c.sendLines[source] = line
	return nil
}

// addReceiveLines adds lines for tiles and for voices beside them. A tile's video
// and audio line find each other by their order.
func (c *Client) addReceiveLines(pairs, voices int) error {
	for range pairs {
		if err := c.addReceiveLine(webrtc.RTPCodecTypeAudio, c.pairs); err != nil {
			return err
		}
		if err := c.addReceiveLine(webrtc.RTPCodecTypeVideo, c.pairs); err != nil {
			return err
		}
		c.pairs++
	}
	for range voices {
		if err := c.addReceiveLine(webrtc.RTPCodecTypeAudio, -1); err != nil {
			return err
		}
	}
	return nil
}

func (c *Client) addReceiveLine(kind webrtc.RTPCodecType, pair int) error {
	line, err := c.pc.AddTransceiverFromKind(kind, direction(webrtc.RTPTransceiverDirectionRecvonly))
	if err != nil {
		return fmt.Errorf("client: adding a receive line: %w", err)
	}
	c.newLines = append(c.newLines, newLine{line, pair})
	return nil
}

func direction(d webrtc.RTPTransceiverDirection) webrtc.RTPTransceiverInit {
	return webrtc.RTPTransceiverInit{Direction: d}
}

// newLine is a receive line that has no mid yet.
type newLine struct {
	*webrtc.RTPTransceiver
	pair int
}

// offer makes the next offer, with all candidates in it, and names its lines.
func (c *Client) offer(ctx context.Context) (sdp string, lines map[string]protocol.Source, err error) {
	gathered := webrtc.GatheringCompletePromise(c.pc)
	description, err := c.pc.CreateOffer(nil)
	if err != nil {
		return "", nil, fmt.Errorf("client: making an offer: %w", err)
	}
	if err := c.pc.SetLocalDescription(description); err != nil {
		return "", nil, fmt.Errorf("client: applying the offer: %w", err)
	}
	select {
	case <-gathered:
	case <-ctx.Done():
		return "", nil, fmt.Errorf("client: gathering addresses: %w", ctx.Err())
	}
	lines = map[string]protocol.Source{}
	for source, line := range c.sendLines {
		lines[line.Mid()] = source
		for _, layer := range c.publications[source].layers {
			layer.setMid(line.Mid())
		}
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	for _, line := range c.newLines {
		slot := newSlot(c, line.Mid(), line.Kind() == webrtc.RTPCodecTypeVideo, line.pair)
		c.slots[slot.Mid] = slot
		c.slotOrder = append(c.slotOrder, slot)
	}
	c.newLines = nil
	return c.pc.LocalDescription().SDP, lines, nil
}

// accept applies the server's answer.
func (c *Client) accept(sdp string) error {
	answer := webrtc.SessionDescription{Type: webrtc.SDPTypeAnswer, SDP: sdp}
	if err := c.pc.SetRemoteDescription(answer); err != nil {
		return fmt.Errorf("client: applying the answer: %w", err)
	}
	return nil
}

// arrived starts to read a slot's media. Pion calls it once for each line.
func (c *Client) arrived(track *webrtc.TrackRemote, receiver *webrtc.RTPReceiver) {
	slot := c.Slot(receiver.RTPTransceiver().Mid())
	if slot == nil {
		c.options.Log.Warn("media on a line that receives nothing", "mid", receiver.RTPTransceiver().Mid())
		return
	}
	slot.ssrc = uint32(track.SSRC())
	c.start(func() { slot.reports(receiver) })
	c.start(func() { slot.receive(track) })
}
