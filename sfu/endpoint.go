package sfu

import (
	"net/netip"
	"time"

	"madang/sfu/demux"
	"madang/sfu/quality"
	"madang/sfu/rtpview"
	"madang/sfu/timeline"
	"madang/sfu/timers"
	"madang/sfu/twcc"
)

// How often things are said to a peer.
const (
	feedbackEvery = 50 * time.Millisecond // transport-wide feedback
	reportEvery   = time.Second           // sender and receiver reports
)

// ssrcsPerPeer bounds what a peer may send under SSRCs of its own making:
// four sources of at most three layers, each with RTX, renewed a few times.
const ssrcsPerPeer = 64

// endpoint is a peer as its worker sees it: what it publishes, what it
// receives, and the path to it. It knows no PeerConnection. Everything in it
// belongs to the worker.
type endpoint struct {
	worker      *Worker
	posted      share  // of the worker's inbox
	failed      func() // told when a fault of ours ended the peer; never blocks
	closed      bool
	ticks       timers.Timer[*endpoint] // when something is due
	leaves      timers.Timer[*endpoint] // when something that waits may leave
	checks      timers.Timer[*endpoint] // when to look whether its consent is fresh
	door        *demux.View[*endpoint]  // where its datagrams come in
	at          netip.AddrPort          // where ICE says the client is
	connectedAt time.Time
	path        Path          // nil until the transport is connected
	direct      *fast         // the same, where the worker itself opens what comes
	ssrc        uint32        // that we send RTCP under
	rtt         time.Duration // to the peer and back; 0 unknown

	// Publishing.
	limits LimitsConfig // set before the worker knows of it, and never changed
	allowance
	sources []*Source
	labels
	streams    map[uint32]stream // SSRCs that packets came under
	clock      timeline.Clock
	feedback   twcc.Recorder
	feedbackAt time.Time
	reportAt   time.Time

	// Receiving.
	down   downlink
	grader quality.Grader
	slots  []*Slot
	bySSRC map[uint32]*Slot
}

// stream is one SSRC of a publisher: a layer, or the RTX of one.
type stream struct {
	layer  *Layer
	repair bool
}

func newEndpoint(w *Worker, ssrc uint32, failed func(), now time.Time) *endpoint {
	e := &endpoint{
		worker: w, ssrc: ssrc, failed: failed,
		labels: labels{declared: map[uint32]declaration{}}, streams: map[uint32]stream{},
		bySSRC: map[uint32]*Slot{},
		down:   newDownlink(w, now),
	}
	e.ticks.Of, e.leaves.Of, e.checks.Of = e, e, e
	e.allow(now)
	return e
}

// attach takes the lines that another negotiation added, and how all packets
// are labelled from now on.
func (e *endpoint) attach(sources []*Source, slots []*Slot, all labels) {
	e.labels = all
	e.sources = append(e.sources, sources...)
	e.slots = append(e.slots, slots...)
	for _, s := range slots {
		e.bySSRC[s.ssrc] = s
		e.down.transport = max(e.down.transport, s.transportID)
	}
	e.allow(e.worker.now)
}

// allow sets what the peer may send by what it publishes.
func (e *endpoint) allow(now time.Time) {
	e.allowance.set(e.limits, e.sources, e.worker.bitrates, now)
}

// connected opens the path; what the slots are to carry may come now. It may
// come before the first attach, and after close.
func (e *endpoint) connected(path Path, now time.Time) {
	if e.closed {
		return
	}
	e.path, e.connectedAt = path, now
	e.open(now)
}

// open lets the slots carry what they are to, if their lines are applied.
func (e *endpoint) open(now time.Time) {
	if e.path == nil {
		return
	}
	e.stir()
	for _, s := range e.slots {
		if s.ready && !s.open {
			s.open = true
			s.reconcile(now)
		}
	}
}

// close ends all that the peer publishes and receives.
func (e *endpoint) close(now time.Time) {
	for _, s := range e.sources {
		s.close(now)
	}
	for _, s := range e.slots {
		s.wing = nil
		s.assign(Feed{Why: WhyGone}, now)
		s.open = false
	}
	e.closed = true
	e.path, e.direct = nil, nil
	e.down.pacer.Reset(now)
	e.worker.ticks.Stop(&e.ticks)
	e.worker.leaves.Stop(&e.leaves)
	e.worker.checks.Stop(&e.checks)
	// A source is still known by name for a while: what it led to is let go.
	e.sources, e.slots, e.failed = nil, nil, func() {}
	clear(e.streams)
	clear(e.bySSRC)
}

