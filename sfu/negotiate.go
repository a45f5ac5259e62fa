package sfu

import (
	"cmp"
	"context"
	"crypto/rand"
	"encoding/binary"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/pion/webrtc/v4"

	"madang/sfu/codec"
	"madang/sfu/offer"
	"madang/sfu/timeline"
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

// lines is what was negotiated on a peer so far.
type lines struct {
	sources []*Source
	pairs   []Pair
	voices  []*Slot
	slots   map[string]*slotTrack // by mid
}

// negotiate turns an offer into an answer: new receive lines become slots, new
// send lines become sources, and the worker learns of both.
func (p *Peer) negotiate(ctx context.Context, sdp string, kinds map[string]SourceKind) (*Negotiated, error) {
	offered, err := offer.Parse(sdp, offer.DefaultLimits())
	if err != nil {
		return nil, err
	}
	added, err := p.plan(offered, kinds)
	if err != nil {
		return nil, err
	}
	if err := p.addSlots(added.receive); err != nil {
		return nil, err
	}
	text, err := p.answer(ctx, sdp)
	if err != nil {
		return nil, err
	}
	// The answer says what both sides have: read it as the offer was.
	limits := offer.DefaultLimits()
	limits.Candidates = 1 << 10 // ours
	answered, err := offer.Parse(text, limits)
	if err != nil {
		return nil, fmt.Errorf("read our own answer: %w", err)
	}
	if err := p.attach(added, answered); err != nil {
		return nil, err
	}
	return &Negotiated{
		SDP: text, Sources: slices.Clone(p.lines.sources),
		Pairs: slices.Clone(p.lines.pairs), Voices: slices.Clone(p.lines.voices),
	}, nil
}

// planned is what an offer adds to what is there.
type planned struct {
	send    []plannedSource
	receive []*offer.Line
}

type plannedSource struct {
	kind SourceKind
	line *offer.Line
}

// plan checks an offer against what is there and what is allowed.
func (p *Peer) plan(o *offer.Offer, kinds map[string]SourceKind) (planned, error) {
	var added planned
	videos, audios := len(p.lines.pairs), len(p.lines.pairs)+len(p.lines.voices)
	for i := range o.Lines {
		l := &o.Lines[i]
		if l.Media == offer.Application || l.Rejected || !l.Receives() || l.Sends() || p.lines.slots[l.Mid] != nil {
			continue
		}
		added.receive = append(added.receive, l)
		if l.Media == offer.Video {
			videos++
		} else {
			audios++
		}
	}
	if videos > MaxPairs || audios > MaxPairs+MaxVoices {
		return planned{}, refuse("too_big", "no more than %d pairs and %d voices", MaxPairs, MaxVoices)
	}
	for mid, kind := range kinds {
		l := o.Line(mid)
		switch known := p.lines.source(kind); {
		case known != nil && known.Mid == mid:
			continue
		case known != nil:
			return planned{}, refuse("conflict", "%s is on the line %q already", kind, known.Mid)
		case l == nil || !l.Sends() || l.Media != kind.Media().String():
			return planned{}, refuse("bad_sdp", "there is no line %q on which to send a %s", mid, kind)
		}
		added.send = append(added.send, plannedSource{kind, l})
	}
	slices.SortFunc(added.send, func(a, b plannedSource) int { return cmp.Compare(a.kind, b.kind) })
	return added, nil
}

func (l *lines) source(kind SourceKind) *Source {
	for _, s := range l.sources {
		if s.Kind == kind {
			return s
		}
	}
	return nil
}

// addSlots gives Pion a sender for each new receive line, before it sees the
// offer: they match the lines in order. Lines that make a pair share an msid.
func (p *Peer) addSlots(receive []*offer.Line) error {
	if p.lines.slots == nil {
		p.lines.slots = map[string]*slotTrack{}
	}
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
		_, err := p.pc.AddTransceiverFromTrack(t, webrtc.RTPTransceiverInit{Direction: webrtc.RTPTransceiverDirectionSendonly})
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
	case <-ctx.Done():
		return "", ctx.Err()
	}
	return withCandidates(p.pc.LocalDescription().SDP, p.sfu.port(p.worker).others), nil
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
	slices.SortStableFunc(codecs, func(a, b webrtc.RTPCodecParameters) int { return cmp.Compare(rank(a), rank(b)) })
	if err := t.SetCodecPreferences(codecs); err != nil {
		return fmt.Errorf("order the codecs: %w", err)
	}
	return nil
}

