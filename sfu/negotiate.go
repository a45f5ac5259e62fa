package sfu

import (
	"cmp"
	"context"
	"fmt"
	"slices"
	"strings"

	"github.com/pion/webrtc/v4"

	"madang/sfu/offer"
)

// Negotiated is what an offer led to. Slots and sources of earlier offers of
// the same peer stand in it too: same pointers, same order.
type Negotiated struct {
	// SDP is the answer, with all of the server's candidates.
	SDP string
	// Sources the peer may publish, by its lines.
	Sources []*Source
	// Pairs are the subscriber's tiles: the k-th new recvonly video line of an
	// offer with its k-th new recvonly audio line. The Feeds are zero.
	Pairs []Pair
	// Voices are the audio lines that are left over.
	Voices []*Slot
}

// negotiate turns an offer into an answer: new receive lines become slots, new
// send lines become sources, and the worker learns of both.
func (p *Peer) negotiate(ctx context.Context, sdp string, kinds map[string]SourceKind) (*Negotiated, error) {
	offered, err := offer.Parse(sdp, p.endpoint.limits.offer())
	if err != nil {
		return nil, err
	}
	added, err := p.plan(offered, kinds)
	if err != nil {
		return nil, err
	}
	if offered.ICEUfrag != p.ufrag { // the first offer, or an ICE restart
		p.ufrag, p.candidates = offered.ICEUfrag, 0
	}
	if err := p.addSlots(added.receive); err != nil {
		return nil, err
	}
	text, err := p.answer(ctx, sdp)
	if err != nil {
		return nil, err
	}
	// The answer says what both sides have: read it as the offer was.
	limits := p.endpoint.limits.offer()
	limits.Candidates = 1 << 10 // ours
	answered, err := offer.Parse(text, limits)
	if err != nil {
		return nil, fmt.Errorf("read our own answer: %w", err)
	}
	if err := p.endpoint.door.Credentials(answered.ICEUfrag, answered.ICEPassword, offered.ICEPassword); err != nil {
		return nil, fmt.Errorf("share the port: %w", err)
	}
	if err := p.attach(added, offered, answered); err != nil {
		return nil, err
	}
	return &Negotiated{
		SDP: text, Sources: slices.Clone(p.lines.sources),
		Pairs: slices.Clone(p.lines.pairs), Voices: slices.Clone(p.lines.voices),
	}, nil
}

// addSlots gives Pion a sender for each new receive line, before it sees the
// offer: they match the lines in order. Lines that make a pair share an msid.
func (p *Peer) addSlots(receive []*offer.Line) error {
	order := map[string]int{}
	for _, l := range receive {
		n := len(p.lines.slots)
		t := &slotTrack{media: Audio, id: "slot-" + l.Mid, pair: fmt.Sprintf("voice-%d", n)}
		if l.Media == offer.Video {
			t.media = Video
		}
		if k := order[l.Media]; k < min(count(receive, offer.Video), count(receive, offer.Audio)) {
			t.pair = fmt.Sprintf("pair-%d", len(p.lines.pairs)+k)
		}
		order[l.Media]++
		p.lines.slots[l.Mid] = t
		var err error
		t.transceiver, err = p.pc.AddTransceiverFromTrack(t, webrtc.RTPTransceiverInit{Direction: webrtc.RTPTransceiverDirectionSendonly})
		if err != nil {
			return fmt.Errorf("add a slot: %w", err)
		}
	}
	return nil
}

func count(lines []*offer.Line, media string) int {
	n := 0
	for _, l := range lines {
		if l.Media == media {
			n++
		}
	}
	return n
}

// answer lets Pion answer the offer, with the video codecs in our order.
func (p *Peer) answer(ctx context.Context, sdp string) (string, error) {
	if err := p.pc.SetRemoteDescription(webrtc.SessionDescription{Type: webrtc.SDPTypeOffer, SDP: sdp}); err != nil {
		return "", refuse("bad_sdp", "the offer was not understood: %v", err)
	}
	for mid, t := range p.lines.slots {
		if t.transceiver.Mid() != mid { // it was there before as something else, or sends too
			return "", refuse("bad_sdp", "the line %q cannot become a receive line", mid)
		}
	}
	for _, t := range p.pc.GetTransceivers() {
		if err := p.prefer(t); err != nil {
			return "", err
		}
	}
	answer, err := p.pc.CreateAnswer(nil)
	if err != nil {
		return "", refuse("bad_sdp", "the offer cannot be answered: %v", err)
	}
	gathered := webrtc.GatheringCompletePromise(p.pc)
	if err := p.pc.SetLocalDescription(answer); err != nil {
		return "", refuse("bad_sdp", "the offer cannot be answered: %v", err)
	}
	select {
	case <-gathered:
	case <-p.closed:
		return "", errClosed
	case <-ctx.Done():
		return "", ctx.Err()
	}
	return withCandidates(p.pc.LocalDescription().SDP, p.sfu.ports[p.number].others, p.sfu.overTCP()), nil
}

// prefer puts the configured codecs first, in their order: a browser sends the
// first codec of the answer.
func (p *Peer) prefer(t *webrtc.RTPTransceiver) error {
	if t.Kind() != webrtc.RTPCodecTypeVideo {
		return nil
	}
	var codecs []webrtc.RTPCodecParameters
	if t.Sender() != nil {
		codecs = t.Sender().GetParameters().Codecs
	} else if t.Receiver() != nil {
		codecs = t.Receiver().GetParameters().Codecs
	}
	rank := func(c webrtc.RTPCodecParameters) int {
		_, name, _ := strings.Cut(strings.ToLower(c.MimeType), "/")
		if i := slices.Index(p.sfu.cfg.Media.Codecs, name); i >= 0 {
			return i
		}
		return len(p.sfu.cfg.Media.Codecs) // RTX
	}
	codecs = slices.Clone(codecs) // Pion may be reading its own
	slices.SortStableFunc(codecs, func(a, b webrtc.RTPCodecParameters) int { return cmp.Compare(rank(a), rank(b)) })
	if err := t.SetCodecPreferences(codecs); err != nil {
		return fmt.Errorf("order the codecs: %w", err)
	}
	return nil
}
