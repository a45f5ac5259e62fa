package bwe

import (
	"slices"
	"time"
)

// Cluster is a short train of packets that asks whether the link carries more.
// While it lasts the caller fills up with padding what media leaves free, as
// [Estimator.Due] says, and tells [Estimator.Sent] its ID with each padding
// packet. An estimator has one cluster under way at a time.
type Cluster struct {
	ID      int           // 1 to 65535
	Rate    int           // bits per second, of all that leaves while it lasts
	Packets int           // it takes about; Bytes / Packets is a good size for one
	Bytes   int           // on the wire, media included
	Length  time.Duration // of the train
}

const (
	// probeLength is how long a train is; longer where delays are noisy, or where
	// short trains lied (a shaper lets short bursts through).
	probeLength, probeLongest = 25 * time.Millisecond, 100 * time.Millisecond
	// probePackets and probeBytes are the least of a train.
	probePackets, probeBytes = 6, 2000
	// probeKept is how many packets of a train are measured.
	probeKept = 96
	// probeStep is how many times the target is asked for first, and probeLeap
	// once asking has gone well.
	probeStep, probeLeap = 1.5, 3.0
	// probeSpare is asked for beyond what is wanted, since a result is a bit less.
	probeSpare = 1.08
	// probeGain is the least gain worth another train at once.
	probeGain = 1.05
	// unsaturated is the share of a train's rate that must come out again for the
	// train to have fitted.
	unsaturated = 0.92
	// mostDoubt is the greatest share by which a noisy train is forgiven.
	mostDoubt = 0.15
	// probeLossBeyond is the loss beyond that at the present rate that means a
	// full link, if it is more than two packets.
	probeLossBeyond = 0.15
	// confirms is how often in a row a smaller train follows one that did not fit.
	confirms = 4
	// The waits between trains that found nothing: soon after a drop, for the link
	// may come back as it went; then more rarely.
	probeSoon, probeRare = 1500 * time.Millisecond, 3 * time.Second
	// probeSlower is the pace from one wait to the next.
	probeSlower = 1.3
	// distrusted is the longest wait on a link whose probes were refuted.
	distrusted = 30 * time.Second
)

// arrival is one packet of a train.
type arrival struct {
	sent, came time.Duration
	ahead      int // bytes of the train sent before it
	arrived    bool
}

// prober decides when to send a train and reads what came of it.
type prober struct {
	id     int
	able   bool          // the caller does send trains
	wait   time.Duration // after the next failure
	next   time.Duration // not before
	ask    float64       // rate to ask for next, 0: by the target
	tries  int           // trains in a row that did not fit
	length time.Duration // of trains
	lies   int           // results that were refuted lately
	lied   time.Duration // the newest of them

	on      bool
	cluster Cluster
	asked   time.Duration
	doubt   float64       // share by which noise may make it seem slower
	begun   time.Duration // when its first packet left
	first   uint16        // number of its first packet
	ahead   int           // bytes of it sent
	train   [probeKept]arrival
	kept    int // packets of it sent
}

// plan says whether to send a train now, and which.
func (p *prober) plan(target, wanted, most float64, noise time.Duration, now time.Duration) (Cluster, bool) {
	p.forgive(now)
	if p.on || now < p.next || wanted <= target {
		return Cluster{}, false
	}
	rate := p.ask
	if rate == 0 {
		rate = probeStep * target
	}
	rate = min(rate, probeSpare*wanted, probeSpare*most)
	least := time.Duration(probeBytes * 8 / rate * float64(time.Second))
	length := min(max(p.length+4*noise, least), probeLongest)
	bytes := int(rate * length.Seconds() / 8)
	p.id = p.id%(1<<16-1) + 1
	p.doubt = min(2*noise.Seconds()/length.Seconds(), mostDoubt)
	p.cluster = Cluster{ID: p.id, Rate: int(rate), Bytes: bytes, Length: length}
	p.cluster.Packets = min(probePackets+bytes/1200, probeKept/2)
	p.on, p.asked, p.ahead, p.kept = true, now, 0, 0
	return p.cluster, true
}

// due is how many bytes of padding are to be sent now.
func (p *prober) due(now time.Duration) int {
	if !p.on || p.whole() {
		return 0
	}
	if p.kept == 0 {
		return p.cluster.Bytes / p.cluster.Packets
	}
	part := float64(now-p.begun) / float64(p.cluster.Length)
	if part >= 1 && p.ahead >= p.cluster.Bytes { // few packets, big ones
		return p.cluster.Bytes / p.cluster.Packets
	}
	return max(int(min(part, 1)*float64(p.cluster.Bytes))-p.ahead, 0)
}

