package sfu

import (
	"encoding/binary"
	"time"

	"madang/sfu/codec"
)

// midPackets is how many packets of a slot carry its mid: until the receiver
// has surely bound the SSRC (RFC 8843 section 9.2 leaves the number open).
const midPackets = 64

// How far a layer's clock may be off the slot's line before its timestamps are
// moved onto it. A move is a jump for the jitter buffer: audio jumps in silence,
// or when it is so far off that lips are visibly out of sync.
const (
	videoSlack = 10 * time.Millisecond
	audioSlack = 20 * time.Millisecond
	audioLimit = 80 * time.Millisecond
)

// forward takes a packet of the current layer, or of the pending one, which
// takes over with the first packet of a decodable frame.
func (s *Slot) forward(layer *Layer, p *packet, now time.Time) {
	switch layer {
	case s.pending:
		if !s.decodable(p) {
			if layer == s.current {
				break // a wish for a keyframe of what goes on anyway
			}
			return
		}
		s.switchTo(layer, p, now)
		return
	case s.current:
	default:
		return
	}
	s.pass(layer, p, now)
}

// decodable tells whether the subscriber can begin with this packet.
func (s *Slot) decodable(p *packet) bool {
	return !p.Meta.padding && (s.Media == Audio || p.Meta.KeyframeStart)
}

// switchTo begins a run of a new layer with p, and passes on what came before
// its first packet but belongs behind it.
func (s *Slot) switchTo(layer *Layer, p *packet, now time.Time) {
	s.feed(layer)
	s.await(nil, now)
	s.beginRun(layer, p, now)
	s.tell(SlotState{Slot: s, Source: layer.source, Timestamp: p.Meta.timestamp + s.runs.last().timestamp})
	s.pass(layer, p, now)
	for sequence := p.Seq + 1; ; sequence++ {
		later := layer.history.Get(sequence)
		if later == nil {
			return
		}
		s.pass(layer, later, now)
	}
}

// beginRun goes on with a new layer where the slot is: the next sequence number
// and picture, and the timestamp that the line has for p's instant.
func (s *Slot) beginRun(layer *Layer, p *packet, now time.Time) {
	m := &p.Meta
	r := run{layer: layer, codec: m.codec, first: s.next, shift: s.next - p.Seq}
	r.timestamp = s.line.At(layer.stream.Time(m.timestamp)) - m.timestamp
	if s.counts.packets > 0 {
		least := s.newest.timestamp + s.line.Rate()/100
		if int32(m.timestamp+r.timestamp-least) < 0 {
			r.timestamp = least - m.timestamp
		}
	}
	r.pictureID = s.newest.pictureID + 1 - m.PictureID
	r.tl0 = s.newest.tl0 + 1 - m.TL0PICIDX
	s.newest.reports = layer.reports
	s.runs.begin(r)
	s.report(now) // the receiver learns early how the timestamps lie
}

// pass sends a packet of the current layer in its place.
func (s *Slot) pass(layer *Layer, p *packet, now time.Time) {
	m := &p.Meta
	r := s.runs.of(layer, p.Seq)
	if r == nil {
		return // from before the switch
	}
	sequence := p.Seq + r.shift
	isNew := sequence >= s.next
	if isNew {
		if m.padding && sequence == s.next {
			s.skip(r)
			return
		}
		if !m.padding && m.codec != r.codec {
			if !s.decodable(p) {
				layer.keyframes.Wish(now)
				return
			}
			s.beginRun(layer, p, now)
		} else if !m.padding {
			s.align(layer, p, now)
		}
		r = s.runs.last()
		sequence = p.Seq + r.shift
		s.next = sequence + 1
	}
	first := s.counts.packets == 0
	s.send(r, p, sequence)
	if isNew && !m.padding && (first || int32(m.timestamp+r.timestamp-s.newest.timestamp) >= 0) {
		s.newest.timestamp = m.timestamp + r.timestamp
		s.newest.pictureID = m.PictureID + r.pictureID
		s.newest.tl0 = m.TL0PICIDX + r.tl0
	}
}

// skip leaves out one packet of the layer without leaving a gap.
func (s *Slot) skip(r *run) {
	next := *r
	next.first, next.shift = s.next, r.shift-1
	s.runs.begin(next)
}

