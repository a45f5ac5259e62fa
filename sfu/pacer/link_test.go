package pacer

import (
	"encoding/binary"
	"time"

	"madang/sfu/rtpout"
)

const ms = time.Millisecond

var begin = time.Unix(1_700_000_000, 0)

// anyQueue is that of a link that has kept all it was sent.
const anyQueue = time.Hour

// arrival is one packet at the far end of a link.
type arrival struct {
	priority Priority
	number   uint16
	made, at time.Duration // since the beginning
	paced    time.Duration // of at-made, spent in the pacer
	size     int
}

// link is a network of one bottleneck with a queue, which may be endless, and the
// pacer's Sender in front of it.
type link struct {
	rate  int           // bits/s
	queue time.Duration // what waits longer is lost; 0 for endless
	now   time.Duration
	free  time.Duration // when the bottleneck has sent all
	made  map[uint32]map[uint16]time.Duration

	arrived []arrival
	lost    int
	padded  int
	longest time.Duration // wait in the network
}

func (l *link) carry(priority Priority, p *rtpout.Packet) {
	l.free = max(l.free, l.now)
	wait := l.free - l.now
	if l.queue > 0 && wait > l.queue {
		l.lost++
		return
	}
	l.longest = max(l.longest, wait)
	l.free += time.Duration(p.Size()) * 8 * time.Second / time.Duration(l.rate)
	number := binary.BigEndian.Uint16(p.Head[2:])
	made := l.made[p.SSRC()][number]
	l.arrived = append(l.arrived, arrival{priority, number, made, l.free, l.now - made, p.Size()})
}

func (l *link) Send(priority Priority, _ int, p *rtpout.Packet) { l.carry(priority, p) }

func (l *link) Pad(size, _ int) int { l.padded += size; return size }

// call is a member that is sent audio and video over a link, through a pacer.
type call struct {
	*link
	pacer   *Pacer
	next    [priorities]uint16
	refused int
}

func newCall(config Config, rate int, queue time.Duration) *call {
	l := &link{rate: rate, queue: queue, made: map[uint32]map[uint16]time.Duration{}}
	return &call{link: l, pacer: New(config, NewPool(1<<20), begin)}
}

var body [1200]byte

// sized is a packet of that size.
func sized(h rtpout.Header, size int) *rtpout.Packet {
	p := &rtpout.Packet{}
	p.Label(h, nil, 0)
	p.Payload = body[:size-len(p.Head)]
	return p
}

func (c *call) send(priority Priority, size int) {
	h := rtpout.Header{SSRC: uint32(priority) + 1, SequenceNumber: c.next[priority]}
	c.next[priority]++
	if c.made[h.SSRC] == nil {
		c.made[h.SSRC] = map[uint16]time.Duration{}
	}
	c.made[h.SSRC][h.SequenceNumber] = c.now
	p, now := sized(h, size), begin.Add(c.now)
	if c.pacer.Pass(priority, size, now) {
		c.Send(priority, 0, p)
	} else if !c.pacer.Queue(priority, p, now) {
		c.refused++
	}
}

// frame sends a frame of video in packets of at most 1,200 bytes.
func (c *call) frame(bytes int) {
	for ; bytes > 0; bytes -= 1200 {
		c.send(Video, max(50, min(bytes, 1200)))
	}
}

// run has 20 frames of video and 50 packets of audio a second sent until the
// given time, with a keyframe at 1 s, and a worker that ticks every 10 ms.
func (c *call) run(until time.Duration, frame, keyframe int) {
	for ; c.now < until; c.now += ms {
		if c.now%(20*ms) == 3*ms {
			c.send(Audio, 110)
		}
		switch {
		case c.now == time.Second:
			c.frame(keyframe)
		case c.now%(50*ms) == 0:
			c.frame(frame)
		}
		if c.now%(10*ms) == 7*ms {
			c.pacer.Due(begin.Add(c.now), c)
		}
	}
}

// outcome is what the far end sees of a run from 1 s on, at the worst.
type outcome struct {
	network  time.Duration // wait for the bottleneck
	audio    time.Duration // from sending to arrival
	keyframe time.Duration // until its last packet arrived
	paced    [priorities]time.Duration
}

func (c *call) outcome() outcome {
	o := outcome{network: c.longest}
	for _, a := range c.arrived {
		if a.made < time.Second {
			continue
		}
		o.paced[a.priority] = max(o.paced[a.priority], a.paced)
		switch {
		case a.priority == Audio:
			o.audio = max(o.audio, a.at-a.made)
		case a.made == time.Second:
			o.keyframe = max(o.keyframe, a.at-a.made)
		}
	}
	return o
}
