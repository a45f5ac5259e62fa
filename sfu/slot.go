package sfu

import (
	"time"

	"madang/sfu/codec"
	"madang/sfu/rtpout"
	"madang/sfu/svc"
	"madang/sfu/timeline"
)

// Slot is one outgoing RTP stream of one subscriber. Its SSRC, sequence numbers
// and timestamps never break as long as the subscriber stays, whatever feeds it.
// The exported fields are set once and may be read by anyone; everything else
// belongs to the subscriber's worker.
type Slot struct {
	// Mid is the media identification of the slot's m-line (RFC 8843).
	Mid string
	// Media is what the slot carries.
	Media Media

	outgoing
	to    *endpoint
	wing  *wing // of the room that last routed something to it
	ready bool  // its answer is applied by the client
	open  bool  // ready and connected: packets may go (Chromium latches earlier ones on the wrong line)

	assigned Feed
	ask      Ask
	current  *Layer // what is forwarded
	pending  *Layer // what will be, from its next decodable frame on
	state    SlotState
	changed  bool // state waits to be told

	filter   *svc.Filter // of the current layer; nil until it is needed
	wished   [2]uint8    // spatial and temporal layer
	left     uint32      // timestamp of the newest frame that was left out
	runs     runs
	line     timeline.Line
	next     int64       // sequence number of the next new packet, extended
	origin   int64       // of the first
	began    int64       // of the first of the current layer
	caught   time.Time   // when it was last served what is kept of a screen
	catching *catchingUp // nil: it is not
	newest   newest
	rtx      uint16 // sequence number of the next retransmission
	counts   sent
	at       time.Time // of the newest sender report
	budget   budget
	missed   uint8  // in 256ths, as its receiver reported last
	echoed   uint32 // the sender report that its receiver named last
	resumed  bool   // something is sent again, and its receiver has not reported since

	*draft // the worker's, for all its slots
}

// draft is the packet that a slot is making, until it is sent or copied.
type draft struct {
	out        rtpout.Packet
	extensions []rtpout.Extension
	scratch    []byte // for what is rewritten beyond a patch
	described  []byte // a dependency descriptor
}

// outgoing is how a slot's packets are labelled, as the subscriber's offer says.
type outgoing struct {
	ssrc, rtxSSRC uint32
	formats       [codec.AV1 + 1]format
	midID         uint8  // header extension of sdes:mid, 0 for none
	mid           []byte // its value
	transportID   uint8  // header extension of transport-wide numbers, 0 for none
	descriptorID  uint8  // header extension of dependency descriptors, 0 for none
}

// format is the payload types of a codec, 0 where it was not negotiated.
type format struct{ media, rtx uint8 }

// newest is the slot's latest running values, from which the next run goes on.
type newest struct {
	timestamp uint32
	pictureID uint16
	tl0       uint8
	number    uint16 // of a frame, in dependency descriptors
	from      uint32 // timestamp of the layer that it comes from
	mapped    uint32 // of the layer, when the timestamps were last compared
}

// sent counts for sender reports (RFC 3550 section 6.4.1).
type sent struct {
	packets, octets uint32
}

// assign says what the slot is to carry. A picture goes on until the new one
// decodes; sound, and whatever the feed gives a reason against, is cut at once.
func (s *Slot) assign(feed Feed, now time.Time) {
	if s.to.closed || feed.Source != nil && feed.Source.closed {
		feed = Feed{Why: WhyGone} // the room has not heard of it yet
	}
	if feed == s.assigned {
		return
	}
	if old := s.assigned.Source; old != feed.Source {
		if old != nil {
			delete(old.slots, s)
		}
		if feed.Source != nil {
			feed.Source.slots[s] = struct{}{}
		}
	}
	s.assigned = feed
	s.to.stir()
	if s.pending != nil && s.pending.source != feed.Source {
		s.await(nil, now)
	}
	if feed.Source == nil && feed.Why == WhyNone {
		feed.Why = WhyEmpty
	}
	switch {
	case feed.Why != WhyNone:
		s.cut(feed.Source, feed.Why)
	case s.Media == Audio:
		s.release()
	}
	s.reconcile(now)
}

// look says how much of its picture the subscriber can use.
func (s *Slot) look(ask Ask) {
	if ask == s.ask {
		return
	}
	s.ask = ask
	s.to.replan()
	if source := s.carries(); source != nil {
		source.reconsider()
	}
}