// sent notes a packet that leaves while a train is under way: padding begins
// it, then all that leaves is of it.
func (p *prober) sent(seq uint16, size int, cluster int, now time.Duration) {
	if p.kept == 0 {
		if cluster != p.id {
			return
		}
		p.first, p.begun, p.able = seq, now, true
	}
	if p.whole() || int(seq-p.first) != p.kept {
		return
	}
	p.train[p.kept] = arrival{sent: now, ahead: p.ahead}
	p.kept++
	p.ahead += size
}

// whole tells whether all of the train has left.
func (p *prober) whole() bool {
	return p.ahead >= p.cluster.Bytes && p.kept >= probePackets || p.kept == probeKept
}

// received notes the arrival of a packet that may be one of the train's.
func (p *prober) received(seq uint16, came time.Duration) {
	if n := int(seq - p.first); n < p.kept {
		p.train[n].came, p.train[n].arrived = came, true
	}
}

// result is what a train told: the rate that came out, and whether it fitted.
type result struct {
	rate float64
	fits bool
}

// read evaluates the train when feedback has spoken of all of it; false while
// there is nothing to tell.
func (p *prober) read(newest uint16, usual float64, rtt, now time.Duration) (result, bool) {
	if !p.on {
		return result{}, false
	}
	told := p.kept > 0 && int16(newest-p.first) >= int16(p.kept-1)
	late := now-p.asked > p.cluster.Length+2*rtt+time.Second
	if !late && !(told && (p.whole() || now-p.begun > 2*p.cluster.Length)) {
		return result{}, false
	}
	p.on = false
	res, ok := p.measure(usual)
	if !ok {
		p.failed(now)
	}
	return res, ok
}

// measure compares the pace of the train's arrival with that of its sending.
func (p *prober) measure(usual float64) (result, bool) {
	var came int
	for _, a := range p.train[:p.kept] {
		if a.arrived {
			came++
		}
	}
	if p.kept < probePackets || came < probePackets/2+1 {
		return result{}, false
	}
	span := p.train[p.kept-1]
	in := float64(p.cluster.Rate)
	if t := (span.sent - p.train[0].sent).Seconds(); t > 0 {
		in = min(in, float64(span.ahead*8)/t)
	}
	out := p.pace()
	kept := float64(p.kept)
	if lost := kept - float64(came); lost > usual*kept+max(probeLossBeyond*kept, 2) {
		out = min(out, in) * (1 - lost/kept)
	}
	return result{rate: min(in, out), fits: out >= (unsaturated-p.doubt)*in}, true
}

// pace is the rate at which the train arrived: the median of the slopes between
// packets a third of the train and more apart (Theil and Sen), so that a packet
// that came late by reordering, or was lost, does not matter.
func (p *prober) pace() float64 {
	var slopes [probeKept * probeKept / 2]float32 // seconds per byte
	n := 0
	for i := range p.train[:p.kept] {
		for j := i + max(1, p.kept/3); j < p.kept; j++ {
			a, b := &p.train[i], &p.train[j]
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
		return float64(p.cluster.Rate) // all at once: as fast as it was sent, at least
	}
	return 8 / median
}

// learn plans the next train by the last one's result.
func (p *prober) learn(r result, target float64, rtt, now time.Duration) {
	switch {
	case r.fits: // it stands; perhaps there is more
		p.tries, p.wait = 0, 0
		p.ask, p.next = probeLeap*r.rate, now
	case p.tries < confirms && 0.95*r.rate > probeGain*target:
		p.tries++
		p.ask, p.next = 0.95*r.rate, now+p.cluster.Length+rtt/2 // when its own queue is gone
	default:
		p.failed(now)
	}
}

// failed waits before the next train.
func (p *prober) failed(now time.Duration) {
	p.tries, p.ask = 0, 0
	longest := min(probeRare<<p.lies, distrusted)
	if p.wait == 0 {
		p.wait = probeSoon << p.lies
	}
	p.wait = min(p.wait, longest)
	p.next = now + p.wait
	p.wait = min(time.Duration(float64(p.wait)*probeSlower), longest)
}

// dropped starts asking soon again: the rate fell sharply and may come back.
func (p *prober) dropped(now time.Duration) {
	p.wait, p.ask, p.tries = 0, 0, 0
	p.next = now + probeSoon
}

// refuted takes that the link turned out to carry less than a train proved.
func (p *prober) refuted(now time.Duration) {
	p.lies, p.lied = min(p.lies+1, 3), now
	p.length = min(2*p.length, probeLongest)
	p.wait = 0
	p.failed(now)
}

// forgive believes trains again bit by bit.
func (p *prober) forgive(now time.Duration) {
	if p.lies > 0 && now-p.lied > distrusted {
		p.lies, p.lied = p.lies-1, now
		p.length = max(p.length/2, probeLength)
	}
}
