//go:build !linux

package udp

import (
	"net"
	"net/netip"
)

// reader reads one datagram per call: these systems have no batched receive
// that Go can reach, nor do they tell what they drop.
type reader struct {
	socket   *net.UDPConn
	counters *counters
}

func (r *reader) init(socket *net.UDPConn, counters *counters) error {
	r.socket, r.counters = socket, counters
	return nil
}

func (r *reader) read(b []byte) (int, netip.AddrPort, error) {
	n, from, err := r.socket.ReadFromUDPAddrPort(b)
	if err != nil {
		return 0, netip.AddrPort{}, err
	}
	r.counters.datagramsIn.Add(1)
	r.counters.bytesIn.Add(uint64(n))
	return n, netip.AddrPortFrom(from.Addr().Unmap(), from.Port()), nil
}

// writer leaves writing to the net package. It does not wait here either: BSD
// and Windows kernels queue a datagram at the interface or refuse it at once.
type writer struct{ socket *net.UDPConn }

func (w *writer) init(socket *net.UDPConn) error {
	w.socket = socket
	return nil
}

func (w *writer) write(b []byte, to netip.AddrPort) error {
	_, err := w.socket.WriteToUDPAddrPort(b, to)
	return err
}

// growBuffers asks for large buffers, halving until the system agrees: BSD
// kernels refuse what is above their limit.
func growBuffers(socket *net.UDPConn, size int) error {
	for _, set := range []func(int) error{socket.SetReadBuffer, socket.SetWriteBuffer} {
		for n := size; n > 64<<10 && set(n) != nil; n /= 2 {
		}
	}
	return nil
}

func bufferSizes(*net.UDPConn) (receive, send int) { return 0, 0 }
