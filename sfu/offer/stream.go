package offer

import (
	"slices"
	"strconv"
	"strings"
)

// rid reads a=rid:id direction [restrictions] (RFC 8851); only what the client
// sends counts.
func (p *parser) rid(value string) error {
	id, rest, _ := strings.Cut(value, " ")
	direction, _, _ := strings.Cut(rest, " ")
	if err := p.checkRID(id); err != nil {
		return err
	}
	if direction != "send" {
		return nil
	}
	s := &p.section
	if slices.Contains(s.rids, id) {
		return bad(p.text.number, "rid %s stands there twice", id)
	}
	if len(s.rids) == p.limits.RIDs {
		return tooBig(p.text.number, "rids in an m-line", p.limits.RIDs)
	}
	s.rids = append(s.rids, p.copyOf(id))
	return nil
}

// simulcast reads a=simulcast:send a;~b;c,d (RFC 8853 §5.1): layers between
// semicolons, of each the first alternative; ~ says that it starts paused.
func (p *parser) simulcast(value string) error {
	s := &p.section
	if s.simulcast != nil {
		return bad(p.text.number, "is a second a=simulcast of one m-line")
	}
	words := strings.Fields(value)
	for i := 0; i+1 < len(words); i += 2 {
		if words[i] != "send" {
			continue
		}
		for layer := range strings.SplitSeq(words[i+1], ";") {
			id, _, _ := strings.Cut(layer, ",")
			id = strings.TrimPrefix(id, "~")
			if err := p.checkRID(id); err != nil {
				return err
			}
			if slices.Contains(s.simulcast, id) {
				return bad(p.text.number, "rid %s stands there twice", id)
			}
			if len(s.simulcast) == p.limits.RIDs {
				return tooBig(p.text.number, "rids in an m-line", p.limits.RIDs)
			}
			s.simulcast = append(s.simulcast, p.copyOf(id))
		}
	}
	return nil
}

func (p *parser) checkRID(id string) error {
	if len(id) == 0 || len(id) > maxIDBytes || !isEvery(id, isAlphanumeric) {
		return bad(p.text.number, "rid is not 1 to %d letters and digits", maxIDBytes)
	}
	return nil
}

// ssrc reads a=ssrc:number attribute (RFC 5576), of which there are several for
// one SSRC.
func (p *parser) ssrc(value string) error {
	text, _, _ := strings.Cut(value, " ")
	ssrc, err := p.number(text)
	if err != nil {
		return err
	}
	return p.claim(ssrc)
}

// ssrcGroup reads a=ssrc-group:FID media rtx, and remembers which SSRCs are
// repairs: that of FID, and of FEC-FR.
func (p *parser) ssrcGroup(value string) error {
	semantics, members, _ := strings.Cut(value, " ")
	var ssrcs []uint32
	for text := range strings.FieldsSeq(members) {
		ssrc, err := p.number(text)
		if err != nil {
			return err
		}
		if err := p.claim(ssrc); err != nil {
			return err
		}
		if len(ssrcs) == p.limits.SSRCs {
			return tooBig(p.text.number, "ssrcs in a group", p.limits.SSRCs)
		}
		ssrcs = append(ssrcs, ssrc)
	}
	if semantics != "FID" && semantics != "FEC-FR" {
		return nil
	}
	if len(ssrcs) != 2 || ssrcs[0] == ssrcs[1] {
		return bad(p.text.number, "a group %s is not of two ssrcs", semantics)
	}
	s := &p.section
	s.repairs = append(s.repairs, ssrcs[1])
	if semantics == "FID" {
		if s.line.RTX == nil {
			s.line.RTX = map[uint32]uint32{}
		}
		if _, twice := s.line.RTX[ssrcs[0]]; twice {
			return bad(p.text.number, "ssrc %d has a second rtx", ssrcs[0])
		}
		s.line.RTX[ssrcs[0]] = ssrcs[1]
	}
	return nil
}

func (p *parser) number(text string) (uint32, error) {
	ssrc, err := strconv.ParseUint(text, 10, 32)
	if err != nil {
		return 0, bad(p.text.number, "%.32q is not an ssrc", text)
	}
	return uint32(ssrc), nil
}

// claim says that an SSRC is of the m-line being read, and of no other.
func (p *parser) claim(ssrc uint32) error {
	s := &p.section
	index := len(p.offer.Lines)
	owner, known := p.ssrcs[ssrc]
	switch {
	case known && owner != index:
		return bad(p.text.number, "ssrc %d is another m-line's", ssrc)
	case known:
		return nil
	case len(s.ssrcs) == p.limits.SSRCs:
		return tooBig(p.text.number, "ssrcs in an m-line", p.limits.SSRCs)
	}
	p.ssrcs[ssrc] = index
	s.ssrcs = append(s.ssrcs, ssrc)
	return nil
}
