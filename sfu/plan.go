package sfu

import (
	"cmp"
	"slices"

	"madang/sfu/offer"
)

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
		case slices.ContainsFunc(added.send, func(other plannedSource) bool { return other.kind == kind }):
			return planned{}, refuse("conflict", "%s is on two lines", kind)
		case l == nil || !l.Sends() || l.Media != kind.Media().String():
			return planned{}, refuse("bad_sdp", "there is no line %q on which to send a %s", mid, kind)
		}
		added.send = append(added.send, plannedSource{kind, l})
	}
	slices.SortFunc(added.send, func(a, b plannedSource) int { return cmp.Compare(a.kind, b.kind) })
	return added, nil
}
