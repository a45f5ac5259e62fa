package sfu

import (
	"slices"
	"time"

	"github.com/pion/rtcp"

	"madang/sfu/codec"
	"madang/sfu/descriptor"
	"madang/sfu/history"
	"madang/sfu/keyframe"
	"madang/sfu/nack"
	"madang/sfu/rtpview"
	"madang/sfu/svc"
	"madang/sfu/timeline"
)

// Layer is one RTP stream of a source: the whole of it, or one of its simulcast
// RIDs. It keeps what came lately for whoever lost it, asks its publisher for
// what was lost and for keyframes, and fans out to its sinks. Everything in it
// belongs to the publisher's worker.
type Layer struct {
	source *Source
	rid    string
	rank   int // among the source's layers, by size
	ssrc   uint32
	codec  codec.Codec
	live   bool

	history   *history.History[facts]
	missing   *nack.Tracker
	reception *nack.Reception
	keyframes keyframe.Requester
	stream    *timeline.Stream
	mapped    uint32 // counts how often stream learned better

	layering
	described descriptor.Reader

	sinks []Sink    // replaced, never changed: a sink may come or go while it is walked
	last  time.Time // when a media packet came
	loud  time.Time // when it was last loud, for a microphone

	// As last reported to the publisher.
	lost   uint8 // in 256ths
	jitter time.Duration
}

func newLayer(s *Source, rid string, ssrc uint32, c codec.Codec, now time.Time) *Layer {
	rate := clockRate(s.Kind.Media())
	return &Layer{
		source: s, rid: rid, rank: s.rank(rid), ssrc: ssrc, codec: c, live: true, last: now, loud: now,
		history:   history.New[facts](s.from.worker.pool, history.DefaultLimits()),
		missing:   nack.NewTracker(),
		reception: nack.NewReception(rate),
		stream:    timeline.NewStream(&s.from.clock, rate),
		layering:  layering{began: now},
	}
}

// clockRate is ticks a second: that of Opus (RFC 7587) and of all video formats.
func clockRate(m Media) uint32 {
	if m == Video {
		return 90_000
	}
	return 48_000
}

// receive takes a packet that came on the layer's own SSRC, in codec c.
func (l *Layer) receive(view *rtpview.Packet, c codec.Codec, buf []byte, now time.Time) {
	l.reception.Received(view.SequenceNumber, view.Timestamp, now)
	sequence, arrival := l.missing.Received(view.SequenceNumber, now)
	l.accept(sequence, arrival, view, c, buf, now)
}

// repair takes a packet that was unpacked from the layer's RTX stream.
func (l *Layer) repair(view *rtpview.Packet, c codec.Codec, buf []byte, now time.Time) {
	sequence, arrival := l.missing.ReceivedRTX(view.SequenceNumber, now)
	l.accept(sequence, arrival, view, c, buf, now)
}

func (l *Layer) accept(sequence int64, arrival nack.Arrival, view *rtpview.Packet, c codec.Codec, buf []byte, now time.Time) {
	counts := &l.source.from.worker.counts
	switch arrival {
	case nack.Old:
		counts.dropDuplicate.Add(1)
		return
	case nack.Jumped:
		l.renumber(now)
	}
	f := facts{codec: c, marker: view.Marker, timestamp: view.Timestamp, padding: len(view.Payload) == 0}
	f.from, f.to = uint16(view.HeaderLen), uint16(view.HeaderLen+len(view.Payload))
	if !f.padding && codec.Read(c, view.Payload, view.Marker, &f.Facts) != nil {
		counts.dropMalformed.Add(1)
		return
	}
	switch {
	case f.padding:
	case c.Video():
		f.frame = l.place(view, buf, &f)
	case c == codec.RED:
		l.rebuild(view, sequence, now)
	}
	l.take(sequence, &f, buf, now)
}

// take stores a packet that was placed, and adds it to the fan: it goes out to the
// sinks when something else comes, at the latest with the end of the burst.
func (l *Layer) take(sequence int64, f *facts, buf []byte, now time.Time) {
	w := l.source.from.worker
	if f.KeyframeStart || !w.fan.goesOn(l, sequence) {
		w.fanOut(now) // who begins with a keyframe gets all of it
	}
	p := l.history.Put(sequence, buf, now)
	if p == nil {
		w.counts.dropDuplicate.Add(1)
		return
	}
	p.Meta = *f
	w.fan.add(l, sequence)
	l.observe(p, now)
}

// renumber says that the layer's numbering began anew.
func (l *Layer) renumber(now time.Time) {
	l.source.from.worker.fanOut(now)
	l.history.Reset()
	for _, sink := range l.sinks {
		sink.restarted(l, now)
	}
}