// carries is the source that the slot is to carry, nil for none.
func (s *Slot) carries() *Source {
	if s.assigned.Why != WhyNone {
		return nil
	}
	return s.assigned.Source
}

// cut stops at once.
func (s *Slot) cut(source *Source, why Why) {
	s.feed(nil)
	s.await(nil, time.Time{})
	s.tell(SlotState{Slot: s, Source: source, Why: why})
}

// release stops what the slot goes on with until something else comes.
func (s *Slot) release() {
	if s.current != nil && s.current.source != s.assigned.Source {
		s.feed(nil)
		s.tell(SlotState{Slot: s, Why: WhyEmpty})
	}
}

// reconcile brings what feeds the slot in line with what it is to carry. Which
// layer of a picture that is, its subscriber's plan says.
func (s *Slot) reconcile(now time.Time) {
	source := s.carries()
	switch {
	case !s.open || source == nil:
	case !source.decodable(s):
		s.cut(source, WhyCodec)
	case s.Media == Video && s.pending == nil && (s.current == nil || s.current.source != source):
		s.to.plan(now) // at once: the packet at hand may begin a keyframe
	case s.Media == Video:
		s.to.replan()
	case len(source.layers) > 0:
		s.follow(source.layers[0], false, now)
	}
}

// follow goes over to a layer of the source that the slot is to carry, with its
// next decodable frame; nil: nothing has come yet, and what is there goes on.
// Paused: there is no bandwidth for it.
func (s *Slot) follow(layer *Layer, paused bool, now time.Time) {
	switch {
	case paused:
		s.cut(s.carries(), WhyBandwidth)
	case layer == nil:
	case layer == s.current:
		s.await(nil, now)
	default:
		s.await(layer, now)
	}
}

// feed makes a layer the one that is forwarded.
func (s *Slot) feed(layer *Layer) {
	if s.current == layer {
		return
	}
	if s.current != nil {
		s.current.detach(s)
	}
	s.current, s.catching = layer, nil
	if layer != nil {
		layer.attach(s)
	}
}

// await makes a layer, which is not the current one, the one that takes over
// with its next decodable frame.
func (s *Slot) await(layer *Layer, now time.Time) {
	if s.pending == layer {
		return
	}
	if s.pending != nil {
		s.pending.detach(s)
	}
	s.pending = layer
	if layer != nil {
		layer.attach(s)
		if s.Media == Video && !s.catchUp(layer, now) {
			layer.wish(now)
		}
	}
}

// restarted waits for a decodable frame of the same layer. What waits to leave
// would only hold it up.
func (s *Slot) restarted(layer *Layer, now time.Time) {
	if s.current == layer {
		s.unsend(now)
		s.feed(nil)
		if s.pending == nil {
			s.await(layer, now)
		}
	}
}

// starve ends a layer that a smaller one is to replace, where the link carries not
// even the lowest frames of it: they would come too late, and so would the keyframe
// behind them.
func (s *Slot) starve(now time.Time) {
	old, next := s.current, s.pending
	if old == nil || next == nil || next.source != old.source || next.rank >= old.rank {
		return
	}
	if old.costs(0, 0, now) > s.to.down.estimate.Target() {
		s.restarted(old, now)
	}
}

// unsend forgets what waits to leave: a keyframe that comes makes up for it.
func (s *Slot) unsend(now time.Time) {
	s.to.down.pacer.Drop(s.ssrc, now)
	s.to.down.pacer.Drop(s.rtxSSRC, now)
	s.to.down.repairs.Dropped(s.rtxSSRC)
}

// lost lets go of a layer that is no more.
func (s *Slot) lost(layer *Layer, now time.Time) {
	if s.pending == layer {
		s.await(nil, now)
	}
	if s.current == layer {
		s.release()
		s.feed(nil)
	}
}

// undecodable says that the subscriber cannot decode what it gets.
func (s *Slot) undecodable(now time.Time) {
	switch {
	case s.pending != nil:
		s.pending.wish(now)
	case s.current != nil:
		s.current.wish(now)
	}
}

// tell lets the room know what the slot carries. Which layer of a source it is
// makes no difference to it.
func (s *Slot) tell(state SlotState) {
	if state.Slot == s.state.Slot && state.Source == s.state.Source && state.Why == s.state.Why {
		return
	}
	s.state = state
	if s.wing != nil && !s.changed {
		s.changed = true
		s.wing.tell(s)
	}
}
