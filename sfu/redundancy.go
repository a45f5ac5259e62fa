package sfu

import (
	"time"

	"github.com/pion/rtp"

	"madang/sfu/codec"
	"madang/sfu/nack"
	"madang/sfu/red"
	"madang/sfu/rtpview"
)

// rebuild makes good what was lost on the way in and the packet of RED at hand
// carries again: it goes on as plain Opus under the number that it had, before
// the packet at hand. What comes late all the same is a duplicate then.
func (l *Layer) rebuild(view *rtpview.Packet, sequence int64, now time.Time) {
	if l.history.Has(sequence - 1) {
		return // then what it carried is here too
	}
	var room [codec.MaxREDBlocks]red.Carried
	for _, c := range red.Unpack(room[:0], view.SequenceNumber, view.Timestamp, view.Payload) {
		if l.source.codecs[c.PayloadType] != codec.Opus {
			continue
		}
		lost, arrival := l.missing.ReceivedRTX(c.Sequence, now)
		if arrival != nack.Filled {
			continue // never missed: from before the first, or heard and forgotten
		}
		again := rtpview.Packet{PayloadType: c.PayloadType, SequenceNumber: c.Sequence, Timestamp: c.Timestamp, SSRC: l.ssrc, Payload: c.Payload}
		h := rtp.Header{Version: 2, PayloadType: c.PayloadType, SequenceNumber: c.Sequence, Timestamp: c.Timestamp, SSRC: l.ssrc}
		buf := l.source.from.worker.scratch[:]
		again.HeaderLen, _ = h.MarshalTo(buf) // it has room
		n := copy(buf[again.HeaderLen:], c.Payload)
		l.accept(lost, arrival, &again, codec.Opus, buf[:again.HeaderLen+n], now)
	}
}

// speech is the Opus in a packet of sound, however it came, and its payload type
// in RED, 0 where it came plain. Not ok: there is none.
func speech(p *packet) (opus []byte, wrapped uint8, ok bool) {
	if p.Meta.padding {
		return nil, 0, false
	}
	switch p.Meta.codec {
	case codec.Opus:
		return payload(p), 0, true
	case codec.RED:
		wrapped, opus, err := codec.PrimaryOfRED(payload(p))
		return opus, wrapped, err == nil
	}
	return nil, 0, false
}

// voiced is what the slot sends of a packet of sound, and under which payload
// types: RED where the subscriber takes it and has the room, as it came if that
// is enough, else plain Opus. Nobody's words are carried into a line that another
// voice has taken.
func (s *Slot) voiced(r *run, p *packet) ([]byte, format) {
	plain, wrapped, ok := speech(p)
	opus, redundant, down := s.formats[codec.Opus], s.formats[codec.RED], &s.to.down
	if !ok || redundant.media == 0 || !down.roomy || p.Seq+r.shift == r.first {
		return plain, opus
	}
	asItCame := wrapped != 0 && wrapped == opus.media
	if asItCame && down.repeats <= 1 {
		return payload(p), redundant
	}
	if more := s.redundant(r, p, plain); more != nil {
		return more, redundant
	}
	if asItCame {
		return payload(p), redundant
	}
	return plain, opus
}

// redundant is an Opus packet together with those before it (RFC 2198), as many
// as its subscriber's losses call for; nil for none.
func (s *Slot) redundant(r *run, p *packet, plain []byte) []byte {
	var before [red.MaxDistance]red.Packet
	n := 0
	for sequence := p.Seq - 1; n < s.to.down.repeats && sequence+r.shift >= r.first; sequence-- {
		q := r.layer.history.Get(sequence)
		if q == nil {
			break
		}
		opus, _, ok := speech(q)
		if !ok {
			break
		}
		before[n] = red.Packet{Timestamp: q.Meta.timestamp, Payload: opus}
		n++
	}
	if n == 0 {
		return nil
	}
	primary := red.Packet{Timestamp: p.Meta.timestamp, Payload: plain}
	s.scratch = red.Build(s.scratch[:0], s.formats[codec.Opus].media, primary, before[:n]...)
	return s.scratch
}

// repeatShare bounds redundant sound to one part in so many of the estimate: on a
// thin link it would cost the picture, and the congestion that lost the sound stay.
const repeatShare = 6

// voices decides how much redundancy a subscriber gets, and returns what all its
// sound costs, in bits per second.
func (e *endpoint) voices(now time.Time) int {
	d := &e.down
	plain, words, added := e.sound(now)
	room := d.estimate.Target() / repeatShare / max(words, 1)
	d.roomy, d.repeats = room > 0, min(d.redundancy.Distance(), room)
	if !d.roomy {
		return plain
	}
	return plain + max(added, d.repeats*words)
}

// sound is what the audio of a subscriber costs without redundancy, how much of
// that are the words themselves, which is what repeating them costs, and how much of
// what publishers added reaches it, in bits per second.
func (e *endpoint) sound(now time.Time) (plain, words, added int) {
	for _, s := range e.slots {
		if s.Media != Audio || s.current == nil {
			continue
		}
		all := s.current.all(now)
		core, said := s.current.shares()
		once := int(float64(all) * core)
		plain += once
		words += int(float64(all) * said)
		if s.formats[codec.RED].media != 0 {
			added += all - once
		}
	}
	return plain, words, added
}

// shares are the share of a layer of sound that is no redundancy, and that of the
// words alone, as its newest packet has them.
func (l *Layer) shares() (core, words float64) {
	newest, ok := l.history.Highest()
	if !ok {
		return 1, 1
	}
	p := l.history.Get(newest)
	if p == nil || p.Meta.padding {
		return 1, 1
	}
	plain, _, _ := speech(p)
	all := float64(len(p.Bytes) + sealed)
	return 1 - float64(len(payload(p))-len(plain))/all, float64(len(plain)) / all
}
