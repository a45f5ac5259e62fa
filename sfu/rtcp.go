package sfu

import (
	"time"

	"github.com/pion/rtcp"

	"madang/sfu/nack"
	"madang/sfu/timeline"
	"madang/sfu/twcc"
)

// reportBlocks is how many streams one receiver report can speak of (RFC 3550
// section 6.4.2: the count has five bits).
const reportBlocks = 31

// compoundBytes is how long a compound may become: with SRTCP, UDP and IP it
// fits any path (RFC 8200 section 5 promises 1,280 bytes).
const compoundBytes = 1150

// say sends RTCP in compounds that fit a path.
func (e *endpoint) say(packets []rtcp.Packet) {
	first, size := 0, 0
	for i, p := range packets {
		n := p.MarshalSize()
		if size > 0 && size+n > compoundBytes {
			e.path.WriteRTCP(packets[first:i])
			first, size = i, 0
		}
		size += n
	}
	if first < len(packets) {
		e.path.WriteRTCP(packets[first:])
	}
}

// receiveRTCP takes what a peer says, whatever SSRC it names: one intake, so
// that nothing about media, RTX or probes is missed. What stands before a
// malformed packet of a compound counts.
func (e *endpoint) receiveRTCP(buf []byte, now time.Time) {
	if !e.rtcp.Take(len(buf), now) {
		e.worker.counts.dropRTCP.Add(1)
		return
	}
	var header rtcp.Header
	for len(buf) > 0 {
		if header.Unmarshal(buf) != nil || 4*(int(header.Length)+1) > len(buf) {
			e.worker.counts.dropMalformed.Add(1)
			return
		}
		packet := buf[:4*(int(header.Length)+1)]
		buf = buf[len(packet):]
		if twcc.Is(header) {
			e.receiveFeedback(packet, now)
		} else {
			e.receiveReport(header.Type, packet, now)
		}
	}
}

// receiveFeedback takes transport-wide feedback, which is most of what a
// subscriber says.
func (e *endpoint) receiveFeedback(packet []byte, now time.Time) {
	feedback, err := e.worker.feedback.Read(packet)
	if err != nil {
		e.worker.counts.dropMalformed.Add(1)
		return
	}
	e.told(feedback, now)
}

// acknowledge tells a publisher which of its packets came, and when.
func (e *endpoint) acknowledge() {
	w := e.worker
	for e.feedback.Held() > 0 {
		w.raw = e.feedback.Append(w.raw[:0], e.ssrc)
		e.path.WriteRTCP(w.alone[:])
	}
}

// receiveReport takes one packet of any other kind.
func (e *endpoint) receiveReport(kind rtcp.PacketType, packet []byte, now time.Time) {
	p, err := e.worker.reports.read(kind, packet)
	if err != nil {
		e.worker.counts.dropMalformed.Add(1)
		return
	}
	switch p := p.(type) {
	case *rtcp.SenderReport:
		if st, ok := e.streams[p.SSRC]; ok && !st.repair {
			st.layer.report(p, now)
		}
		e.received(p.Reports, now)
	case *rtcp.ReceiverReport:
		e.received(p.Reports, now)
	case *rtcp.TransportLayerNack:
		e.nacked(p, now)
	case *rtcp.ReceiverEstimatedMaximumBitrate:
		e.down.estimate.REMB(uint64(max(0, p.Bitrate)), now)
	case *rtcp.ExtendedReport:
		e.referenced(p)
	case *rtcp.PictureLossIndication:
		e.cannotDecode(p.MediaSSRC, now)
	case *rtcp.FullIntraRequest:
		for _, entry := range p.FIR {
			e.cannotDecode(entry.SSRC, now)
		}
	}
}

func (e *endpoint) cannotDecode(ssrc uint32, now time.Time) {
	if s := e.bySSRC[ssrc]; s != nil {
		e.worker.counts.pliIn.Add(1)
		s.undecodable(now)
	}
}

// nacked sends again what a subscriber lost, within its budget: whoever asks
// for more than a link can lose is refused, or it could make us flood it.
func (e *endpoint) nacked(n *rtcp.TransportLayerNack, now time.Time) {
	s := e.bySSRC[n.MediaSSRC]
	if s == nil || !s.open || e.path == nil {
		return
	}
	counts := &e.worker.counts
	for i := range n.Nacks {
		n.Nacks[i].Range(func(sequence uint16) bool {
			counts.nackIn.Add(1)
			if e.underway(s, sequence, now) {
				return true
			}
			if !s.budget.take(now) {
				counts.nackRefused.Add(1)
				return false
			}
			if !e.again(s, sequence) {
				counts.nackMissed.Add(1)
			}
			return true
		})
	}
}

