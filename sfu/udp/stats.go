package udp

import "sync/atomic"

// Stats counts since the port was opened.
type Stats struct {
	DatagramsIn, BytesIn uint64
	// ReceiveCalls is how many system calls brought them.
	ReceiveCalls uint64
	// Oversized datagrams were longer than MaxDatagram.
	Oversized uint64
	// KernelDrops were lost because the receive buffer was full. Linux only, and
	// known when the next datagram is read.
	KernelDrops uint64

	DatagramsOut, BytesOut uint64
	// SendCalls is how many system calls took them, and those that were refused.
	SendCalls uint64
	// Segments are those of DatagramsOut that shared a message with others, for
	// the kernel to cut (UDP_SEGMENT).
	Segments uint64
	// SendDrops were lost because the kernel had no room for them.
	SendDrops uint64
	// SendErrors were lost because the kernel refused them for another reason:
	// no route, or a firewall.
	SendErrors uint64
	// Segmentation says that equal datagrams to one remote share messages now.
	Segmentation bool
}

type counters struct {
	datagramsIn, bytesIn, receiveCalls, oversized, kernelDrops atomic.Uint64
	datagramsOut, bytesOut, sendCalls, segments                atomic.Uint64
	sendDrops, sendErrors                                      atomic.Uint64
}

// Stats is what was counted so far.
func (c *Conn) Stats() Stats {
	n := &c.counters
	s := Stats{
		DatagramsIn: n.datagramsIn.Load(), BytesIn: n.bytesIn.Load(),
		ReceiveCalls: n.receiveCalls.Load(),
		Oversized:    n.oversized.Load(), KernelDrops: n.kernelDrops.Load(),
		DatagramsOut: n.datagramsOut.Load(), BytesOut: n.bytesOut.Load(),
		SendCalls: n.sendCalls.Load(), Segments: n.segments.Load(),
		SendDrops: n.sendDrops.Load(), SendErrors: n.sendErrors.Load(),
		Segmentation: c.kernel.segments(),
	}
	if c.aside != nil {
		n := &c.aside.counters
		s.DatagramsIn += n.datagramsIn.Load()
		s.BytesIn += n.bytesIn.Load()
		s.ReceiveCalls += n.receiveCalls.Load()
		s.Oversized += n.oversized.Load()
		s.KernelDrops += n.kernelDrops.Load()
	}
	return s
}

// tally counts one flush, so that the shared counters are touched once.
type tally struct {
	calls, datagrams, bytes, segments, drops, errors uint64
}

func (c *counters) add(t tally) {
	c.sendCalls.Add(t.calls)
	c.datagramsOut.Add(t.datagrams)
	c.bytesOut.Add(t.bytes)
	for _, rare := range []struct {
		counter *atomic.Uint64
		n       uint64
	}{{&c.segments, t.segments}, {&c.sendDrops, t.drops}, {&c.sendErrors, t.errors}} {
		if rare.n > 0 {
			rare.counter.Add(rare.n)
		}
	}
}
