package sfu

import (
	"net/netip"
	"time"

	"madang/sfu/lane"
)

// PeerStats is how one peer's transport is, for those who run the server.
type PeerStats struct {
	// Connected since; zero: not yet.
	Connected time.Time
	// At is where the client's datagrams come from, unknown over a stream.
	At netip.AddrPort
	// Over is udp, or stream: TCP, or a relay of this server.
	Over string
	// Writer seals what is sent: fast (this server) or portable (Pion).
	Writer string
	Worker int
	// RTT is the time to the client and back, 0 unknown.
	RTT time.Duration
	// Estimate is what the way to the client is taken to carry, in bits per second,
	// Wanted with how much there would be nothing to gain, and Queue how long what is
	// sent waits on the way.
	Estimate, Wanted int
	Queue            time.Duration
	// Layers are those that the client publishes.
	Layers []LayerStats
}

// LayerStats is one layer of a source.
type LayerStats struct {
	Kind SourceKind
	RID  string
	Live bool
	// Loss is the share of its packets that were lost on the way here of late, 0 to 1.
	Loss float64
}

// Stats is how the transport is now; false when its worker has ended. It waits for the
// worker's next turn.
func (p *Peer) Stats() (is PeerStats, ok bool) {
	ok = p.worker.do(func(time.Time) { is = p.endpoint.stats() })
	is.Worker = p.number
	return is, ok
}

func (e *endpoint) stats() PeerStats {
	is := PeerStats{
		Connected: e.connectedAt, At: e.at, Over: "udp", Writer: WriterPortable, RTT: e.rtt,
		Estimate: e.down.planned, Wanted: e.down.wanted, Queue: e.down.estimate.QueueDelay(),
	}
	if e.direct != nil {
		is.Writer = "fast"
	}
	if lane.Is(e.at) {
		is.At, is.Over = netip.AddrPort{}, "stream"
	}
	for _, s := range e.sources {
		for _, l := range s.layers {
			is.Layers = append(is.Layers, LayerStats{Kind: s.Kind, RID: l.rid, Live: l.live, Loss: float64(l.lost) / 256})
		}
	}
	return is
}
