package sfu

import (
	"madang/sfu/codec"
	"madang/sfu/red"
)

// redundant is an Opus packet together with those before it (RFC 2198), for a
// subscriber that loses packets and takes RED; nil for all others. Nobody's
// words are carried into a line that another voice has taken.
func (s *Slot) redundant(r *run, p *packet) []byte {
	distance := s.to.down.repeats
	if distance == 0 || s.formats[codec.RED].media == 0 || p.Meta.codec != codec.Opus {
		return nil
	}
	var before [red.MaxDistance]red.Packet
	n := 0
	for sequence := p.Seq - 1; n < distance && sequence+r.shift >= r.first; sequence-- {
		q := r.layer.history.Get(sequence)
		if q == nil || q.Meta.padding || q.Meta.codec != codec.Opus {
			break
		}
		before[n] = red.Packet{Timestamp: q.Meta.timestamp, Payload: payload(q)}
		n++
	}
	if n == 0 {
		return nil
	}
	primary := red.Packet{Timestamp: p.Meta.timestamp, Payload: payload(p)}
	s.scratch = red.Build(s.scratch[:0], s.formats[codec.Opus].media, primary, before[:n]...)
	return s.scratch
}
