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
	p := c.publications[source]
	if p == nil { // else it goes on over the new connection
		p = &Publication{Source: source, client: c}
		for _, rid := range layers {
			p.layers = append(p.layers, &sendTrack{id: string(source), rid: rid, kind: kind})
		}
	}
	line, err := c.transport().pc.AddTransceiverFromTrack(p.layers[0], direction(webrtc.RTPTransceiverDirectionSendonly))
	if err != nil {
		return fmt.Errorf("client: adding the line of %s: %w", source, err)
	}
	sender := line.Sender()
	for _, layer := range p.layers[1:] {
		if err := sender.AddEncoding(layer); err != nil {
			return fmt.Errorf("client: adding layer %s: %w", layer.rid, err)
		}
	}
	p.over(sender)
	c.mu.Lock()
	c.publications[source] = p
	c.mu.Unlock()
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
		c.voices++
	}
	return nil
}

func (c *Client) addReceiveLine(kind webrtc.RTPCodecType, pair int) error {
	line, err := c.transport().pc.AddTransceiverFromKind(kind, direction(webrtc.RTPTransceiverDirectionRecvonly))
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

// offer makes the next offer, with all candidates in it, and names its lines. One
// that was not answered is the next once more.
func (c *Client) offer(ctx context.Context, restart bool) (sdp string, lines map[string]protocol.Source, err error) {
	pc := c.transport().pc
	if pc.SignalingState() != webrtc.SignalingStateHaveLocalOffer {
		if err := c.describe(ctx, pc, restart); err != nil {
			return "", nil, err
		}
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
	return pc.LocalDescription().SDP, lines, nil
}

// describe makes an offer and gathers the candidates for it.
func (c *Client) describe(ctx context.Context, pc *webrtc.PeerConnection, restart bool) error {
	description, err := pc.CreateOffer(&webrtc.OfferOptions{ICERestart: restart})
	if err != nil {
		return fmt.Errorf("client: making an offer: %w", err)
	}
	gathered := webrtc.GatheringCompletePromise(pc)
	if err := pc.SetLocalDescription(description); err != nil {
		return fmt.Errorf("client: applying the offer: %w", err)
	}
	select {
	case <-gathered:
		return nil
	case <-c.closed:
		return ErrClosed
	case <-ctx.Done():
		return fmt.Errorf("client: gathering addresses: %w", ctx.Err())
	}
}

// accept applies the server's answer.
func (c *Client) accept(sdp string) error {
	answer := webrtc.SessionDescription{Type: webrtc.SDPTypeAnswer, SDP: sdp}
	if err := c.transport().pc.SetRemoteDescription(answer); err != nil {
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
