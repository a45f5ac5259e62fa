package bwe

import (
	"slices"
	"time"
)

const (
	// probePackets is the least of a train.
	probePackets = 6
	// probePacket is a good size for a packet of a long train, and probeMost the
	// bytes of the longest one.
	probePacket = 1100
	probeMost   = 80 * probePacket
	// probeKept is how many packets of a train are measured.
	probeKept = 96
	// unsaturated is the share of a train's rate that must come out again for the
	// train to have fitted.
	unsaturated = 0.92
	// shaped is the share of a train's rate below which its second half alone tells
	// what the link carries: a shaper let the first pass at once.
	shaped = 0.65
	// mostDoubt is the greatest share by which a noisy train is forgiven.
	mostDoubt = 0.15
	// probeLossBeyond is the loss beyond that at the present rate that means a
	// full link, if it is more than two packets.
	probeLossBeyond = 0.15
)

// train is a cluster on its way: what left of it and when it arrived.
type train struct {
	on      bool
	cluster Cluster
	asked   time.Duration
	doubt   float64             // share by which noise may make it seem slower
	wary    bool                // the link fell of late, or lied: it may be a shaper
	begun   time.Duration       // when its first packet left
	first   uint16              // number of its first packet
	ahead   int                 // bytes of it sent
	packets *[probeKept]arrival // nil until the first train
	kept    int                 // packets of it sent
}

// arrival is one packet of a train.
type arrival struct {
	sent, came time.Duration
	ahead      int // bytes of the train sent before it
	arrived    bool
}

// due is how many bytes of padding are to be sent now.
func (t *train) due(now time.Duration) int {
	if !t.on || t.whole() {
		return 0
	}
	if t.kept == 0 {
		return t.cluster.Bytes / t.cluster.Packets
	}
	part := float64(now-t.begun) / float64(t.cluster.Length)
	if part >= 1 && t.ahead >= t.cluster.Bytes { // few packets, big ones
		return t.cluster.Bytes / t.cluster.Packets
	}
	return max(int(min(part, 1)*float64(t.cluster.Bytes))-t.ahead, 0)
}

// sent notes a packet that leaves while a train is under way: padding begins
// it, then all that leaves is of it.
func (t *train) sent(seq uint16, size int, cluster int, now time.Duration) {
	if t.kept == 0 {
		if cluster != t.cluster.ID {
			return
		}
		t.first, t.begun = seq, now
	}
	if t.whole() || int(seq-t.first) != t.kept {
		return
	}
	t.packets[t.kept] = arrival{sent: now, ahead: t.ahead}
	t.kept++
	t.ahead += size
}

// whole tells whether all of the train has left.
func (t *train) whole() bool {
	return t.ahead >= t.cluster.Bytes && t.kept >= probePackets || t.kept == probeKept
}

// received notes the arrival of a packet that may be one of the train's.
func (t *train) received(seq uint16, came time.Duration) {
	if n := int(seq - t.first); n < t.kept {
		t.packets[n].came, t.packets[n].arrived = came, true
	}
}

// result is what a train told: the rate that came out, and whether it fitted.
type result struct {
	rate float64
	fits bool
}

// measure compares the pace of the train's arrival with that of its sending.
func (t *train) measure(usual float64) (result, bool) {
	var came int
	for _, a := range t.packets[:t.kept] {
		if a.arrived {
			came++
		}
	}
	if t.kept < probePackets || came < probePackets/2+1 {
		return result{}, false
	}
	span := t.packets[t.kept-1]
	in := float64(t.cluster.Rate)
	if t := (span.sent - t.packets[0].sent).Seconds(); t > 0 {
		in = min(in, float64(span.ahead*8)/t)
	}
	out := t.pace(0)
	fits := out >= (unsaturated-t.doubt)*in
	if last := t.pace(t.kept / 2); t.wary && !fits && last < shaped*out {
		out = max(last, 1)
	}
	kept := float64(t.kept)
	if lost := kept - float64(came); lost > usual*kept+max(probeLossBeyond*kept, 2) {
		out, fits = min(out, in)*(1-lost/kept), false
	}
	return result{rate: min(in, out), fits: fits}, true
}

// pace is the rate at which the train arrived, from one of its packets on: the median of the slopes between
// packets a third of the train and more apart (Theil and Sen), so that a packet
// that came late by reordering, or was lost, does not matter.
func (t *train) pace(from int) float64 {
	var slopes [probeKept * probeKept / 2]float32 // seconds per byte
	n := 0
	for i := from; i < t.kept; i++ {
		for j := i + max(1, (t.kept-from)/3); j < t.kept; j++ {
			a, b := &t.packets[i], &t.packets[j]
			if a.arrived && b.arrived && b.ahead > a.ahead {
				slopes[n] = float32((b.came - a.came).Seconds() / float64(b.ahead-a.ahead))
				n++
			}
		}
	}
	if n == 0 {
		return 0
	}
	slices.Sort(slopes[:n])
	median := float64(slopes[n/2])
	if median <= 0 {
		return float64(t.cluster.Rate) // all at once: as fast as it was sent, at least
	}
	return 8 / median
}
