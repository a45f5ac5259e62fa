package offer

import (
	"strconv"
	"strings"
)

// Parse reads an offer and holds it against limits. It is cheap to refuse with:
// the work is bounded by limits.Bytes, and an offer that is too big is refused
// before anything is built. Errors are *Error. Safe for any goroutine.
func Parse(sdp string, limits Limits) (*Offer, error) {
	if err := bound(sdp, &limits); err != nil {
		return nil, err
	}
	p := parser{
		limits: &limits,
		offer:  &Offer{},
		mids:   map[string]int{},
		ssrcs:  map[uint32]int{},
		copies: map[string]string{},
	}
	p.session.direction = SendRecv
	for p.text.rest = sdp; p.text.next(); {
		if p.text.line == "" { // Pion passes over these too
			continue
		}
		if err := p.readLine(p.text.line); err != nil {
			return nil, err
		}
	}
	if err := p.endSection(); err != nil {
		return nil, err
	}
	if err := p.check(); err != nil {
		return nil, err
	}
	return p.offer, nil
}

// parser reads an offer line by line.
type parser struct {
	limits *Limits
	offer  *Offer
	text   lines
	begun  bool // the first line, v=0, is behind us

	session struct {
		transport
		direction string // SendRecv if it names none
	}
	bundle  []string // mids of the BUNDLE group
	section section
	mids    map[string]int    // mid → index of its line
	ssrcs   map[uint32]int    // SSRC → index of its line
	copies  map[string]string // what repeats on every line is kept once
	// transports by index of the line.
	transports []transport
}

// transport is what an m-line, or the session, says of ICE and DTLS.
type transport struct {
	ufrag       string
	password    string
	fingerprint bool
}

// section is the m-line being read.
type section struct {
	at         int // line of the text it started on; 0 before the first
	line       Line
	port       bool // not 0
	bundleOnly bool
	transport  transport
	rids       []string // of a=rid … send
	simulcast  []string // of a=simulcast:send
	ssrcs      []uint32 // all that were named, repairs included
	repairs    []uint32
}

// readLine takes in one line of the text.
func (p *parser) readLine(line string) error {
	if len(line) < 2 || line[1] != '=' || line[0] < 'a' || line[0] > 'z' {
		return bad(p.text.number, "is not of the form letter=value")
	}
	if !p.begun {
		if line != "v=0" {
			return bad(p.text.number, "is not v=0, with which an offer starts")
		}
		p.begun = true
		return nil
	}
	value := line[2:]
	switch line[0] {
	case 'm':
		if err := p.endSection(); err != nil {
			return err
		}
		return p.startSection(value)
	case 'a':
		name, value, _ := strings.Cut(value, ":")
		if p.section.at == 0 {
			return p.sessionAttribute(name, value)
		}
		return p.mediaAttribute(name, value)
	}
	return nil
}

// startSection reads an m-line: media, port, protocol, formats.
func (p *parser) startSection(value string) error {
	at := p.text.number
	media, rest, _ := strings.Cut(value, " ")
	port, rest, _ := strings.Cut(rest, " ")
	proto, formats, ok := strings.Cut(rest, " ")
	if !ok || formats == "" {
		return bad(at, "is not m=media port protocol formats")
	}
	number, err := strconv.ParseUint(port, 10, 16)
	if err != nil {
		return bad(at, "%.32q is not a port", port)
	}
	p.section = section{at: at, port: number != 0}
	line := &p.section.line
	switch media {
	case Audio, Video:
		if !strings.HasSuffix(proto, "RTP/SAVPF") && !strings.HasSuffix(proto, "RTP/SAVP") {
			return bad(at, "%.32q is not the protocol of encrypted RTP", proto)
		}
		line.Media = p.copyOf(media)
		return p.readFormats(formats)
	case Application:
		if !strings.HasSuffix(proto, "DTLS/SCTP") {
			return bad(at, "%.32q is not the protocol of data channels", proto)
		}
		line.Media = p.copyOf(media)
		return nil
	}
	return bad(at, "%.32q is not audio, video or application", media)
}

// readFormats reads the payload type numbers of an m-line.
func (p *parser) readFormats(formats string) error {
	line := &p.section.line
	line.PayloadTypes = make([]PayloadType, 0, min(strings.Count(formats, " ")+1, p.limits.PayloadTypes))
	for format := range strings.SplitSeq(formats, " ") {
		number, err := strconv.ParseUint(format, 10, 7)
		if err != nil {
			return bad(p.text.number, "%.32q is not a payload type", format)
		}
		if _, twice := line.PayloadType(uint8(number)); twice {
			return bad(p.text.number, "payload type %d stands there twice", number)
		}
		if len(line.PayloadTypes) == p.limits.PayloadTypes {
			return tooBig(p.text.number, "payload types in an m-line", p.limits.PayloadTypes)
		}
		line.PayloadTypes = append(line.PayloadTypes, PayloadType{Number: uint8(number)})
	}
	return nil
}

// copyOf returns a copy of s that does not keep the text of the offer alive,
// the same one each time.
func (p *parser) copyOf(s string) string {
	if known, ok := p.copies[s]; ok {
		return known
	}
	s = strings.Clone(s)
	p.copies[s] = s
	return s
}
