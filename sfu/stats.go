package sfu

import "sync/atomic"

// counters are what a worker counts. The worker writes, anyone reads.
type counters struct {
	packetsIn, bytesIn   atomic.Uint64
	packetsOut, bytesOut atomic.Uint64
	crossed              atomic.Uint64

	dropInbox, dropMalformed, dropUnknown, dropDuplicate, dropPath atomic.Uint64
	dropForged, dropBehind, dropRTP, dropRTCP, socketErrors        atomic.Uint64

	nackIn, nackOut, nackMissed, nackRefused, resent atomic.Uint64
	pliIn, pliOut                                    atomic.Uint64
	panics                                           atomic.Uint64
}

// Stats is what the media plane counted since it began. RTP only; bytes are of
// RTP packets before sealing.
type Stats struct {
	Peers int
	// Streams are connections of ICE over TCP, used or kept for when UDP stops.
	// Relays are those of TURN.
	Streams, Relays int
	// Portable are peers that had to be left to Pion although the server was to
	// seal for them; since it began.
	Portable             uint64
	PacketsIn, BytesIn   uint64
	PacketsOut, BytesOut uint64
	// Busy is the share of its time that each worker works, 0 to 1, of late.
	Busy []float64
	// Crossed are packets that one worker handed to another.
	Crossed uint64
	// Drops counts packets that were not forwarded, and datagrams that were not
	// let in, by cause.
	Drops map[string]uint64
	// NACKIn are packets that subscribers asked for, NACKOut those that
	// publishers were asked for, Resent those that were sent again.
	NACKIn, NACKOut, Resent uint64
	// PLIIn are keyframe requests of subscribers, PLIOut those to publishers.
	PLIIn, PLIOut uint64
	// Panics are peers that were ended by a fault of ours in handling them.
	Panics uint64
}

// Stats sums up all workers. Any goroutine.
func (s *SFU) Stats() Stats {
	sum := Stats{Peers: int(s.peers.Load()), Portable: uint64(s.slower.Load()), Drops: map[string]uint64{}}
	if s.relay != nil {
		sum.Relays = s.relay.Len()
	}
	sum.Streams = max(0, s.lanes.Len()-sum.Relays)
	for i, w := range s.workers {
		c := &w.counts
		sum.PacketsIn += c.packetsIn.Load()
		sum.BytesIn += c.bytesIn.Load()
		sum.PacketsOut += c.packetsOut.Load()
		sum.BytesOut += c.bytesOut.Load()
		sum.Crossed += c.crossed.Load()
		sum.Busy = append(sum.Busy, w.busy.share())
		sum.NACKIn += c.nackIn.Load()
		sum.NACKOut += c.nackOut.Load()
		sum.Resent += c.resent.Load()
		sum.PLIIn += c.pliIn.Load()
		sum.PLIOut += c.pliOut.Load()
		sum.Panics += c.panics.Load()
		port, door := s.ports[i].conn.Stats(), s.ports[i].demux.Stats()
		for cause, n := range map[string]uint64{
			"inbox_full": c.dropInbox.Load(), "malformed": c.dropMalformed.Load(),
			"unknown_stream": c.dropUnknown.Load(), "duplicate": c.dropDuplicate.Load(),
			"nack_missed": c.nackMissed.Load(), "nack_refused": c.nackRefused.Load(),
			"kernel_receive": port.KernelDrops, "kernel_send": port.SendDrops,
			"oversized": port.Oversized, "path": c.dropPath.Load(),
			"rtp_over_budget": c.dropRTP.Load(), "rtcp_over_budget": c.dropRTCP.Load(),
			"forged": c.dropForged.Load(), "worker_behind": c.dropBehind.Load(),
			"stranger": door.Strangers, "foreign": door.Foreign, "stun_malformed": door.Malformed,
			"stun_unknown": door.Unknown, "stun_forged": door.Forged, "stun_unasked": door.Unasked,
			"stun_crowded": door.Crowded, "agent_behind": door.Overflowed, "agent_closed": door.Late,
		} {
			sum.Drops[cause] += n
		}
	}
	return sum
}
