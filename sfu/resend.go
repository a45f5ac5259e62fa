package sfu

import (
	"encoding/binary"
	"time"

	"madang/sfu/bwe"
	"madang/sfu/pacer"
	"madang/sfu/repair"
	"madang/sfu/rtpout"
)

// zeroBytes is how much padding one packet carries at most: close to what its
// length byte can say (RFC 3550 section 5.1).
const zeroBytes = 250

// resend answers a NACK. Over RTX it is a new packet (RFC 4588). Without RTX the
// same bytes would have to go out again under the same number, as AEAD allows no
// others (RFC 7714 section 8.1): that is possible only for video without a
// transport-wide number in it; sound may have been sent with other redundancy.
func (s *Slot) resend(sequence uint16) bool {
	extended := s.next - 1 + int64(int16(sequence-uint16(s.next-1)))
	r, p := s.sent(extended)
	if p == nil {
		return false
	}
	if s.needless(extended) {
		return false
	}
	if s.repair(r, p, extended) {
		return s.to.transmit(pacer.Repair, &s.out)
	}
	return s.Media == Video && s.transportID == 0 && s.send(r, p, extended)
}

// needless tells whether a repair would only hold up, on a link that is busy,
// the keyframe that makes up for it.
func (s *Slot) needless(sequence int64) bool {
	d := &s.to.down
	over := s.current == nil || sequence < s.began // a keyframe comes, or came
	return d.pacer.Full() || over && (d.estimate.State() == bwe.Draining || d.pacer.Delay(s.to.worker.now) > 0)
}

// underway tells whether a NACK was sent before the repair could come that has
// left already.
func (e *endpoint) underway(s *Slot, sequence uint16, now time.Time) bool {
	return s.rtxSSRC != 0 && e.down.repairs.Underway(repair.Packet{SSRC: s.rtxSSRC, Sequence: sequence}, e.rtt+e.down.estimate.QueueDelay(), &e.down.estimate, now)
}

// insist sends again, without being asked, the repairs that were lost too or are
// likely to be, where nothing has to wait for them.
func (e *endpoint) insist(now time.Time) {
	d := &e.down
	if d.repairs.Idle() || d.pacer.Delay(now) > 0 {
		return
	}
	d.repairs.Due(repair.Copies(e.lossy()), &d.estimate, now, func(p repair.Packet) bool {
		for _, s := range e.slots {
			if s.rtxSSRC == p.SSRC {
				return s.open && s.budget.take(now) && e.again(s, p.Sequence)
			}
		}
		return false
	})
}

// again sends a packet again and counts it.
func (e *endpoint) again(s *Slot, sequence uint16) bool {
	sent := s.resend(sequence)
	if sent {
		e.worker.counts.resent.Add(1)
	}
	return sent
}

// repeat sends a packet of late again as part of a probe, and returns how many
// bytes; 0 if there is none.
func (s *Slot) repeat(cluster int) int {
	for back := range int64(4) { // one of the last is surely in the history
		r, p := s.sent(s.next - 1 - back)
		if p == nil {
			continue
		}
		if s.repair(r, p, s.next-1-back) {
			s.to.depart(cluster, &s.out)
			return s.out.Size()
		}
	}
	return 0
}

// zeros sends nothing but padding over RTX as part of a probe, about size bytes
// in all, and returns how many; 0 where RTX is not negotiated.
func (s *Slot) zeros(size, cluster int) int {
	if !s.open || s.rtxSSRC == 0 || s.transportID == 0 {
		return 0
	}
	for _, f := range s.formats {
		if f.rtx == 0 {
			continue
		}
		s.out.Payload, s.out.Padding = nil, byte(min(max(size, 1), zeroBytes))
		s.out.Label(rtpout.Header{SSRC: s.rtxSSRC, PayloadType: f.rtx, SequenceNumber: s.rtx, Timestamp: s.newest.timestamp}, nil, s.transportID)
		s.rtx++
		s.to.depart(cluster, &s.out)
		return s.out.Size()
	}
	return 0
}

// sent is what was sent under a number, if it is remembered and kept.
func (s *Slot) sent(sequence int64) (*run, *packet) {
	r := s.runs.at(sequence)
	if r == nil || sequence >= s.next || s.to.worker.fan.holds(r.layer, sequence-r.shift) {
		return nil, nil // a late one of this burst goes out by itself, as long as it is then
	}
	return r, r.layer.history.Get(sequence - r.shift)
}

// repair drafts a packet that was sent as one for RTX; false where that is not
// negotiated.
func (s *Slot) repair(r *run, p *packet, sequence int64) bool {
	body, format := s.body(r, p)
	if format.rtx == 0 || s.rtxSSRC == 0 {
		return false
	}
	s.label(r, p, sequence, rtpout.Header{SSRC: s.rtxSSRC, PayloadType: format.rtx, SequenceNumber: s.rtx})
	s.rtx++
	s.patch(r, p)
	s.scratch = binary.BigEndian.AppendUint16(s.scratch[:0], uint16(sequence))
	s.scratch = append(s.scratch, body...)
	restore(p)
	s.out.Payload = s.scratch
	return true
}
