//go:build !linux

package udp

import (
	"errors"
	"net"
	"net/netip"
	"os"
	"sync/atomic"
	"time"
)

// moment is the shortest wait for a datagram.
const moment = 100 * time.Microsecond

// longAgo, as a deadline, ends a wait at once.
var longAgo = time.Unix(1, 0)

// kernel is the socket as package net has it: these systems have no batches that
// Go can reach, nor do they tell what they drop.
type kernel struct {
	socket *net.UDPConn
	rang   atomic.Bool // and nobody has heard it yet
}

// init asks for large buffers, halving until the system agrees: BSD kernels
// refuse what is above their limit.
func (k *kernel) init(socket *net.UDPConn, o Options) error {
	k.socket = socket
	for _, set := range []func(int) error{socket.SetReadBuffer, socket.SetWriteBuffer} {
		for n := o.buffer; n > 64<<10 && set(n) != nil; n /= 2 {
		}
	}
	return nil
}

func (k *kernel) buffers() (receive, send int) { return 0, 0 }

func (k *kernel) close() error { return k.socket.Close() }

// ring ends the wait that goes on, or the next one.
func (k *kernel) ring() error {
	k.rang.Store(true)
	return k.socket.SetReadDeadline(longAgo)
}

func (k *kernel) segments() bool { return false }

// reaches leaves the family to package net, which refuses what is not of it.
func (k *kernel) reaches(to *Remote) bool { return to.to.IsValid() }

// route would be what the kernel calls a remote; package net writes that.
type route struct{}

func newRoute(netip.AddrPort) route { return route{} }

// inlet is one datagram.
type inlet struct {
	burst  *Burst
	from   [1]netip.AddrPort
	buffer []byte
}

func (in *inlet) init(b *Burst) {
	in.burst, in.buffer = b, make([]byte, maxMessage)
}

// receive waits a moment at least: package net does not look at a socket without.
func (in *inlet) receive(c *Conn, most time.Duration) error {
	k := &c.kernel
	deadline := time.Time{}
	if most >= 0 {
		deadline = time.Now().Add(max(most, moment))
	}
	if err := k.socket.SetReadDeadline(deadline); err != nil {
		return err
	}
	if k.rang.Swap(false) {
		return nil
	}
	n, from, err := k.socket.ReadFromUDPAddrPort(in.buffer)
	if errors.Is(err, os.ErrDeadlineExceeded) {
		k.rang.Store(false)
		return nil
	}
	if err != nil {
		return err
	}
	in.from[0] = netip.AddrPortFrom(from.Addr().Unmap(), from.Port())
	c.counters.receiveCalls.Add(1)
	if oversized := in.burst.take(0, 0, n, 0); oversized > 0 {
		c.counters.oversized.Add(uint64(oversized))
		return nil
	}
	c.counters.datagramsIn.Add(1)
	c.counters.bytesIn.Add(uint64(n))
	return nil
}

// outlet leaves writing to package net. It does not wait here either: BSD and
// Windows kernels queue a datagram at the interface or refuse it at once.
type outlet struct{ batch *Batch }

func (o *outlet) init(b *Batch) { o.batch = b }

func (o *outlet) send(queue []datagram) (sent tally, failed error) {
	for _, d := range queue {
		sent.calls++
		_, err := o.batch.conn.kernel.socket.WriteToUDPAddrPort(o.batch.arena[d.start:][:d.size], d.to.to)
		if err == nil {
			sent.datagrams++
			sent.bytes += uint64(d.size)
			continue
		}
		sent.errors++
		if failed == nil {
			failed = err
		}
	}
	return sent, failed
}
