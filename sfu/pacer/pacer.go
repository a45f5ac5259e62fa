// Package pacer smooths what one subscriber is sent, so that one keyframe does
// not drown a thin link and the audio in it. On a link with room to spare it
// passes everything on at once. It sends nothing itself and reads no clock.
package pacer

import (
	"time"

	"madang/sfu/rtpout"
)

// Priority says what overtakes what.
type Priority uint8

// The priorities, the highest first. Padding has none: it is made when a probe
// wants it and nothing waits, and is never queued.
const (
	Audio  Priority = iota // never waits
	Repair                 // of a loss: a frame waits for it already
	Video
	priorities
)

// Sender is where packets leave: the subscriber's path. It is called from
// within Due and must not call the pacer.
type Sender interface {
	// Send sends one packet that has waited; cluster is the probe that it is part
	// of, 0 for none. The packet is valid during the call and may be changed: its
	// transport-wide number is best given here, as only now is the order known in
	// which packets leave.
	Send(priority Priority, cluster int, packet *rtpout.Packet)
	// Pad sends about size bytes of padding as one packet of a probe and returns
	// how many it sent; 0 if there is nothing to send it on, which ends the probe.
	Pad(size, cluster int) int
}

// Pacer is a leaky bucket in front of one subscriber's path, and a queue for
// what it holds back. Without a rate it passes everything.
//
// The queue is first in, first out within a priority. It is bounded in time: a
// packet that was accepted leaves within Config.Wait, or at the next Due after
// it. It is bounded in size: what it cannot send in time, and what is beyond
// Config.Bytes or Packets, is refused; Queue says so to its caller.
//
// One goroutine, the subscriber's worker, owns it together with its pool.
type Pacer struct {
	// What each packet needs comes first, side by side.
	// clear is when the link will have carried all that was sent, at the pace.
	clear   time.Time
	burst   time.Duration
	perByte float64 // nanoseconds that a byte takes at the pace
	packets int     // waiting
	bytes   int     // of them
	probes  int     // of the clusters
	rate    int     // bits/s that the link is thought to carry; 0 unknown
	config  Config

	needed   float64 // bits/s for what waits to leave in time
	pace     float64 // bits/s that is sent at now: the usual, or more if needed
	pool     *Pool
	epoch    time.Time // that the queues' times count from
	queues   [priorities]queue
	clusters [probesKept]cluster // the first is being sent

	out rtpout.Packet // that leaves
}

// New makes a pacer without a rate. Its storage comes from pool.
func New(config Config, pool *Pool, now time.Time) *Pacer {
	return &Pacer{config: config, pool: pool, epoch: now}
}

// SetRate says what the link is estimated to carry, in bits/s; 0 for unknown,
// which passes everything on from the next Due. queue is how long what was sent
// waits there, as measured: where the rate falls, that and no more is on the link.
func (p *Pacer) SetRate(rate int, queue time.Duration, now time.Time) {
	if rate == p.rate {
		return
	}
	fell := rate < p.rate
	p.rate = rate
	p.setPace(now)
	if p.pace > 0 { // it leaves the link at the rate, whatever our pace
		queue = time.Duration(float64(queue) * float64(rate) / p.pace)
	}
	if ahead := p.clear.Sub(now); fell && rate > 0 {
		p.clear = now.Add(min(max(ahead, queue), max(queue, p.burst), p.config.Wait))
	}
}

// setPace changes the rate of sending. What is on the link by our reckoning
// stays as many bytes.
func (p *Pacer) setPace(now time.Time) {
	old := p.perByte
	p.pace = max(float64(p.rate)*p.config.Pace, p.needed)
	if p.rate <= 0 {
		p.perByte, p.burst, p.clear = 0, 0, now
		return
	}
	p.perByte = perByte(p.pace)
	p.burst = max(p.config.Burst, time.Duration(float64(p.config.BurstBytes)*p.perByte))
	if ahead := p.clear.Sub(now); ahead > 0 && old > 0 {
		p.clear = now.Add(min(p.config.Wait, time.Duration(float64(ahead)*p.perByte/old)))
	}
}

// perByte is how long a byte takes at a rate in bits/s, in nanoseconds.
func perByte(rate float64) float64 { return 8 * float64(time.Second) / rate }

// Pass tells whether a packet of size bytes may leave at once, and takes it as
// sent if so. Audio always may. If not, it is to be given to Queue.
func (p *Pacer) Pass(priority Priority, size int, now time.Time) bool {
	if priority != Audio && (p.packets > 0 || p.probes > 0 || p.clear.Sub(now) > p.burst) {
		return false
	}
	p.spend(size, now)
	return true
}

// spend takes bytes as sent.
func (p *Pacer) spend(size int, now time.Time) {
	if p.perByte == 0 {
		return
	}
	if p.clear.Before(now) {
		p.clear = now
	}
	p.clear = p.clear.Add(time.Duration(float64(size+p.config.Overhead) * p.perByte))
	if most := now.Add(p.config.Wait); p.clear.After(most) {
		p.clear = most // more audio than the link carries
	}
}

