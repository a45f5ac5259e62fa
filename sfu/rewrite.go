package sfu

import (
	"time"

	"madang/sfu/codec"
	"madang/sfu/pacer"
	"madang/sfu/rtpout"
	"madang/sfu/rtpview"
	"madang/sfu/svc"
)

// midPackets is how many packets of a slot carry its mid: until the receiver
// has surely bound the SSRC (RFC 8843 section 9.2 leaves the number open).
const midPackets = 64

// How far a layer's clock may be off the slot's line before its timestamps are
// moved onto it. A move is a jump for the jitter buffer: audio jumps in silence,
// or when it is so far off that lips would be seen out of sync, with what a
// browser adds of its own.
const (
	videoSlack = 10 * time.Millisecond
	audioSlack = 20 * time.Millisecond
	audioLimit = 40 * time.Millisecond
)

// longIdle is a time without sender reports after which a slot's timestamps go
// on without regard to the newest: a quarter of the shortest way round.
const longIdle = time.Hour

// forward takes a packet of the current layer, or of the pending one, which
// takes over with the first packet of a decodable frame.
func (s *Slot) forward(layer *Layer, p *packet, now time.Time) {
	switch layer {
	case s.pending:
		if s.decodable(p) {
			s.switchTo(layer, p, nil, now)
		}
	case s.current:
		if !s.behind(p) {
			s.pass(layer, p, now)
		}
	}
}

// decodable tells whether the subscriber can begin with this packet.
func (s *Slot) decodable(p *packet) bool {
	return !p.Meta.padding && (s.Media == Audio || p.Meta.KeyframeStart)
}

// switchTo begins a run of a new layer with p, and passes on what came before
// its first packet but belongs behind it: a backlog, or nil, where p comes alone.
func (s *Slot) switchTo(layer *Layer, p *packet, kept *backlog, now time.Time) {
	s.pending = nil
	if s.Media == Video {
		s.unsend(now)
	}
	s.resumed = s.resumed || s.current == nil && s.counts.packets > 0
	s.feed(layer)
	if s.filter != nil {
		s.filter.Restart()
	}
	s.began = s.next
	s.beginRun(layer, p, now)
	if kept != nil {
		s.beginCatchingUp(layer, kept, now)
	}
	s.tell(SlotState{Slot: s, Source: layer.source, Timestamp: s.newest.timestamp})
	if kept != nil {
		return // at the end of the turn: the packet at hand is among what is kept
	}
	s.pass(layer, p, now)
	highest, _ := layer.history.Highest()
	for sequence := p.Seq + 1; sequence <= highest && s.current == layer; sequence++ {
		if later := layer.history.Get(sequence); later != nil && !s.to.worker.fan.holds(layer, sequence) {
			s.pass(layer, later, now)
		}
	}
}

// beginRun goes on with a new layer where the slot is: the next sequence number
// and picture, and the timestamp that the line has for p's instant.
func (s *Slot) beginRun(layer *Layer, p *packet, now time.Time) {
	m := &p.Meta
	due := s.onLine(layer, p, now)
	stamp := due
	// Long idle, the newest timestamp says nothing: it may be half round the clock.
	if s.counts.packets > 0 && now.Sub(s.at) < longIdle {
		stamp = later(due, s.newest.timestamp+s.line.Rate()/100)
	}
	s.newest.timestamp, s.newest.from = stamp, m.timestamp
	s.newest.mapped = layer.mapped
	if stamp != due {
		s.newest.mapped-- // off the line: the next frames come back to it
	}
	s.runs.begin(run{
		layer: layer, codec: m.codec, first: s.next, shift: s.next - p.Seq,
		timestamp: stamp - m.timestamp,
		pictureID: s.newest.pictureID + 1 - m.PictureID,
		tl0:       s.newest.tl0 + 1 - m.TL0PICIDX,
		number:    s.newest.number + 1 - uint16(m.frame.Number),
	})
	s.report(now) // the receiver learns early how the timestamps lie
}

// onLine is the timestamp that the slot's line has for a packet. Nothing was
// captured in the future: a publisher whose timestamps run ahead must not take
// the slot with it, as no timestamp can be taken back.
func (s *Slot) onLine(layer *Layer, p *packet, now time.Time) uint32 {
	at := layer.stream.Time(p.Meta.timestamp)
	if at.After(now) {
		at = now
	}
	return s.line.At(at)
}

// later is the later of two timestamps, the short way round.
func later(a, b uint32) uint32 {
	if rtpview.TimestampLess(a, b) {
		return b
	}
	return a
}

