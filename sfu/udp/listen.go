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

// Listen binds a UDP port. network is "udp" (IPv6 and IPv4 on one socket where
// the system can), "udp4" or "udp6"; address is host:port, where an empty host
// stands for all addresses and port 0 for any free port.
func Listen(ctx context.Context, network, address string) (*Conn, error) {
	return listen(ctx, network, address, socketBuffer)
}

func listen(ctx context.Context, network, address string, buffer int) (*Conn, error) {
	var config net.ListenConfig
	packets, err := config.ListenPacket(ctx, network, address)
	if err != nil {
		return nil, err
	}
	socket, ok := packets.(*net.UDPConn)
	if !ok {
		return nil, fmt.Errorf("udp: %q is not a UDP network: %w", network, packets.Close())
	}
	c, err := newConn(socket, buffer)
	if err != nil {
		socket.Close()
		return nil, fmt.Errorf("udp: preparing the socket on %v: %w", socket.LocalAddr(), err)
	}
	return c, nil
}
