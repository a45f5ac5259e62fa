package offer

import (
	"cmp"
	"slices"
)

// endSection completes the m-line that was read and adds it to the offer.
func (p *parser) endSection() error {
	s := &p.section
	if s.at == 0 {
		return nil
	}
	line := &s.line
	line.Rejected = !s.port && !s.bundleOnly
	if line.Mid == "" {
		return bad(s.at, "the m-line has no mid")
	}
	if line.Direction == "" {
		line.Direction = p.session.direction
	}
	line.RIDs = s.rids
	if s.simulcast != nil {
		line.RIDs = s.simulcast
		for _, id := range s.simulcast {
			if !slices.Contains(s.rids, id) {
				return bad(s.at, "a=simulcast names the rid %s, which no a=rid explains", id)
			}
		}
	}
	for _, ssrc := range s.ssrcs {
		if !slices.Contains(s.repairs, ssrc) {
			line.SSRCs = append(line.SSRCs, ssrc)
		}
	}
	for i := range line.PayloadTypes {
		pt := &line.PayloadTypes[i]
		pt.HasAPT = pt.HasAPT && pt.Codec == "rtx"
		if !pt.HasAPT {
			pt.APT = 0
		}
	}
	p.offer.Lines = append(p.offer.Lines, *line)
	p.transports = append(p.transports, s.transport)
	p.section = section{}
	return nil
}

// check holds the m-lines against each other and against what the session says:
// everything that is not rejected must share one transport (RFC 9143), which
// must have its ICE credentials and the fingerprint of its certificate.
func (p *parser) check() error {
	if len(p.offer.Lines) == 0 {
		return bad(0, "there is no m-line")
	}
	bundled := make([]bool, len(p.offer.Lines))
	for _, mid := range p.bundle {
		index, ok := p.mids[mid]
		if !ok {
			return bad(0, "the BUNDLE group names an m-line that is not there")
		}
		bundled[index] = true
	}
	live, first, applications := 0, -1, 0
	for i := range p.offer.Lines {
		line := &p.offer.Lines[i]
		if line.Rejected {
			continue
		}
		live++
		if line.Media == Application {
			applications++
		}
		if first < 0 {
			first = i
		}
	}
	if applications > 1 {
		return bad(0, "there are %d m-lines for data channels: one holds them all", applications)
	}
	for i := range p.offer.Lines {
		if line := &p.offer.Lines[i]; live > 1 && !line.Rejected && !bundled[i] {
			return bad(0, "the m-line with mid %s is not in the BUNDLE group", line.Mid)
		}
	}
	if first < 0 {
		return bad(0, "every m-line is rejected")
	}
	if len(p.bundle) > 0 { // the first of the group carries the transport
		first = p.mids[p.bundle[0]]
	}
	return p.checkTransport(p.transports[first])
}

// checkTransport takes the user name and the password from the session, or from
// the line that carries the transport, in the order in which Pion looks for them.
func (p *parser) checkTransport(t transport) error {
	ufrag, password := cmp.Or(p.session.ufrag, t.ufrag), cmp.Or(p.session.password, t.password)
	switch {
	case ufrag == "":
		return bad(0, "there is no ice-ufrag")
	case password == "":
		return bad(0, "there is no ice-pwd")
	case !t.fingerprint && !p.session.fingerprint:
		return bad(0, "there is no fingerprint of a certificate")
	}
	p.offer.ICEUfrag, p.offer.ICEPassword = p.copyOf(ufrag), p.copyOf(password)
	return nil
}
