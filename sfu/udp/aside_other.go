//go:build !linux

package udp

import (
	"context"
	"net"
)

// pair leaves everything to the one socket.
func pair(_ context.Context, _, _ string, alone *net.UDPConn) (first, aside *net.UDPConn, err error) {
	return alone, nil, nil
}
