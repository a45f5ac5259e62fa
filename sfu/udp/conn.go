// Package udp is the one UDP port of a worker: a net.PacketConn with large
// kernel buffers, that reads in batches, never waits to write, allocates nothing
// per datagram and counts what the kernel drops.
package udp

import (
	"errors"
	"net"
	"net/netip"
	"sync/atomic"
	"time"
)

// MaxDatagram is the longest datagram that is received, in bytes. WebRTC stays
// below the MTU of Ethernet; what is longer is dropped and counted.
const MaxDatagram = 2048

// Conn is one UDP port. It is what pion/ice takes for its UDP mux, by the
// methods that spare it an allocation per datagram (ice.AddrPortReaderWriter).
// All methods are safe for any goroutine; reads are meant for one.
type Conn struct {
	socket   *net.UDPConn
	local    net.Addr
	counters counters
	reader   reader
	writer   writer
}

type counters struct {
	datagramsIn, bytesIn, oversized, kernelDrops atomic.Uint64
	datagramsOut, bytesOut, sendDrops            atomic.Uint64
}

// Stats counts since the port was opened.
type Stats struct {
	DatagramsIn, BytesIn uint64
	// Oversized datagrams were longer than MaxDatagram.
	Oversized uint64
	// KernelDrops were lost because the receive buffer was full. Linux only, and
	// known when the next datagram is read.
	KernelDrops uint64

	DatagramsOut, BytesOut uint64
	// SendDrops were lost because the send buffer was full.
	SendDrops uint64
}

func newConn(socket *net.UDPConn, buffer int) (*Conn, error) {
	c := &Conn{socket: socket, local: socket.LocalAddr()}
	if err := growBuffers(socket, buffer); err != nil {
		return nil, err
	}
	if err := c.reader.init(socket, &c.counters); err != nil {
		return nil, err
	}
	if err := c.writer.init(socket); err != nil {
		return nil, err
	}
	return c, nil
}

// Stats is what was counted so far.
func (c *Conn) Stats() Stats {
	n := &c.counters
	return Stats{
		DatagramsIn: n.datagramsIn.Load(), BytesIn: n.bytesIn.Load(),
		Oversized: n.oversized.Load(), KernelDrops: n.kernelDrops.Load(),
		DatagramsOut: n.datagramsOut.Load(), BytesOut: n.bytesOut.Load(),
		SendDrops: n.sendDrops.Load(),
	}
}

// Buffers is how large the kernel made the socket's buffers, in bytes; zero
// where the system does not say.
func (c *Conn) Buffers() (receive, send int) { return bufferSizes(c.socket) }

// ReadFromAddrPort waits for a datagram and copies it to b, cut off where b is
// too short. IPv4 addresses come as such, also from a socket for both.
func (c *Conn) ReadFromAddrPort(b []byte) (int, netip.AddrPort, error) {
	return c.reader.read(b)
}

// ReadFrom is ReadFromAddrPort with an address that costs an allocation.
func (c *Conn) ReadFrom(b []byte) (int, net.Addr, error) {
	n, from, err := c.reader.read(b)
	if err != nil {
		return n, nil, err
	}
	return n, net.UDPAddrFromAddrPort(from), nil
}

// errFull: the socket's send buffer is full.
var errFull = errors.New("udp: the send buffer is full")

// WriteToAddrPort sends b. It never waits: a datagram for which the kernel has
// no room is dropped and counted as a network would drop it, without an error.
func (c *Conn) WriteToAddrPort(b []byte, to netip.AddrPort) (int, error) {
	switch err := c.writer.write(b, to); err {
	case nil:
		c.counters.datagramsOut.Add(1)
		c.counters.bytesOut.Add(uint64(len(b)))
	case errFull:
		c.counters.sendDrops.Add(1)
	default:
		return 0, &net.OpError{Op: "write", Net: "udp", Source: c.local, Addr: net.UDPAddrFromAddrPort(to), Err: err}
	}
	return len(b), nil
}

// WriteTo is WriteToAddrPort for a *net.UDPAddr.
func (c *Conn) WriteTo(b []byte, to net.Addr) (int, error) {
	addr, ok := to.(*net.UDPAddr)
	if !ok {
		return 0, &net.OpError{Op: "write", Net: "udp", Source: c.local, Addr: to, Err: net.InvalidAddrError("not a UDP address")}
	}
	return c.WriteToAddrPort(b, addr.AddrPort())
}

// LocalAddr is the address that the port is bound to, a *net.UDPAddr.
func (c *Conn) LocalAddr() net.Addr { return c.local }

// Close closes the port; reads that wait return net.ErrClosed.
func (c *Conn) Close() error { return c.socket.Close() }

// SetDeadline sets both deadlines.
func (c *Conn) SetDeadline(t time.Time) error { return c.socket.SetDeadline(t) }

// SetReadDeadline ends reads that wait at t with os.ErrDeadlineExceeded.
func (c *Conn) SetReadDeadline(t time.Time) error { return c.socket.SetReadDeadline(t) }

// SetWriteDeadline makes writes after t fail; none ever waits until then.
func (c *Conn) SetWriteDeadline(t time.Time) error { return c.socket.SetWriteDeadline(t) }
