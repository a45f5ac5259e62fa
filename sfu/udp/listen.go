package udp

import (
	"context"
	"fmt"
	"net"
)

// socketBuffer is what is asked of the kernel for each direction, in bytes. One
// socket serves all peers of a worker, and a keyframe to hundreds of them is
// megabytes at once.
const socketBuffer = 8 << 20

// Options are for a port that is not as Listen makes it.
type Options struct {
	// PlainSend keeps every datagram a message of its own (no UDP_SEGMENT).
	PlainSend bool
	// PlainReceive has the kernel give every datagram by itself (no UDP_GRO).
	PlainReceive bool
	// FeedbackAside has transport-wide feedback wait in a socket of its own, where
	// it wakes no reader, until PollFeedback. Every receiver sends 20 of them a
	// second, and waking up for one costs more than reading it. Linux only.
	FeedbackAside bool
	// OnPlain is called once, by a goroutine that flushes, when the kernel has
	// refused messages of several datagrams and the port goes on without. It
	// must not write to the port.
	OnPlain func(refusal error)

	buffer int  // bytes for each direction; zero: socketBuffer
	silent bool // nobody waits for what comes
}

// Listen binds a UDP port. network is "udp" (IPv6 and IPv4 on one socket where
// the system can), "udp4" or "udp6"; address is host:port, where an empty host
// stands for all addresses and port 0 for any free port.
func Listen(ctx context.Context, network, address string) (*Conn, error) {
	return Options{}.Listen(ctx, network, address)
}

// Listen binds a UDP port with these options.
func (o Options) Listen(ctx context.Context, network, address string) (*Conn, error) {
	if o.buffer == 0 {
		o.buffer = socketBuffer
	}
	socket, err := bind(ctx, net.ListenConfig{}, network, address)
	if err != nil {
		return nil, err
	}
	var aside *net.UDPConn
	if o.FeedbackAside {
		if socket, aside, err = pair(ctx, network, address, socket); err != nil {
			return nil, err
		}
	}
	c, err := newConn(socket, o)
	if err == nil && aside != nil {
		o.silent = true
		if c.aside, err = newConn(aside, o); err != nil {
			c.Close()
		}
	}
	if err != nil {
		socket.Close()
		if aside != nil {
			aside.Close()
		}
		return nil, fmt.Errorf("udp: preparing the socket on %v: %w", socket.LocalAddr(), err)
	}
	return c, nil
}

// bind opens a UDP socket.
func bind(ctx context.Context, config net.ListenConfig, network, address string) (*net.UDPConn, error) {
	packets, err := config.ListenPacket(ctx, network, address)
	if err != nil {
		return nil, err
	}
	socket, ok := packets.(*net.UDPConn)
	if !ok {
		packets.Close()
		return nil, fmt.Errorf("udp: %q is not a UDP network", network)
	}
	return socket, nil
}
