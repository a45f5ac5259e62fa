// Package udp is the one UDP port of a worker: large kernel buffers, many
// datagrams per system call in both directions, writes that never wait, no
// allocation per datagram, and a count of what the kernel drops.
//
// A worker reads with Receive into a Burst and writes through a Batch. For Pion
// a Conn is also a net.PacketConn.
package udp

import (
	"errors"
	"net"
)

// MaxDatagram is the longest datagram that is received, in bytes. WebRTC stays
// below the MTU of Ethernet; what is longer is dropped and counted.
const MaxDatagram = 2048

// Conn is one UDP port. It is what pion/ice takes for its UDP mux, by the
// methods that spare it an allocation per datagram (ice.AddrPortReaderWriter).
// All methods are safe for any goroutine; reads are meant for one.
type Conn struct {
	local    net.Addr
	counters counters
	kernel   kernel
	writer   writer
	aside    *Conn // that transport-wide feedback goes to; nil: there is none
	calm     bool  // of whoever receives
}

func newConn(socket *net.UDPConn, o Options) (*Conn, error) {
	c := &Conn{local: socket.LocalAddr()}
	if err := c.kernel.init(socket, o); err != nil {
		return nil, err
	}
	if !o.silent {
		c.writer.batch = c.NewBatch()
	}
	return c, nil
}

// Buffers is how large the kernel made the socket's buffers, in bytes; zero
// where the system does not say.
func (c *Conn) Buffers() (receive, send int) { return c.kernel.buffers() }

// LocalAddr is the address that the port is bound to, a *net.UDPAddr.
func (c *Conn) LocalAddr() net.Addr { return c.local }

// Close closes the port; reads that wait return net.ErrClosed.
func (c *Conn) Close() error {
	err := c.kernel.close()
	if c.aside != nil {
		err = errors.Join(err, c.aside.kernel.close())
	}
	return err
}
