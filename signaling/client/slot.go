package client

import (
	"sync"
	"time"

	"github.com/pion/rtcp"
	"github.com/pion/rtp"
	"github.com/pion/webrtc/v4"

	"madang/sfu/nack"
	"madang/signaling/protocol"
)

// Slot is one receive line of a client. Any goroutine may call its methods.
type Slot struct {
	// Mid names the line.
	Mid string
	// Video tells a video line from an audio line.
	Video bool
	// Pair is the number of the tile that the line belongs to, from 0; -1 for the
	// audio lines beside the tiles.
	Pair int

	client *Client
	ssrc   uint32 // set before its goroutines start

	mu      sync.Mutex
	carries protocol.Slot
	tracker *nack.Tracker
	stats   SlotStats
	clock   slotClock
}

// SlotStats counts what arrived on a slot since it was made.
type SlotStats struct {
	// Packets and Bytes of payload, retransmitted ones and padding included.
	Packets, Bytes uint64
	// FirstAt and LastAt are when the first and the newest packet arrived.
	FirstAt, LastAt time.Time
	// Loss says what was missing and what became of it: GivenUp is what was still
	// missing after a second.
	Loss nack.TrackerStats
	// Duplicates came twice, or after they were given up.
	Duplicates uint64
	// Jumps are breaks of the sequence numbers that no repair can mend.
	Jumps uint64
	// Backwards are packets whose timestamp is before that of the packet before.
	Backwards uint64
	// Stray is the farthest that timestamps went from the time of arrival, either
	// way, the first packet's being right.
	Stray time.Duration
	// SenderReport is the newest one, and ReportedAt when it came.
	SenderReport rtcp.SenderReport
	ReportedAt   time.Time
}

// slotClock compares a slot's timestamps with the time of arrival.
type slotClock struct {
	rate  uint32 // Hz
	first time.Time
	last  uint32 // timestamp
	ran   int64  // ticks since the first packet
}

// run takes the next packet of the sequence. It tells how far its timestamp is
// from its arrival, and whether it went back.
func (c *slotClock) run(timestamp uint32, now time.Time) (stray time.Duration, back bool) {
	if c.first.IsZero() {
		c.first, c.last = now, timestamp
	}
	step := int64(int32(timestamp - c.last))
	c.last = timestamp
	c.ran += step
	stray = time.Duration(c.ran)*time.Second/time.Duration(c.rate) - now.Sub(c.first)
	return max(stray, -stray), step < 0
}

func newSlot(c *Client, mid string, video bool, pair int) *Slot {
	s := &Slot{Mid: mid, Video: video, Pair: pair, client: c, tracker: nack.NewTracker()}
	s.carries.Why = "empty"
	s.clock.rate = 48_000
	if video {
		s.clock.rate = 90_000
	}
	return s
}

// Carries is what the server said last that the slot carries.
func (s *Slot) Carries() protocol.Slot {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.carries
}

func (s *Slot) carry(what protocol.Slot) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.carries = what
}

// Stats is what was counted so far.
func (s *Slot) Stats() SlotStats {
	s.mu.Lock()
	defer s.mu.Unlock()
	stats := s.stats
	stats.Loss = s.tracker.Stats()
	return stats
}

// receive reads the slot's media until the connection closes, on its own
// goroutine.
func (s *Slot) receive(track *webrtc.TrackRemote) {
	buf := make([]byte, receiveMTU)
	var packet rtp.Packet
	for {
		n, attributes, err := track.Read(buf)
		if err != nil {
			return
		}
		now := time.Now()
		if packet.Unmarshal(buf[:n]) != nil {
			continue
		}
		if s.count(&packet, attributes.Get(webrtc.AttributeRtxSsrc) != nil, now) {
			s.client.wakeRepair()
		}
		s.client.options.OnRTP(s, &packet, now)
	}
}

// count takes one packet and tells whether any are missing.
func (s *Slot) count(packet *rtp.Packet, rtx bool, now time.Time) (missing bool) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.stats.Packets == 0 {
		s.stats.FirstAt = now
	}
	s.stats.Packets++
	s.stats.Bytes += uint64(len(packet.Payload))
	s.stats.LastAt = now
	take := s.tracker.Received
	if rtx {
		take = s.tracker.ReceivedRTX
	}
	switch _, arrival := take(packet.SequenceNumber, now); arrival {
	case nack.Newest:
		stray, back := s.clock.run(packet.Timestamp, now)
		s.stats.Stray = max(s.stats.Stray, stray)
		if back {
			s.stats.Backwards++
		}
	case nack.Old:
		s.stats.Duplicates++
	case nack.Jumped:
		s.stats.Jumps++
	}
	return s.tracker.Waiting()
}

// reports reads the slot's RTCP until the connection closes, on its own
// goroutine: the interceptors learn from it what to say in receiver reports.
func (s *Slot) reports(receiver *webrtc.RTPReceiver) {
	for {
		packets, _, err := receiver.ReadRTCP()
		if err != nil {
			return
		}
		for _, packet := range packets {
			if report, ok := packet.(*rtcp.SenderReport); ok && report.SSRC == s.ssrc {
				s.mu.Lock()
				s.stats.SenderReport, s.stats.ReportedAt = *report, time.Now()
				s.mu.Unlock()
			}
		}
	}
}

// due is what to ask the server for now, nil for nothing, and whether anything
// is still missing.
func (s *Slot) due(now time.Time) (requests []rtcp.Packet, waiting bool) {
	s.mu.Lock()
	defer s.mu.Unlock()
	before := s.tracker.Stats().GivenUp
	missing := s.tracker.Due(now, nil)
	if s.Video && len(missing) > 0 {
		requests = append(requests, &rtcp.TransportLayerNack{MediaSSRC: s.ssrc, Nacks: nack.AppendPairs(nil, missing)})
	}
	if s.Video && s.tracker.Stats().GivenUp > before {
		requests = append(requests, &rtcp.PictureLossIndication{MediaSSRC: s.ssrc})
	}
	return requests, s.tracker.Waiting()
}