// Queue copies a packet that Pass has held back. False: the queue is full and
// the packet is lost. After lost video the subscriber needs a keyframe.
func (p *Pacer) Queue(priority Priority, packet *rtpout.Packet, now time.Time) bool {
	size := packet.Size()
	if size > MaxPacket || p.packets >= p.config.Packets || p.bytes+size > p.limit() {
		return false
	}
	q, room := &p.queues[priority], packet.Packed()
	packet.Pack(q.room(room, now.Sub(p.epoch), p.pool))
	q.push(room)
	p.packets++
	p.bytes += size
	p.hurry(now)
	return true
}

// hurry raises the pace if what waits would not leave in time. It stays raised
// until the queue is empty, so that what comes behind makes nothing late.
func (p *Pacer) hurry(now time.Time) {
	needed := float64(8*p.bytes) / p.config.Wait.Seconds()
	if needed <= p.needed {
		return
	}
	p.needed = needed
	if needed > p.pace {
		p.setPace(now)
	}
}

// limit is how many bytes may wait.
func (p *Pacer) limit() int {
	if p.rate <= 0 {
		return p.config.Bytes // only while a probe is sent
	}
	inTime := float64(p.rate) / 8 * p.config.TopPace * p.config.Wait.Seconds()
	return min(max(int(inTime), p.config.MinBytes), p.config.Bytes)
}

// Full tells that a video frame that begins now is better left out as a whole,
// as the queue may have no room for its end.
func (p *Pacer) Full() bool {
	return p.packets > 0 && (p.bytes > p.limit()*3/4 || p.packets > p.config.Packets*3/4)
}

// Due sends what may leave by now and returns when to call it again: the zero
// time if nothing waits. Calls up to 10 ms late cost nothing but in probes,
// whose rate is the less exact the later they are.
func (p *Pacer) Due(now time.Time, out Sender) (next time.Time) {
	p.probe(now, out)
	for {
		priority, ok := p.ready(now)
		if !ok {
			break
		}
		p.leave(&p.queues[priority], priority, 0, now, out)
	}
	return p.next()
}

// ready is the priority of the packet that may leave now.
func (p *Pacer) ready(now time.Time) (Priority, bool) {
	if p.packets == 0 {
		return 0, false
	}
	open := p.probes == 0 && p.clear.Sub(now) <= p.burst // or the probe takes it at its rate
	for i := range p.queues {
		q := &p.queues[i]
		if q.count == 0 {
			continue
		}
		if _, at := q.first(); open || now.Sub(p.epoch)-at >= p.config.Wait {
			return Priority(i), true
		}
	}
	return 0, false
}

// leave sends the first packet of a queue and returns its size.
func (p *Pacer) leave(q *queue, priority Priority, cluster int, now time.Time, out Sender) int {
	packed, _ := q.first()
	p.out = rtpout.Unpack(packed)
	size := p.out.Size()
	out.Send(priority, cluster, &p.out)
	q.pop(p.pool)
	p.packets--
	p.bytes -= size
	p.spend(size, now)
	p.relax(now)
	return size
}

// relax returns to the usual pace when nothing waits any more.
func (p *Pacer) relax(now time.Time) {
	if p.packets > 0 || p.needed == 0 {
		return
	}
	hurried := p.needed > float64(p.rate)*p.config.Pace
	p.needed = 0
	if hurried {
		p.setPace(now)
	}
}

// next is when something is due, the zero time if nothing waits.
func (p *Pacer) next() time.Time {
	var next time.Time
	switch {
	case p.probes > 0:
		next = p.clusters[0].next
	case p.packets > 0:
		next = p.clear.Add(-p.burst)
	}
	for i := range p.queues {
		if q := &p.queues[i]; q.count > 0 {
			_, at := q.first()
			next = earlier(next, p.epoch.Add(at+p.config.Wait))
		}
	}
	return next
}

// earlier is the earlier of two times, of which the first may be zero.
func earlier(a, b time.Time) time.Time {
	if a.IsZero() || b.Before(a) {
		return b
	}
	return a
}

// Delay is how long video that came now would wait: a standing delay says that
// the subscriber is sent more than was reckoned with.
func (p *Pacer) Delay(now time.Time) time.Duration {
	if p.packets == 0 && p.clear.Sub(now) <= p.burst {
		return 0
	}
	ahead := max(p.burst, p.clear.Sub(now)) - p.burst // clear may be long ago
	return min(p.config.Wait, ahead+time.Duration(float64(p.bytes)*p.perByte))
}

// Queued is how many packets wait, and their bytes.
func (p *Pacer) Queued() (packets, bytes int) { return p.packets, p.bytes }

// Drop forgets what waits of one stream: what it carried is cut.
func (p *Pacer) Drop(ssrc uint32, now time.Time) {
	for i := range p.queues {
		old := p.queues[i]
		p.queues[i] = queue{}
		for old.count > 0 {
			packed, at := old.first()
			if packet := rtpout.Unpack(packed); packet.SSRC() == ssrc {
				p.packets--
				p.bytes -= packet.Size()
			} else {
				copy(p.queues[i].room(len(packed), at, p.pool), packed)
				p.queues[i].push(len(packed))
			}
			old.pop(p.pool)
		}
	}
	p.relax(now)
}

// Reset forgets everything that waits, probes too, and gives the storage back:
// at the end of the path.
func (p *Pacer) Reset(now time.Time) {
	for i := range p.queues {
		for p.queues[i].count > 0 {
			p.queues[i].pop(p.pool)
		}
	}
	p.packets, p.bytes, p.probes = 0, 0, 0
	p.relax(now)
}
