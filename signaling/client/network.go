package client

import (
	"net"
	"net/netip"
	"net/url"

	"github.com/pion/transport/v5"
	"github.com/pion/transport/v5/stdnet"
)

// receiveBuffer is what the kernel is asked to hold for one client, in bytes: a
// keyframe on each of 25 tiles at once.
const receiveBuffer = 1 << 20

// network opens the client's media sockets.
type network struct {
	*stdnet.Net
	wrap func(net.PacketConn) net.PacketConn
}

func newNetwork(wrap func(net.PacketConn) net.PacketConn) (*network, error) {
	std, err := stdnet.NewNet()
	if err != nil {
		return nil, err
	}
	return &network{Net: std, wrap: wrap}, nil
}

// ListenUDP opens a socket with a large receive buffer, behind the wrapper.
func (n *network) ListenUDP(name string, address *net.UDPAddr) (transport.UDPConn, error) {
	conn, err := net.ListenUDP(name, address)
	if err != nil {
		return nil, err
	}
	// Refused beyond net.core.rmem_max: then the system's most must do.
	_ = conn.SetReadBuffer(receiveBuffer)
	if n.wrap == nil {
		return conn, nil
	}
	return &wrappedConn{UDPConn: conn, outer: n.wrap(conn)}, nil
}

// wrappedConn is a UDP socket whose packets go through a wrapper.
type wrappedConn struct {
	transport.UDPConn
	outer net.PacketConn
}

func (c *wrappedConn) ReadFrom(p []byte) (int, net.Addr, error) { return c.outer.ReadFrom(p) }

func (c *wrappedConn) WriteTo(p []byte, to net.Addr) (int, error) { return c.outer.WriteTo(p, to) }

func (c *wrappedConn) Close() error { return c.outer.Close() }

// reachableFrom tells which of this machine's addresses media to the server may
// leave from: the one by which the server is reached, or all loopback ones.
// Fewer addresses are fewer sockets and fewer ICE checks.
func reachableFrom(server *url.URL) (func(net.IP) bool, error) {
	port := server.Port()
	if port == "" {
		port = "443" // any will do: nothing is sent
	}
	probe, err := net.Dial("udp", net.JoinHostPort(server.Hostname(), port))
	if err != nil {
		return nil, err
	}
	defer probe.Close()
	local := probe.LocalAddr().(*net.UDPAddr).AddrPort().Addr().Unmap()
	return func(ip net.IP) bool {
		if local.IsLoopback() {
			return ip.IsLoopback()
		}
		address, ok := netip.AddrFromSlice(ip)
		return ok && address.Unmap() == local
	}, nil
}
