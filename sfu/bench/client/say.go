package client

import (
	"time"

	"github.com/pion/rtcp"

	"madang/sfu/nack"
)

// Feedback sends transport-wide feedback for what came since the last, and asks
// for what is missing: to be called as often as a browser sends feedback.
func (c *Client) Feedback() {
	r := &c.received
	r.mu.Lock()
	var due []rtcp.Packet
	if r.record.PacketsHeld() > 0 {
		due = r.record.BuildFeedbackPacket()
	}
	due = r.nacks(due)
	r.mu.Unlock()
	for _, p := range due { // Chromium sends each as it is due
		c.say(p)
	}
}

// nacks appends what to ask for again.
func (r *receiver) nacks(due []rtcp.Packet) []rtcp.Packet {
	wanted := map[uint32][]uint16{}
	kept := r.missing[:0]
	for _, m := range r.missing {
		if m.tries == nackTries {
			continue
		}
		m.tries++
		wanted[m.ssrc] = append(wanted[m.ssrc], m.sequence)
		kept = append(kept, m)
	}
	r.missing = kept
	for ssrc, sequences := range wanted {
		due = append(due, &rtcp.TransportLayerNack{SenderSSRC: 1, MediaSSRC: ssrc, Nacks: nack.AppendPairs(nil, sequences)})
	}
	return due
}

// Report sends a receiver report (RFC 3550 section 6.4.2): to be called every second.
func (c *Client) Report() {
	r := &c.received
	r.mu.Lock()
	report := &rtcp.ReceiverReport{SSRC: 1}
	for ssrc, s := range r.sources {
		if len(report.Reports) < 31 {
			b := s.block(ssrc, time.Now())
			if !c.options.Feedback { // or a busy machine would have the server send less
				b.FractionLost = 0
			}
			report.Reports = append(report.Reports, b)
		}
	}
	r.mu.Unlock()
	if len(report.Reports) > 0 {
		c.say(report)
	}
}

// block says how one SSRC was received (RFC 3550 section 6.4.1).
func (s *heard) block(ssrc uint32, now time.Time) rtcp.ReceptionReport {
	n := s.highest - s.base + 1
	expected, got := n-s.lastN, s.got-s.lastGot
	s.lastN, s.lastGot = n, s.got
	b := rtcp.ReceptionReport{SSRC: ssrc, LastSequenceNumber: s.highest, LastSenderReport: s.report}
	if n > s.got {
		b.TotalLost = n - s.got
	}
	if expected > got && expected > 0 {
		b.FractionLost = uint8((expected - got) << 8 / (expected + 1))
	}
	if s.report != 0 {
		b.Delay = uint32(now.Sub(s.reportAt) * 65536 / time.Second)
	}
	return b
}

// say seals one RTCP packet and sends it. What is lost here is lost as on a network.
func (c *Client) say(p rtcp.Packet) {
	raw, err := p.Marshal()
	if err != nil {
		return
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.out == nil {
		return
	}
	if sealed, err := c.out.EncryptRTCP(c.scratch[:0], raw, nil); err == nil {
		c.scratch = sealed
		_, _ = c.socket.WriteToUDPAddrPort(sealed, c.server)
	}
}