// takeRTP takes a packet that the peer sent. It goes out to who is to get it with
// those that come right behind it.
func (e *endpoint) takeRTP(buf []byte, now time.Time) {
	e.stir()
	counts := &e.worker.counts
	counts.packetsIn.Add(1)
	counts.bytesIn.Add(uint64(len(buf)))
	if !e.rtp.Take(len(buf), now) {
		counts.dropRTP.Add(1)
		return
	}
	view := &e.worker.view
	if rtpview.Parse(buf, view) != nil {
		counts.dropMalformed.Add(1)
		return
	}
	if sequence, ok := rtpview.TransportSequence(view.Extension(e.extensions.transport)); ok {
		e.feedback.Record(view.SSRC, sequence, now)
	}
	st, ok := e.streams[view.SSRC]
	if !ok {
		if st, ok = e.bind(view, now); !ok {
			counts.dropUnknown.Add(1)
			return
		}
	}
	if st.repair {
		e.receiveRTX(st.layer, view, buf, now)
		return
	}
	c, ok := st.layer.source.codecs[view.PayloadType]
	if !ok {
		counts.dropUnknown.Add(1)
		return
	}
	if st.layer.source.Kind == Mic {
		e.hear(st.layer, view, now)
	}
	st.layer.receive(view, c, buf, now)
}

// receiveRTX turns a retransmission into the packet that it repeats. What has
// no original sequence number only probes for bandwidth.
func (e *endpoint) receiveRTX(layer *Layer, view *rtpview.Packet, buf []byte, now time.Time) {
	original, rest, ok := rtpview.OriginalSequence(view.Payload)
	if !ok {
		return
	}
	primary, ok := layer.source.rtx[view.PayloadType]
	if !ok {
		e.worker.counts.dropUnknown.Add(1)
		return
	}
	view.SequenceNumber, view.SSRC, view.PayloadType = original, layer.ssrc, primary
	view.HeaderLen += len(view.Payload) - len(rest)
	view.Payload = rest
	layer.repair(view, layer.source.codecs[primary], buf, now)
}

// hear takes the level of a microphone's packet (RFC 6464). A sender without
// the extension counts as loud while its packets flow.
func (e *endpoint) hear(layer *Layer, view *rtpview.Packet, now time.Time) {
	level, voice, ok := rtpview.AudioLevel(view.Extension(e.extensions.level))
	if !ok || voice || level < 50 {
		layer.loud = now
	}
	switch g := layer.source.wing; {
	case g == nil:
	case ok:
		g.detector.Level(layer.source, level, voice, now)
	default:
		g.detector.Packet(layer.source, now)
	}
}

// bind finds out what an SSRC is: by its mid and rid (RFC 8843 section 9.2, RFC
// 8852), by what the offer declared, or as the only line with its payload type.
func (e *endpoint) bind(view *rtpview.Packet, now time.Time) (stream, bool) {
	if len(e.streams) >= ssrcsPerPeer {
		return stream{}, false
	}
	declared := e.declared[view.SSRC]
	source := e.sourceOf(view, declared)
	if source == nil {
		return stream{}, false
	}
	var st stream
	if _, isRTX := source.rtx[view.PayloadType]; isRTX {
		st = stream{layer: e.repaired(source, view, declared), repair: true}
	} else if c, ok := source.codecs[view.PayloadType]; ok && len(view.Payload) > 0 {
		rid, known := e.ridOf(source, view, declared)
		if !known {
			return stream{}, false
		}
		st.layer = source.layer(rid, view.SSRC, c, now)
	}
	if st.layer == nil {
		return stream{}, false // not yet: RTX before its media is a probe
	}
	e.streams[view.SSRC] = st
	if !st.repair {
		source.reconcile(now)
	}
	return st, true
}

// ridOf says which of its source's layers a packet is of; empty for the only
// one. Not known: a packet that says so will come.
func (e *endpoint) ridOf(source *Source, view *rtpview.Packet, declared declaration) (rid string, known bool) {
	if rid = string(rtpview.Text(view.Extension(e.extensions.rid))); rid == "" {
		rid = declared.rid
	}
	if rid == "" {
		return "", len(source.rids) == 0 || e.extensions.rid == 0
	}
	return rid, indexOf(rid, source.rids...) >= 0
}

func (e *endpoint) sourceOf(view *rtpview.Packet, declared declaration) *Source {
	if mid := rtpview.Text(view.Extension(e.extensions.mid)); len(mid) > 0 {
		for _, s := range e.sources {
			if s.Mid == string(mid) {
				return s
			}
		}
		return nil
	}
	if declared.source != nil {
		return declared.source
	}
	var only *Source
	for _, s := range e.sources {
		_, media := s.codecs[view.PayloadType]
		_, rtx := s.rtx[view.PayloadType]
		if media || rtx {
			if only != nil {
				return nil
			}
			only = s
		}
	}
	return only
}

// repaired is the layer that an RTX stream repairs, nil while it is not known.
func (e *endpoint) repaired(source *Source, view *rtpview.Packet, declared declaration) *Layer {
	rid := string(rtpview.Text(view.Extension(e.extensions.repairedRID)))
	for _, l := range source.layers {
		if (rid != "" && l.rid == rid) || (rid == "" && declared.primary == l.ssrc) {
			return l
		}
	}
	if rid == "" && declared.primary == 0 && len(source.layers) == 1 {
		return source.layers[0]
	}
	return nil
}