// attach makes slots and sources of the lines and hands them to the worker.
func (p *Peer) attach(added planned, answered *offer.Offer) error {
	var audio, video, slots []*Slot
	for _, l := range added.receive {
		s, err := p.newSlot(p.lines.slots[l.Mid], answered.Line(l.Mid))
		if err != nil {
			return err
		}
		if slots = append(slots, s); s.Media == Video {
			video = append(video, s)
		} else {
			audio = append(audio, s)
		}
	}
	paired := min(len(video), len(audio))
	for i, v := range video[:paired] {
		p.lines.pairs = append(p.lines.pairs, Pair{Video: v, Audio: audio[i]})
	}
	p.lines.voices = append(p.lines.voices, audio[paired:]...)

	declared := map[uint32]declaration{}
	var sources []*Source
	var extensions extensionIDs
	for _, planned := range added.send {
		line := answered.Line(planned.line.Mid)
		if line == nil {
			return refuse("bad_sdp", "the line %q was not answered", planned.line.Mid)
		}
		s := newSource(rand.Text(), planned.kind, planned.line, line)
		s.from = p.endpoint
		sources = append(sources, s)
		declare(declared, s, planned.line)
		extensions.read(line)
	}
	p.lines.sources = append(p.lines.sources, sources...)
	if !p.worker.do(func(now time.Time) { p.endpoint.attach(sources, slots, declared, extensions) }) {
		return errStopped
	}
	return nil
}

// declare notes which SSRCs an offer's line names.
func declare(declared map[uint32]declaration, s *Source, l *offer.Line) {
	for _, ssrc := range l.SSRCs {
		declared[ssrc] = declaration{source: s}
		if rtx, ok := l.RTX[ssrc]; ok {
			declared[rtx] = declaration{source: s, primary: ssrc}
		}
	}
}

// newSlot labels a slot's packets as the answer says.
func (p *Peer) newSlot(track *slotTrack, line *offer.Line) (*Slot, error) {
	if line == nil || track.bound == nil {
		return nil, refuse("bad_sdp", "a receive line has no codec that we send")
	}
	s := &Slot{Mid: line.Mid, Media: track.media, to: p.endpoint}
	s.ssrc, s.rtxSSRC = uint32(track.bound.SSRC()), uint32(track.bound.SSRCRetransmission())
	s.mid, s.midID = []byte(line.Mid), line.ExtensionID(extMid)
	for _, pt := range line.PayloadTypes {
		c, ok := codec.FromName(pt.Codec)
		if !ok || s.formats[c].media != 0 {
			continue
		}
		rtx, _ := line.RTXFor(pt.Number)
		s.formats[c] = format{media: pt.Number, rtx: rtx}
	}
	s.next = int64(randomUint32() & 0x7fff) // RFC 3550 section 5.1 wants it random; low, for SRTP (RFC 3711 section 3.3.1)
	s.origin = s.next
	s.rtx = uint16(randomUint32() & 0x7fff)
	s.line = timeline.NewLine(time.Now(), randomUint32(), clockRate(s.Media))
	return s, nil
}

// writer is how Pion sends, nil while no slot was negotiated.
func (p *Peer) writer() webrtc.TrackLocalWriter {
	p.mu.Lock()
	defer p.mu.Unlock()
	for _, t := range p.lines.slots {
		if t.bound != nil {
			return t.bound.WriteStream()
		}
	}
	return nil
}

func (x *extensionIDs) read(l *offer.Line) {
	for uri, id := range map[string]*uint8{
		extMid: &x.mid, extRID: &x.rid, extRepairedRID: &x.repairedRID,
		extLevel: &x.level, extTransport: &x.transport,
	} {
		if n := l.ExtensionID(uri); n != 0 {
			*id = n
		}
	}
}

func randomUint32() uint32 {
	var b [4]byte
	_, _ = rand.Read(b[:]) // never fails (crypto/rand)
	return binary.BigEndian.Uint32(b[:])
}
