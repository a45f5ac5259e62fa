package bwe

import "time"

// Cluster is a short train of packets that asks whether the link carries more.
// While it lasts the caller fills up with padding what media leaves free, as
// [Estimator.Due] says, and tells [Estimator.Sent] its ID with each padding
// packet. An estimator has one cluster under way at a time.
type Cluster struct {
	ID      int           // 1 to 65535
	Rate    int           // bits per second, of all that leaves while it lasts
	Packets int           // at least, media included; Bytes / Packets is a good size for one
	Bytes   int           // likewise, on the wire
	Length  time.Duration // of the train
}

const (
	// probeLength is how long a train is; longer where delays are noisy.
	probeLength, probeLongest = 25 * time.Millisecond, 200 * time.Millisecond
	// probeBytes is the least of a train, and probeHeaviest the same where trains
	// lied: a shaper lets bursts through, and only what exceeds them meets the link.
	probeBytes, probeHeaviest = 2000, 32_000
	// probeQueue is how long a train may stand in the way of media if the link
	// carries no more than before the first of those that follow one another.
	probeQueue = 150 * time.Millisecond
	// probeProof is how many times the least of a train must have passed in trains that
	// follow one another until they are believed where a train may lie: a bucket that lets
	// one pass is empty by then, and only the last of them queues.
	probeProof = 6
	// probeStep is how many times the target is asked for.
	probeStep = 2.0
	// probeSpare is asked for beyond what is wanted, since a result is a bit less.
	probeSpare = 1.08
	// probeGain is the least gain worth another train at once.
	probeGain = 1.05
	// confirms is how often in a row a smaller train follows one that did not fit.
	confirms = 4
	// The waits between trains that found nothing: soon after a drop, for the link
	// may come back as it went; then more rarely. A lie costs a heavier train, not a
	// longer wait: a link that comes back must be found within seconds.
	probeSoon, probeRare = 1500 * time.Millisecond, 4 * time.Second
	// probeSlower is the pace from one wait to the next.
	probeSlower = 1.3
	// distrusted is how long trains stay heavier after a lie, and how long after that
	// or a fall of the link their second half is looked at by itself.
	distrusted = 30 * time.Second
)

// prober decides when to send a train and reads what came of it.
type prober struct {
	id    int
	able  bool          // the caller does send trains
	wait  time.Duration // after the next failure
	next  time.Duration // not before
	ask   float64       // rate to ask for next, 0: by the target
	tries int           // trains in a row that did not fit
	bytes int           // of a train, at least
	base  float64       // the target before those that follow one another
	proof int           // bytes of those that fitted
	fell  time.Duration // when the link did last, 0 never
	lied  time.Duration // when a result was refuted last, 0 never
	train
}

// plan says which train to send now.
func (p *prober) plan(target, wanted, most float64, noise time.Duration, now time.Duration) Cluster {
	p.forgive(now)
	rate := p.ask
	if rate == 0 {
		rate, p.base, p.proof = probeStep*target, target, 0
	}
	rate = min(rate, probeSpare*wanted, probeSpare*most)
	least := time.Duration(float64(8*p.bytes) / rate * float64(time.Second))
	length := min(max(probeLength+4*noise, least), probeLongest)
	heaviest := max(probeBytes, int(p.base*(probeQueue+4*noise).Seconds()/8))
	bytes := min(int(rate*length.Seconds()/8), probeMost, heaviest)
	length = time.Duration(float64(8*bytes) / rate * float64(time.Second))
	p.id = p.id%(1<<16-1) + 1
	p.doubt = min(2*noise.Seconds()/length.Seconds(), mostDoubt)
	last := max(p.fell, p.lied)
	p.wary = last > 0 && now-last < distrusted
	p.cluster = Cluster{ID: p.id, Rate: int(rate), Bytes: bytes, Packets: max(probePackets, bytes/probePacket), Length: length}
	if p.packets == nil {
		p.packets = new([probeKept]arrival)
	}
	p.on, p.asked, p.ahead, p.kept = true, now, 0, 0
	return p.cluster
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
	p.on, p.able = false, p.kept > 0
	res, ok := p.measure(usual)
	switch {
	case !ok:
		p.failed(now)
	case res.fits:
		p.proof += p.ahead
	}
	return res, ok
}

// learn plans the next train by the last one's result.
func (p *prober) learn(r result, target float64, rtt, now time.Duration) {
	switch {
	case r.fits: // it stands; perhaps there is more
		p.tries = 0
		p.ask, p.next = probeStep*r.rate, now
		if !p.proven() { // then the same once more
			p.ask = float64(p.cluster.Rate)
		}
	case p.tries < confirms && 0.95*r.rate > probeGain*target:
		p.tries++
		p.ask, p.next = 0.95*r.rate, now+4*p.cluster.Length+rtt/2 // when its own queue is gone
	default:
		p.failed(now)
	}
}

// proven tells whether trains that fitted are believed: after a fall of the link or a lie they must be more than a
// bucket may have let pass.
func (p *prober) proven() bool { return !p.wary || p.proof >= probeProof*p.bytes }

// failed waits before the next train.
func (p *prober) failed(now time.Duration) {
	p.tries, p.ask = 0, 0
	if p.wait == 0 {
		p.wait = probeSoon
	}
	p.next = now + p.wait
	p.wait = min(time.Duration(float64(p.wait)*probeSlower), probeRare)
}

// dropped starts asking soon again: the rate fell sharply and may come back.
func (p *prober) dropped(now time.Duration) {
	p.wait, p.ask, p.tries = 0, 0, 0
	p.next, p.fell = now+probeSoon, now
}

// refuted takes that the link turned out to carry less than a train proved.
func (p *prober) refuted(now time.Duration) {
	p.lied = now
	p.bytes = min(4*p.bytes, probeHeaviest)
	p.wait = probeRare
	p.failed(now)
}

// forgive believes trains again bit by bit.
func (p *prober) forgive(now time.Duration) {
	if p.bytes > probeBytes && now-p.lied > distrusted {
		p.bytes, p.lied = p.bytes/2, now
	}
}

// Probe says whether a train of padding is worth sending now, and which. wanted
// is the target that would be of use, in bits per second: with an upper layer
// that does not fit yet. Call it when [Estimator.ProbeAt] says.
func (e *Estimator) Probe(now time.Time, wanted int) (Cluster, bool) {
	at := e.clock(now)
	if next, may := e.probeAt(wanted); !may || at < next {
		return Cluster{}, false
	}
	return e.probe.plan(e.rate.target, min(float64(wanted), e.rate.max), e.rate.max, e.noise(), at), true
}

// ProbeAt is when Probe is to be called next for that target, it may be long ago;
// false: not before there is more feedback, as nothing else changes anything.
func (e *Estimator) ProbeAt(wanted int) (time.Time, bool) {
	next, may := e.probeAt(wanted)
	return e.epoch.Add(next), may
}

func (e *Estimator) probeAt(wanted int) (time.Duration, bool) {
	may := e.fed && e.now-e.heard <= time.Second && e.rate.state == Growing && !e.losses.suspect() &&
		!e.probe.on && min(float64(wanted), e.rate.max) > e.rate.target
	return e.probe.next, may
}

// Due is how many bytes of padding the cluster under way wants to be sent now,
// so that with the media it leaves at its rate; 0 where none is. Ask every 1 to
// 5 ms while a cluster lasts, and after each padding packet.
func (e *Estimator) Due(now time.Time) int { return e.probe.due(e.clock(now)) }
