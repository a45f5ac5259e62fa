package sfu

import (
	"madang/sfu/descriptor"
	"madang/sfu/offer"
)

// labels say how a publisher's packets are told apart, by its newest offer.
type labels struct {
	extensions extensionIDs
	declared   map[uint32]declaration // SSRCs that the offer names
}

// extensionIDs are the ids of the header extensions that a publisher uses; 0
// for those that it does not. In a BUNDLE they are the same on all lines (RFC
// 8843 section 9.2).
type extensionIDs struct{ mid, rid, repairedRID, level, transport, descriptor uint8 }

// declaration is what an offer says of an SSRC.
type declaration struct {
	source  *Source
	rid     string // empty if it is not said
	primary uint32 // the SSRC that it repairs, 0 for none
}

// readLabels reads how the packets of all sources are labelled: which SSRCs the
// offer names, and which header extensions the answer took.
func readLabels(sources []*Source, offered, answered *offer.Offer) labels {
	all := labels{declared: map[uint32]declaration{}}
	for _, s := range sources {
		if l := offered.Line(s.Mid); l != nil {
			declare(all.declared, s, l)
		}
		if l := answered.Line(s.Mid); l != nil {
			all.extensions.read(l)
		}
	}
	return all
}

// declare notes which SSRCs an offer's line names. Who names one per layer, as
// Firefox does, names them in the order of its rids.
func declare(declared map[uint32]declaration, s *Source, l *offer.Line) {
	for i, ssrc := range l.SSRCs {
		rid := ""
		if len(l.SSRCs) == len(l.RIDs) {
			rid = l.RIDs[i]
		}
		declared[ssrc] = declaration{source: s, rid: rid}
		if rtx, ok := l.RTX[ssrc]; ok {
			declared[rtx] = declaration{source: s, primary: ssrc}
		}
	}
}

func (x *extensionIDs) read(l *offer.Line) {
	for uri, id := range map[string]*uint8{
		extMid: &x.mid, extRID: &x.rid, extRepairedRID: &x.repairedRID,
		extLevel: &x.level, extTransport: &x.transport, descriptor.URI: &x.descriptor,
	} {
		if n := l.ExtensionID(uri); n != 0 {
			*id = n
		}
	}
}
