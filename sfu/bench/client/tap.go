package client

import (
	"net"
	"net/netip"
)

// tap is a client's socket. What is media it hands to the client, still sealed;
// STUN and DTLS (RFC 7983) go the long way through Pion.
type tap struct {
	*net.UDPConn
	media func(packet []byte)
}

// ReadFromAddrPort returns the next datagram that is not media.
func (t *tap) ReadFromAddrPort(b []byte) (int, netip.AddrPort, error) {
	for {
		n, from, err := t.ReadFromUDPAddrPort(b)
		if err != nil || n == 0 || b[0] < 128 || b[0] > 191 {
			return n, from, err
		}
		t.media(b[:n])
	}
}

// ReadFrom is ReadFromAddrPort with an address that costs an allocation.
func (t *tap) ReadFrom(b []byte) (int, net.Addr, error) {
	n, from, err := t.ReadFromAddrPort(b)
	return n, net.UDPAddrFromAddrPort(from), err
}

// WriteToAddrPort sends one datagram.
func (t *tap) WriteToAddrPort(b []byte, to netip.AddrPort) (int, error) {
	return t.WriteToUDPAddrPort(b, to)
}