// pass sends a packet of the current layer in its place.
func (s *Slot) pass(layer *Layer, p *packet, now time.Time) {
	r := s.runs.of(layer, p.Seq)
	if r == nil {
		return // from before the switch
	}
	m := &p.Meta
	decision := s.decide(p)
	if decision.NeedsKeyframe {
		layer.wish(now)
	}
	if !decision.Forward {
		s.leaveOut(r, p)
		return
	}
	if sequence := p.Seq + r.shift; sequence < s.next {
		s.send(r, p, sequence)
		return
	}
	r = s.closeUp(r, p, true)
	if s.Media == Video && r.stamp(m.timestamp) != s.newest.timestamp && s.to.down.pacer.Full() {
		s.restarted(layer, now) // better no frame than half of one
		return
	}
	switch {
	case m.padding && p.Seq+r.shift == s.next:
		s.skip(r)
		return
	case m.padding: // something is missing before it, so it keeps its number
	case s.Media == Video && m.codec != r.codec:
		if !s.decodable(p) {
			layer.wish(now)
			return
		}
		s.beginRun(layer, p, now)
	case s.catching == nil && layer.mapped != s.newest.mapped:
		s.align(layer, p, now)
	}
	r = s.narrow(p, decision)
	sequence := p.Seq + r.shift
	s.next = sequence + 1
	if !s.send(r, p, sequence) {
		s.restarted(layer, now)
		return
	}
	if stamp := r.stamp(m.timestamp); !m.padding && !rtpview.TimestampLess(stamp, s.newest.timestamp) {
		s.newest.timestamp, s.newest.from = stamp, m.timestamp
		s.newest.pictureID = m.PictureID + r.pictureID
		s.newest.tl0 = m.TL0PICIDX + r.tl0
	}
	s.newest.numbered(r, p)
}

// narrow is the run that a packet of the current layer goes on with, in which
// the layers are noted that are sent: markers and descriptors hang on them.
func (s *Slot) narrow(p *packet, to svc.Decision) *run {
	r := s.runs.last()
	if p.Meta.described.structure == nil {
		to.Temporal = r.temporal // nothing says it
	}
	if p.Meta.codec == codec.VP8 {
		to.Spatial = r.spatial // it has none
	}
	if p.Meta.padding || to.Spatial == r.spatial && to.Temporal == r.temporal {
		return r
	}
	next := *r
	next.first, next.spatial, next.temporal = p.Seq+r.shift, to.Spatial, to.Temporal
	s.runs.begin(next)
	return s.runs.last()
}

// skip leaves out one packet of the layer without leaving a gap.
func (s *Slot) skip(r *run) {
	next := *r
	next.first, next.shift = s.next, r.shift-1
	s.runs.begin(next)
}

// align moves the layer's timestamps onto the slot's line when they turned out to
// be off it. Only a frame that nothing is missing before may move: what is missing
// could be its beginning. It may move to just behind the frame before, no further
// back; the next ones follow.
func (s *Slot) align(layer *Layer, p *packet, now time.Time) {
	r := s.runs.last()
	if p.Meta.timestamp == s.newest.from || p.Seq+r.shift != s.next {
		return
	}
	want := s.onLine(layer, p, now)
	off := time.Duration(int32(want-r.stamp(p.Meta.timestamp))) * time.Second / time.Duration(s.line.Rate())
	slack := videoSlack
	if s.Media == Audio {
		slack = audioSlack
	}
	if off.Abs() <= slack {
		s.newest.mapped = layer.mapped
		return
	}
	if s.Media == Audio && off.Abs() < audioLimit && !layer.quiet(now) {
		return // wait for silence; look again with the next packet
	}
	next := *r
	next.first = s.next
	next.timestamp = later(want, s.newest.timestamp+1) - p.Meta.timestamp
	s.runs.begin(next)
}

// send writes one packet. But for its transport-wide number it is a function of
// the run and the packet alone. False: the link has no room for it.
func (s *Slot) send(r *run, p *packet, sequence int64) bool {
	body, format := s.body(r, p)
	s.out.Payload = body
	s.label(r, p, sequence, rtpout.Header{SSRC: s.ssrc, PayloadType: format.media, SequenceNumber: uint16(sequence)})
	priority := pacer.Video
	if s.Media == Audio {
		priority = pacer.Audio
	}
	s.patch(r, p)
	taken := s.to.transmit(priority, &s.out)
	restore(p)
	s.counts.packets++
	s.counts.octets += uint32(len(body))
	return taken
}

// label writes the header of a packet that is, or was, sent under a sequence
// number: h is what differs in a retransmission.
func (s *Slot) label(r *run, p *packet, sequence int64, h rtpout.Header) {
	h.Marker, h.Timestamp = r.marks(p), r.stamp(p.Meta.timestamp)
	s.out.Padding = p.Meta.short
	if p.Meta.padding {
		s.out.Padding = 1
	}
	s.extensions = s.extensions[:0]
	s.describe(r, p)
	if s.midID != 0 && sequence-s.origin < midPackets {
		s.extensions = append(s.extensions, rtpout.Extension{ID: s.midID, Value: s.mid})
	}
	s.out.Label(h, s.extensions, s.transportID)
}

// body is what the slot sends of a packet, and under which payload types.
func (s *Slot) body(r *run, p *packet) ([]byte, format) {
	if s.Media == Audio {
		return s.voiced(r, p)
	}
	return payload(p), s.formats[p.Meta.codec]
}

// patch makes a payload's running indices the slot's, until it is restored: other
// slots share it.
func (s *Slot) patch(r *run, p *packet) {
	if m := &p.Meta; m.counts() {
		m.Patch(payload(p), m.PictureID+r.pictureID, m.TL0PICIDX+r.tl0)
	}
}

// restore makes a payload's running indices its layer's again.
func restore(p *packet) {
	if m := &p.Meta; m.counts() {
		m.Patch(payload(p), m.PictureID, m.TL0PICIDX)
	}
}

// counts tells whether the payload has running indices.
func (f *facts) counts() bool {
	return !f.padding && (f.codec == codec.VP8 || f.codec == codec.VP9)
}
