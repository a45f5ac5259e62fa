package offer

import (
	"strconv"
	"strings"
)

// Most bytes of a mid and of a rid: what the one-byte form of a header extension
// holds, in which both travel (RFC 8843 §15, RFC 8852 §3).
const maxIDBytes = 16

// sessionAttribute reads an attribute that stands before the first m-line.
func (p *parser) sessionAttribute(name, value string) error {
	if name == "group" {
		semantics, mids, _ := strings.Cut(value, " ")
		if semantics != "BUNDLE" {
			return nil
		}
		if p.bundle != nil {
			return bad(p.text.number, "is a second BUNDLE group: everything must share one transport")
		}
		p.bundle = strings.Fields(mids)
		return nil
	}
	if isDirection(name) {
		p.session.direction = p.copyOf(name)
		return nil
	}
	return p.transportAttribute(&p.session.transport, name, value)
}

// mediaAttribute reads an attribute of the m-line being read.
func (p *parser) mediaAttribute(name, value string) error {
	s := &p.section
	switch name {
	case "mid":
		return p.mid(value)
	case SendRecv, SendOnly, RecvOnly, Inactive:
		if s.line.Direction != "" {
			return bad(p.text.number, "is a second direction of one m-line")
		}
		s.line.Direction = p.copyOf(name)
	case "bundle-only":
		s.bundleOnly = true
	case "rtpmap":
		return p.rtpmap(value)
	case "fmtp":
		return p.fmtp(value)
	case "extmap":
		return p.extmap(value)
	case "rid":
		return p.rid(value)
	case "simulcast":
		return p.simulcast(value)
	case "ssrc":
		return p.ssrc(value)
	case "ssrc-group":
		return p.ssrcGroup(value)
	default:
		return p.transportAttribute(&s.transport, name, value)
	}
	return nil
}

// transportAttribute reads what the session or an m-line says of ICE and DTLS.
func (p *parser) transportAttribute(t *transport, name, value string) error {
	switch name {
	case "ice-ufrag":
		if len(value) < 4 || len(value) > 256 || !isEvery(value, isICEChar) {
			return bad(p.text.number, "ice-ufrag is not 4 to 256 characters of ICE")
		}
		t.ufrag = value
	case "ice-pwd":
		if len(value) < 22 || len(value) > 256 || !isEvery(value, isICEChar) {
			return bad(p.text.number, "ice-pwd is not 22 to 256 characters of ICE")
		}
		t.password = value
	case "fingerprint":
		t.fingerprint = true
	}
	return nil
}

func (p *parser) mid(value string) error {
	if p.section.line.Mid != "" {
		return bad(p.text.number, "is a second mid of one m-line")
	}
	if len(value) == 0 || len(value) > maxIDBytes || !isEvery(value, isTokenChar) {
		return bad(p.text.number, "mid is not a token of 1 to %d characters", maxIDBytes)
	}
	if _, twice := p.mids[value]; twice {
		return bad(p.text.number, "mid %s is another m-line's", value)
	}
	value = p.copyOf(value)
	p.mids[value] = len(p.offer.Lines)
	p.section.line.Mid = value
	return nil
}

// payloadType takes the payload type off the front of a value. nil: the m-line
// does not list it, so that nothing about it matters.
func (p *parser) payloadType(value string) (*PayloadType, string, error) {
	text, rest, ok := strings.Cut(value, " ")
	number, err := strconv.ParseUint(text, 10, 7)
	if err != nil || !ok {
		return nil, "", bad(p.text.number, "does not name a payload type and its meaning")
	}
	for i := range p.section.line.PayloadTypes {
		if pt := &p.section.line.PayloadTypes[i]; uint64(pt.Number) == number {
			return pt, rest, nil
		}
	}
	return nil, "", nil
}

func (p *parser) rtpmap(value string) error {
	pt, rest, err := p.payloadType(value)
	if pt == nil {
		return err
	}
	name, rate, _ := strings.Cut(rest, "/")
	rate, _, _ = strings.Cut(rate, "/") // channels
	hz, err := strconv.ParseUint(rate, 10, 32)
	if err != nil || name == "" || !isEvery(name, isTokenChar) {
		return bad(p.text.number, "rtpmap is not name/rate")
	}
	if pt.Codec != "" {
		return bad(p.text.number, "payload type %d has a meaning already", pt.Number)
	}
	pt.Codec, pt.ClockRate = p.copyOf(strings.ToLower(name)), uint32(hz)
	line := &p.section.line
	line.HasRED = line.HasRED || line.Media == Audio && pt.Codec == "red"
	return nil
}

func (p *parser) fmtp(value string) error {
	pt, rest, err := p.payloadType(value)
	if pt == nil {
		return err
	}
	pt.Parameters = p.copyOf(rest)
	for parameter := range strings.SplitSeq(rest, ";") {
		text, ok := strings.CutPrefix(strings.TrimSpace(parameter), "apt=")
		if !ok {
			continue
		}
		apt, err := strconv.ParseUint(text, 10, 7)
		if err != nil {
			return bad(p.text.number, "apt is not a payload type")
		}
		pt.APT, pt.HasAPT = uint8(apt), true
	}
	return nil
}

func (p *parser) extmap(value string) error {
	text, uri, _ := strings.Cut(value, " ")
	uri, _, _ = strings.Cut(uri, " ") // attributes of the extension
	text, direction, directed := strings.Cut(text, "/")
	if !directed {
		direction = SendRecv
	}
	id, err := strconv.ParseUint(text, 10, 8)
	if err != nil || id == 0 || id == 15 || uri == "" || !isDirection(direction) {
		return bad(p.text.number, "extmap is not id[/direction] uri, with an id of 1 to 14 or 16 to 255")
	}
	line := &p.section.line
	for _, e := range line.Extensions {
		if uint64(e.ID) == id {
			return bad(p.text.number, "extension id %d stands there twice", id)
		}
	}
	if len(line.Extensions) == p.limits.Extensions {
		return tooBig(p.text.number, "header extensions in an m-line", p.limits.Extensions)
	}
	if line.Extensions == nil {
		line.Extensions = make([]Extension, 0, min(16, p.limits.Extensions))
	}
	line.Extensions = append(line.Extensions, Extension{ID: uint8(id), URI: p.copyOf(uri), Direction: p.copyOf(direction)})
	return nil
}

func isDirection(name string) bool {
	return name == SendRecv || name == SendOnly || name == RecvOnly || name == Inactive
}

// isEvery tells whether every byte of s is of a kind.
func isEvery(s string, kind func(byte) bool) bool {
	for i := range len(s) {
		if !kind(s[i]) {
			return false
		}
	}
	return true
}

func isAlphanumeric(c byte) bool {
	return c >= '0' && c <= '9' || c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z'
}

// isICEChar is ice-char of RFC 8839 §5.4.
func isICEChar(c byte) bool { return isAlphanumeric(c) || c == '+' || c == '/' }

// isTokenChar is token-char of RFC 8866 §9.
func isTokenChar(c byte) bool {
	return isAlphanumeric(c) || strings.IndexByte("!#$%&'*+-.^_`{|}~", c) >= 0
}