// align moves the layer's timestamps onto the slot's line when a sender report
// showed that they are off it. Only a new frame may move, and only forward.
func (s *Slot) align(layer *Layer, p *packet, now time.Time) {
	r := s.runs.last()
	if layer.reports == s.newest.reports || p.Meta.timestamp+r.timestamp == s.newest.timestamp {
		return
	}
	want := s.line.At(layer.stream.Time(p.Meta.timestamp)) - p.Meta.timestamp
	off := time.Duration(int32(want-r.timestamp)) * time.Second / time.Duration(s.line.Rate())
	if s.Media == Audio && off.Abs() > audioSlack && off.Abs() < audioLimit && !layer.quiet(now) {
		return // wait for silence; look again with the next packet
	}
	s.newest.reports = layer.reports
	slack := videoSlack
	if s.Media == Audio {
		slack = audioSlack
	}
	if off.Abs() <= slack {
		return
	}
	next := *r // what is missing before p still belongs to the run before
	next.first, next.timestamp = p.Seq+r.shift, want
	if least := s.newest.timestamp + 1; int32(p.Meta.timestamp+want-least) < 0 {
		next.timestamp = least - p.Meta.timestamp
	}
	s.runs.begin(next)
}

// send writes one packet. It is a function of the run and the packet alone, so
// that a packet that is sent again is the same to the byte.
func (s *Slot) send(r *run, p *packet, sequence int64) {
	m := &p.Meta
	body, format := s.body(r, p)
	if format.media == 0 {
		return
	}
	s.label(r, p, sequence)
	s.header.PayloadType = format.media
	s.header.SSRC = s.ssrc
	s.patched(r, p, func() { s.to.path.WriteRTP(&s.header, body) })
	s.counts.packets++
	s.counts.octets += uint32(m.to - m.from)
}

// label fills the header but for what differs in a retransmission.
func (s *Slot) label(r *run, p *packet, sequence int64) {
	h := &s.header
	h.Version = 2
	h.Marker = p.Meta.marker
	h.SequenceNumber = uint16(sequence)
	h.Timestamp = p.Meta.timestamp + r.timestamp
	h.Padding, h.PaddingSize = p.Meta.padding, 0
	if p.Meta.padding {
		h.PaddingSize = 1
	}
	h.Extension, h.Extensions = false, h.Extensions[:0]
	if s.midID != 0 && sequence-s.origin < midPackets {
		_ = h.SetExtension(s.midID, s.mid)
	}
}

// body is what the slot sends of a packet, and under which payload types: RED
// as it is where the subscriber has it under the same numbers, else its primary.
func (s *Slot) body(r *run, p *packet) ([]byte, format) {
	body := payload(p)
	if r.codec != codec.RED {
		return body, s.formats[r.codec]
	}
	primary, inner, err := codec.PrimaryOfRED(body)
	if err != nil {
		return nil, format{}
	}
	if red := s.formats[codec.RED]; red.media != 0 && s.formats[codec.Opus].media == primary {
		return body, red
	}
	return inner, s.formats[codec.Opus]
}

// patched runs write while the payload's running indices are the slot's.
func (s *Slot) patched(r *run, p *packet, write func()) {
	m := &p.Meta
	if m.padding || (r.codec != codec.VP8 && r.codec != codec.VP9) {
		write()
		return
	}
	m.Patch(payload(p), m.PictureID+r.pictureID, m.TL0PICIDX+r.tl0)
	write()
	m.Patch(payload(p), m.PictureID, m.TL0PICIDX)
}

// resend answers a NACK. Over RTX it is a new packet (RFC 4588); without RTX the
// same bytes go out again under the same number, which is safe for AEAD as
// nothing in them depends on when they are sent.
func (s *Slot) resend(sequence uint16) bool {
	extended := s.next - 1 + int64(int16(sequence-uint16(s.next-1)))
	r := s.runs.at(extended)
	if r == nil || extended >= s.next {
		return false
	}
	p := r.layer.history.Get(extended - r.shift)
	if p == nil {
		return false
	}
	body, format := s.body(r, p)
	if format.rtx == 0 || s.rtxSSRC == 0 {
		s.send(r, p, extended)
		return true
	}
	s.label(r, p, extended)
	s.header.PayloadType, s.header.SSRC, s.header.SequenceNumber = format.rtx, s.rtxSSRC, s.rtx
	s.rtx++
	s.patched(r, p, func() {
		s.scratch = binary.BigEndian.AppendUint16(s.scratch[:0], uint16(extended))
		s.scratch = append(s.scratch, body...)
		s.to.path.WriteRTP(&s.header, s.scratch)
	})
	return true
}
