package sfu

import (
	"crypto/rand"
	"encoding/binary"
	"time"

	"github.com/pion/webrtc/v4"

	"madang/sfu/codec"
	"madang/sfu/descriptor"
	"madang/sfu/offer"
	"madang/sfu/timeline"
)

// lines is what was negotiated on a peer so far.
type lines struct {
	sources []*Source
	pairs   []Pair
	voices  []*Slot
	slots   map[string]*slotTrack // by mid
}

func (l *lines) source(kind SourceKind) *Source {
	for _, s := range l.sources {
		if s.Kind == kind {
			return s
		}
	}
	return nil
}

// attach makes slots and sources of an answered offer's new lines and hands
// them to the worker.
func (p *Peer) attach(added planned, offered, answered *offer.Offer) error {
	slots, err := p.makeSlots(added.receive, answered)
	if err != nil {
		return err
	}
	sources, err := p.makeSources(added.send, answered)
	if err != nil {
		return err
	}
	labels := readLabels(p.lines.sources, offered, answered)
	writer := p.writer()
	here := false
	p.worker.do(func(time.Time) {
		if here = !p.endpoint.closed; here {
			p.path.writer = writer
			p.endpoint.attach(sources, slots, labels)
		}
	})
	if !here {
		return errClosed
	}
	return nil
}

// makeSlots makes a slot of each new receive line: the k-th of video makes a
// pair with the k-th of audio.
func (p *Peer) makeSlots(receive []*offer.Line, answered *offer.Offer) (all []*Slot, err error) {
	var audio, video []*Slot
	for _, l := range receive {
		s, err := p.newSlot(p.lines.slots[l.Mid], answered.Line(l.Mid))
		if err != nil {
			return nil, err
		}
		if all = append(all, s); s.Media == Video {
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
	return all, nil
}

// makeSources makes a source of each new send line.
func (p *Peer) makeSources(send []plannedSource, answered *offer.Offer) ([]*Source, error) {
	var sources []*Source
	for _, planned := range send {
		line := answered.Line(planned.line.Mid)
		if line == nil {
			return nil, refuse("bad_sdp", "the line %q was not answered", planned.line.Mid)
		}
		s := newSource(rand.Text(), planned.kind, planned.line, line)
		s.from = p.endpoint
		sources = append(sources, s)
	}
	p.lines.sources = append(p.lines.sources, sources...)
	return sources, nil
}

// newSlot labels a slot's packets as the answer says.
func (p *Peer) newSlot(track *slotTrack, line *offer.Line) (*Slot, error) {
	if line == nil || track.bound == nil {
		return nil, refuse("bad_sdp", "a receive line has no codec that we send")
	}
	s := &Slot{Mid: line.Mid, Media: track.media, to: p.endpoint, draft: &p.worker.draft}
	s.ssrc, s.rtxSSRC = uint32(track.bound.SSRC()), uint32(track.bound.SSRCRetransmission())
	s.mid, s.midID = []byte(line.Mid), line.ExtensionID(extMid)
	s.transportID, s.descriptorID = line.ExtensionID(extTransport), line.ExtensionID(descriptor.URI)
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
	s.line = timeline.NewLine(p.worker.clock(), randomUint32(), clockRate(s.Media))
	return s, nil
}

// writer is how Pion sends, nil while no slot was negotiated.
func (p *Peer) writer() webrtc.TrackLocalWriter {
	for _, t := range p.lines.slots {
		if t.bound != nil {
			return t.bound.WriteStream()
		}
	}
	return nil
}

func randomUint32() uint32 {
	var b [4]byte
	_, _ = rand.Read(b[:]) // never fails (crypto/rand)
	return binary.BigEndian.Uint32(b[:])
}
