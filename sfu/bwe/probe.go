package bwe

import (
	"slices"
	"time"
)

// Cluster is a short train of packets that asks whether the link carries more.
// The caller sends it evenly over Length: Packets of padding (media may stand in
// for them) so that all that leaves meanwhile makes up Rate, each told to
// [Estimator.Sent] with the ID. An estimator has one cluster under way at a time.
type Cluster struct {
	ID      int           // 1 to 65535
	Rate    int           // bits per second, of all that leaves while it lasts
	Packets int           // at least
	Bytes   int           // on the wire, at least
	Length  time.Duration // of the train
}

const (
	// probeLength is how long a train is; longer where delays are noisy, or where
	// short trains lied (a shaper lets short bursts through).
	probeLength, probeLongest = 25 * time.Millisecond, 100 * time.Millisecond
	// probePackets is the fewest of a train.
	probePackets = 6
	// probeKept is how many packets of a train are measured.
	probeKept = 96
	// probeStep is how many times the target is asked for first, and probeLeap
	// once asking has gone well.
	probeStep, probeLeap = 2.0, 3.0
	// probeSpare is asked for beyond what is wanted, since a result is a bit less.
	probeSpare = 1.08
	// probeGain is the least gain worth a probe.
	probeGain = 1.05
	// unsaturated is the share of a train's rate that must come out again for the
	// train to have fitted.
	unsaturated = 0.92
	// probeLossBeyond is the loss beyond the link's own that means a full link.
	probeLossBeyond = 0.15
	// confirms is how often in a row a smaller train follows one that did not fit.
	confirms = 4
	// The waits between trains that found nothing: soon after a drop, for the link
	// may come back as it went; then more rarely.
	probeSoon, probeRare = 1500 * time.Millisecond, 4 * time.Second
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
	wait   time.Duration // after the next failure
	next   time.Duration // not before
	ask    float64       // rate to ask for next, 0: by the target
	tries  int           // trains in a row that did not fit
	length time.Duration // of trains
	lies   int           // results that were refuted lately

	on      bool
	cluster Cluster
	asked   time.Duration
	first   uint16 // number of the train's first packet
	last    uint16 // of its last so far
	packets int    // of it sent with its ID
	bytes   int    // likewise
	ahead   int    // all bytes since its first packet
	train   [probeKept]arrival
	kept    int
}

// plan says whether to send a train now, and which.
func (p *prober) plan(target, wanted, max float64, noise time.Duration, now time.Duration) (Cluster, bool) {
	if p.on || now < p.next || wanted < probeGain*target {
		return Cluster{}, false
	}
	rate := p.ask
	if rate == 0 {
		rate = probeStep * target
	}
	rate = min(rate, probeSpare*wanted, probeSpare*max)
	if rate < probeGain*target {
		p.failed(now)
		return Cluster{}, false
	}
	length := min(p.length+4*noise, probeLongest)
	bytes := int(rate * length.Seconds() / 8)
	p.id = p.id%(1<<16-1) + 1
	p.cluster = Cluster{ID: p.id, Rate: int(rate), Bytes: bytes, Length: length}
	p.cluster.Packets = min(probePackets+bytes/1200, probeKept/2)
	p.on, p.asked, p.packets, p.bytes, p.ahead, p.kept = true, now, 0, 0, 0, 0
	return p.cluster, true
}

// sent notes a packet that leaves while a train is under way, whatever it is.
func (p *prober) sent(seq uint16, size int, cluster int, now time.Duration) {
	if !p.on {
		return
	}
	if cluster == p.id {
		if p.packets == 0 {
			p.first = seq
		}
		p.packets++
		p.bytes += size
		p.last = seq
	}
	if p.packets == 0 || p.whole() && cluster != p.id {
		return
	}
	if int(seq-p.first) == p.kept && p.kept < probeKept {
		p.train[p.kept] = arrival{sent: now, ahead: p.ahead}
		p.kept++
	}
	p.ahead += size
}

// whole tells whether all of the train has left.
func (p *prober) whole() bool {
	return p.packets >= p.cluster.Packets && p.bytes >= p.cluster.Bytes
}

// received notes the arrival of a packet that may be one of the train's.
func (p *prober) received(seq uint16, came time.Duration) {
	if n := int(seq - p.first); p.on && p.packets > 0 && n < p.kept {
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
func (p *prober) read(newest uint16, own float64, rtt, now time.Duration) (result, bool) {
	if !p.on {
		return result{}, false
	}
	told := p.packets > 0 && int16(newest-p.last) >= 0
	late := now-p.asked > p.cluster.Length+2*rtt+time.Second
	over := now-p.asked > p.cluster.Length+rtt/2 // what was not sent by now never will
	if !late && !(told && (p.whole() || over)) {
		return result{}, false
	}
	p.on = false
	res, ok := p.measure(own)
	if !ok {
		p.failed(now)
	}
	return res, ok
}

// measure compares the pace of the train's arrival with that of its sending.
func (p *prober) measure(own float64) (result, bool) {
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
	if lost := 1 - float64(came)/float64(p.kept); lost > own+probeLossBeyond {
		out = min(out, in) * (1 - lost)
	}
	return result{rate: min(in, out), fits: out >= unsaturated*in}, true
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

// refuted takes that congestion followed where a train had fitted.
func (p *prober) refuted(now time.Duration) {
	p.lies = min(p.lies+1, 3)
	p.length = min(2*p.length, probeLongest)
	p.wait = 0
	p.failed(now)
}

// vindicated takes that the estimate stood.
func (p *prober) vindicated() {
	p.lies, p.length = max(p.lies-1, 0), max(p.length/2, probeLength)
}
