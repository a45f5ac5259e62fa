package pacer

import "time"

const (
	// probesKept bounds the clusters that wait to be sent.
	probesKept = 4
	// probeAge is when a cluster is given up: what is sent so late measures nothing.
	probeAge = time.Second
	// padBytes is the largest padding asked for at once: a packet of usual size.
	padBytes = 1200
)

// cluster is packets sent at one rate to see whether the link carries it.
type cluster struct {
	id             int
	bytes, packets int     // still to be sent
	size           int     // of a packet of padding
	perByte        float64 // nanoseconds
	began, next    time.Time
}

// Probe has the coming calls of Due send a cluster: at least so many bytes in
// so many packets, at rate bits/s, of what waits and of padding where nothing
// does. Clusters follow one another; false: there are too many already, or one
// of the numbers is not positive.
func (p *Pacer) Probe(id, bytes, packets, rate int) bool {
	if p.probes == probesKept || bytes <= 0 || packets <= 0 || rate <= 0 {
		return false
	}
	p.clusters[p.probes] = cluster{
		id: id, bytes: bytes, packets: packets, perByte: perByte(float64(rate)),
		size: min(padBytes, (bytes+packets-1)/packets),
	}
	p.probes++
	return true
}

// probe sends what is due of the clusters.
func (p *Pacer) probe(now time.Time, out Sender) {
	for p.probes > 0 {
		c := &p.clusters[0]
		if c.began.IsZero() {
			c.began, c.next = now, now
		}
		for c.bytes > 0 || c.packets > 0 {
			if now.Sub(c.began) > probeAge {
				break
			}
			if now.Before(c.next) {
				return
			}
			sent := p.fill(c, now, out)
			if sent == 0 {
				break // nothing to pad with
			}
			c.packets--
			sent += p.config.Overhead
			c.bytes -= sent
			c.next = c.next.Add(time.Duration(float64(sent) * c.perByte))
		}
		copy(p.clusters[:], p.clusters[1:p.probes])
		p.probes--
	}
}

// fill sends one packet of a cluster and returns its size.
func (p *Pacer) fill(c *cluster, now time.Time, out Sender) int {
	for i := range p.queues {
		if q := &p.queues[i]; q.count > 0 {
			return p.leave(q, Priority(i), c.id, now, out)
		}
	}
	// Padding owes nothing: the link carried it at the probe's rate, or shows soon
	// that it did not. Media behind a probe must not wait for what is only zeros.
	return out.Pad(max(c.size-p.config.Overhead, 1), c.id)
}
