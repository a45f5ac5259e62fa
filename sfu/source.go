package sfu

import (
	"cmp"
	"slices"
	"time"

	"madang/sfu/codec"
	"madang/sfu/offer"
)

// liveness is how long a layer may be silent while another layer of its source
// sends, before it counts as switched off by its publisher.
const liveness = time.Second

// Source is one thing a peer publishes. The exported fields are set once and
// may be read by anyone; everything else belongs to the publisher's worker.
type Source struct {
	// ID is random and global: at least 64 bits, text.
	ID string
	// Kind says which of its peer's four things it is.
	Kind SourceKind
	// Mid is the media identification of the source's m-line (RFC 8843).
	Mid string

	incoming
	from     *endpoint
	of       *Source            // that it mirrors, of another worker; nil: it is itself
	exports  []*export          // that take it to other workers
	wing     *wing              // of the room that it is live in
	layers   []*Layer           // by rank
	slots    map[*Slot]struct{} // that are to carry it
	wants    wants
	closed   bool
	arranged bool // rids are by the size of the pictures
}

// incoming is how a source's packets are labelled, as the publisher's offer says.
type incoming struct {
	codecs map[uint8]codec.Codec // by payload type
	rtx    map[uint8]uint8       // payload type of RTX → of what it repairs
	rids   []string              // from the smallest layer to the largest
}

// newSource makes a source of a line that the client offered and we answered.
func newSource(id string, kind SourceKind, offered, answered *offer.Line) *Source {
	s := &Source{ID: id, Kind: kind, Mid: offered.Mid, slots: map[*Slot]struct{}{}}
	s.codecs, s.rtx, s.rids = map[uint8]codec.Codec{}, map[uint8]uint8{}, slices.Clone(offered.RIDs)
	for _, pt := range answered.PayloadTypes {
		if c, ok := codec.FromName(pt.Codec); ok {
			s.codecs[pt.Number] = c
		} else if pt.HasAPT {
			s.rtx[pt.Number] = pt.APT
		}
	}
	return s
}

// decodable tells whether the subscriber of a slot can decode any of the layers,
// or there is none yet.
func (s *Source) decodable(slot *Slot) bool {
	return len(s.layers) == 0 || slices.ContainsFunc(s.layers, func(l *Layer) bool { return slot.takes(l.codec) })
}

// takes tells whether the subscriber negotiated the codec, or what is in it.
func (s *Slot) takes(c codec.Codec) bool {
	if c == codec.RED {
		c = codec.Opus
	}
	return s.formats[c].media != 0
}

// layer returns the layer of a RID, made anew if its SSRC is another one.
func (s *Source) layer(rid string, ssrc uint32, c codec.Codec, now time.Time) *Layer {
	for i, l := range s.layers {
		if l.rid != rid {
			continue
		}
		if l.ssrc == ssrc {
			return l
		}
		s.layers = append(s.layers[:i], s.layers[i+1:]...)
		l.close(now)
		break
	}
	l := newLayer(s, rid, ssrc, c, now)
	s.layers = append(s.layers, l)
	slices.SortFunc(s.layers, func(a, b *Layer) int { return cmp.Compare(a.rank, b.rank) })
	for _, x := range s.exports {
		x.open(l)
	}
	return l
}

// rank orders layers by size, from 0. Browsers list RIDs in the order of the
// offer, smallest first in ours; q, h and f mean what they mean everywhere, until
// their pictures say otherwise.
func (s *Source) rank(rid string) int {
	if i := indexOf(rid, "q", "h", "f"); i >= 0 && !s.arranged {
		return i
	}
	return max(0, indexOf(rid, s.rids...))
}

// arrange ranks the layers by the size of their pictures, once all are known:
// some publishers list their largest RID first.
func (s *Source) arrange() {
	if len(s.layers) != len(s.rids) || slices.ContainsFunc(s.layers, func(l *Layer) bool { return l.height == 0 }) {
		return
	}
	byHeight := func(a, b *Layer) int { return cmp.Compare(a.height, b.height) }
	if slices.IsSortedFunc(s.layers, byHeight) {
		return
	}
	slices.SortStableFunc(s.layers, byHeight)
	for i, l := range s.layers {
		s.rids[i], l.rank = l.rid, i
	}
	s.arranged, s.wants = true, wants{} // which goes by rank
}

func indexOf(text string, list ...string) int {
	for i, item := range list {
		if item == text {
			return i
		}
	}
	return -1
}

// watch notices layers that were switched off or on by their publisher. A
// source with a single layer has no other to show instead: it is always live.
func (s *Source) watch(now time.Time) {
	if len(s.layers) < 2 {
		return
	}
	var newest time.Time
	for _, l := range s.layers {
		if l.last.After(newest) {
			newest = l.last
		}
	}
	changed := false
	for _, l := range s.layers {
		live := newest.Sub(l.last) < liveness
		changed = changed || live != l.live
		l.live = live
	}
	if changed {
		s.reconcile(now)
	}
}

// reconcile lets the slots that are to carry the source choose again.
func (s *Source) reconcile(now time.Time) {
	for slot := range s.slots {
		slot.reconcile(now)
	}
}

// close takes the source from whatever it feeds.
func (s *Source) close(now time.Time) {
	s.closed = true
	for _, l := range s.layers {
		l.close(now)
	}
	for slot := range s.slots {
		slot.assign(Feed{Why: WhyGone}, now)
	}
	for _, x := range s.exports {
		x.closed()
	}
	s.layers, s.exports = nil, nil
}
