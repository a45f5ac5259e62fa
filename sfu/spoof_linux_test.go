package sfu

import (
	"encoding/binary"
	"net/netip"
	"testing"

	"golang.org/x/sys/unix"
)

// spoofer sends UDP over IPv4 with any address as its source; nil without the
// right to.
func spoofer(t *testing.T) func(datagram []byte, from, to netip.AddrPort) {
	fd, err := unix.Socket(unix.AF_INET, unix.SOCK_RAW|unix.SOCK_CLOEXEC, unix.IPPROTO_RAW)
	if err != nil {
		return nil
	}
	t.Cleanup(func() { _ = unix.Close(fd) })
	return func(datagram []byte, from, to netip.AddrPort) {
		packet := make([]byte, 28, 28+len(datagram))
		packet[0], packet[8], packet[9] = 0x45, 64, unix.IPPROTO_UDP // the kernel fills in lengths and checksum
		source, target := from.Addr().As4(), to.Addr().As4()
		copy(packet[12:], source[:])
		copy(packet[16:], target[:])
		binary.BigEndian.PutUint16(packet[20:], from.Port())
		binary.BigEndian.PutUint16(packet[22:], to.Port())
		binary.BigEndian.PutUint16(packet[24:], uint16(8+len(datagram)))
		_ = unix.Sendto(fd, append(packet, datagram...), 0, &unix.SockaddrInet4{Addr: target})
	}
}