// received takes what the peer says of our slots: what it lost and the round trip
// (RFC 3550 section 6.4.1).
func (e *endpoint) received(reports []rtcp.ReceptionReport, now time.Time) {
	for _, r := range reports {
		s := e.bySSRC[r.SSRC]
		if s == nil {
			continue
		}
		s.missed = s.missing(&r)
		if r.LastSenderReport == 0 {
			continue
		}
		trip := s.echo(&r, now)
		if trip > 0 {
			e.rtt = trip
			for _, source := range e.sources {
				for _, l := range source.layers {
					l.missing.SetRTT(trip)
				}
			}
		}
		e.down.estimate.ReceiverReport(s.missed, trip, now)
	}
}

// missing is the fraction lost of a report, in 256ths; 0 where it is of what was
// sent before nothing was for a while: of that the receiver learns only now.
func (s *Slot) missing(r *rtcp.ReceptionReport) uint8 {
	if !s.resumed {
		return r.FractionLost
	}
	s.resumed = int16(uint16(r.LastSequenceNumber)-uint16(s.began)) < 0
	return 0
}

// echo is the round trip that a report tells, 0 if none: one that names the same
// sender report again would tell the same trip again, long after.
func (s *Slot) echo(r *rtcp.ReceptionReport, now time.Time) time.Duration {
	if r.LastSenderReport == s.echoed {
		return 0
	}
	s.echoed = r.LastSenderReport
	middle := uint32(timeline.ToNTP(now) >> 16)
	trip := time.Duration(middle-r.LastSenderReport-r.Delay) * time.Second >> 16
	if trip > 10*time.Second {
		return 0
	}
	return max(trip, 0)
}

// receiverReports appends what we received of the peer's streams.
func (e *endpoint) receiverReports(due []rtcp.Packet, now time.Time) []rtcp.Packet {
	blocks := e.worker.reports.blocks[:0]
	for _, s := range e.sources {
		for _, l := range s.layers {
			if len(blocks) == reportBlocks {
				break
			}
			if b, ok := l.reception.Report(l.ssrc, now); ok {
				blocks = append(blocks, b)
				l.lost = b.FractionLost
				l.jitter = time.Duration(b.Jitter) * time.Second / time.Duration(clockRate(s.Kind.Media()))
			}
		}
	}
	e.worker.reports.blocks = blocks
	if len(blocks) == 0 {
		return due
	}
	return append(due, e.worker.reports.receiver(e.ssrc, blocks))
}

// ask appends what the layer's publisher is to be asked for now.
func (l *Layer) ask(due []rtcp.Packet, now time.Time) []rtcp.Packet {
	w := l.source.from.worker
	if l.keyframes.Due(now) {
		w.counts.pliOut.Add(1)
		due = append(due, &rtcp.PictureLossIndication{SenderSSRC: l.source.from.ssrc, MediaSSRC: l.ssrc})
	}
	if !l.missing.Waiting() || l.source.Kind.Media() == Audio { // not negotiated: a repair of speech comes too late
		return due
	}
	w.lost = l.missing.Due(now, w.lost[:0])
	if len(w.lost) == 0 || len(l.sinks) == 0 {
		return due
	}
	w.counts.nackOut.Add(uint64(len(w.lost)))
	return append(due, &rtcp.TransportLayerNack{
		SenderSSRC: l.source.from.ssrc, MediaSSRC: l.ssrc, Nacks: nack.AppendPairs(nil, w.lost),
	})
}

// report sends a sender report: where the slot's timestamps lie on the server's
// clock, never on a publisher's.
func (s *Slot) report(now time.Time) {
	if s.to.path == nil || !s.open {
		return
	}
	s.at = now
	w := s.to.worker
	w.raw = appendSenderReport(w.raw[:0], &rtcp.SenderReport{
		SSRC: s.ssrc, NTPTime: timeline.ToNTP(now), RTPTime: s.line.At(now),
		PacketCount: s.counts.packets, OctetCount: s.counts.octets,
	})
	s.to.path.WriteRTCP(w.alone[:])
}

// budget bounds how many packets a slot sends again: a burst, then a rate.
type budget struct {
	left int
	at   time.Time
}

const (
	resendBurst = 500
	resendRate  = 500 // a second
)

func (b *budget) take(now time.Time) bool {
	if b.at.IsZero() {
		b.left, b.at = resendBurst, now
	}
	if earned := int(now.Sub(b.at) * resendRate / time.Second); earned > 0 {
		b.left, b.at = min(resendBurst, b.left+earned), now
	}
	if b.left == 0 {
		return false
	}
	b.left--
	return true
}