// place finds out which frame a packet is of, by its dependency descriptor if it
// has one, else by its payload.
func (l *Layer) place(view *rtpview.Packet, buf []byte, f *facts) svc.Frame {
	d := &l.source.from.worker.descriptor
	from, to := view.ExtensionAt(l.source.from.extensions.descriptor)
	if from == 0 || l.described.Read(buf[from:to], d) != nil {
		d = nil
	} else {
		f.described = described{d.Structure, d.Active, d.Place, uint16(from), uint16(to), d.Start}
	}
	return l.reader.Read(f.codec, &f.Facts, d, f.timestamp, f.marker)
}

// observe takes from a packet what the layer itself wants to know.
func (l *Layer) observe(p *packet, now time.Time) {
	if p.Meta.padding {
		return
	}
	if l.stream.Arrived(p.Meta.timestamp, now) {
		l.mapped++
	}
	if !l.live || l.codec != p.Meta.codec && p.Meta.codec.Video() {
		l.live, l.codec, l.last = true, p.Meta.codec, now
		l.restart(now)
		l.source.reconcile(now)
	}
	l.last = now
	highest, temporal := l.highest, l.spatial[0].temporal
	l.add(p, now)
	if l.resized(p) || l.highest != highest || l.spatial[0].temporal != temporal {
		l.source.reconcile(now)
	}
	if p.Meta.KeyframeStart {
		l.keyframes.Arrived(now)
		l.keep(p)
	}
}

// keep holds what follows a keyframe of a screen, for whoever comes late.
func (l *Layer) keep(p *packet) {
	if p.Meta.KeyframeStart && l.source.Kind == Screen {
		l.history.Hold(p.Seq, screenKept)
	}
}

// resized takes over the size that a keyframe tells: of the largest spatial layer.
func (l *Layer) resized(p *packet) bool {
	if p.Meta.Height == 0 || int(p.Meta.Height) == l.height {
		return false
	}
	l.height = int(p.Meta.Height)
	l.source.arrange()
	return true
}

// cost is what the layer takes, in bits per second: as measured, or as much as
// its publisher is asked to send at most while it does not come. The smallest is
// given the benefit of the doubt until it is measured.
func (l *Layer) cost(now time.Time) int {
	switch bits := l.costs(l.highest, svc.Highest, now); {
	case bits > 0 && l.live:
		return bits
	case l == l.source.layers[0]:
		return l.source.from.worker.bitrates.Q
	}
	return l.asked()
}

// flows is how recently a layer must have sent to count as flowing.
const flows = 500 * time.Millisecond

// flowing is the layer itself if it flows, else the next smaller one of its
// source that does; the layer itself if none does.
func (l *Layer) flowing(now time.Time) *Layer {
	best := l
	for _, other := range l.source.layers {
		if other.rank <= l.rank && now.Sub(other.last) < flows {
			best = other
		}
	}
	return best
}

// quiet tells whether nobody has spoken on the layer for a moment.
func (l *Layer) quiet(now time.Time) bool { return now.Sub(l.loud) > 200*time.Millisecond }

// wish has the publisher asked for a keyframe.
func (l *Layer) wish(now time.Time) {
	l.keyframes.Wish(now)
	l.source.from.stir()
}

// report takes a sender report of the layer (RFC 3550 section 6.4.1).
func (l *Layer) report(sr *rtcp.SenderReport, now time.Time) {
	l.reception.SenderReport(sr.NTPTime, now)
	l.mapBy(sr.NTPTime, sr.RTPTime, now)
}

// mapBy maps the layer's timestamps by what a sender report said.
func (l *Layer) mapBy(ntp uint64, rtp uint32, arrived time.Time) {
	l.stream.Report(ntp, rtp, arrived)
	l.mapped++
	for _, x := range l.source.exports {
		x.report(l, ntp, rtp, arrived)
	}
}

func (l *Layer) attach(s Sink) {
	if !slices.Contains(l.sinks, s) {
		l.sinks = append(slices.Clip(l.sinks), s)
	}
}

// detach takes a sink away; when nobody is left who waits, nobody is asked.
func (l *Layer) detach(s Sink) {
	if i := slices.Index(l.sinks, s); i >= 0 {
		l.sinks = slices.Concat(l.sinks[:i], l.sinks[i+1:])
	}
	l.rest()
}

// close ends the layer: its sinks lose it, its storage goes back.
func (l *Layer) close(now time.Time) {
	for _, sink := range l.sinks {
		sink.lost(l, now)
	}
	l.sinks = nil
	l.history.Reset()
	for ssrc, st := range l.source.from.streams {
		if st.layer == l {
			delete(l.source.from.streams, ssrc)
		}
	}
}
