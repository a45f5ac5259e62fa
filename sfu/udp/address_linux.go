package udp

import (
	"encoding/binary"
	"net"
	"net/netip"
	"strconv"
	"unsafe"

	"golang.org/x/sys/unix"
)

// addrPort reads a socket address of either family; the zero value if it is of
// neither. The zone of a link-local address is its number (RFC 4007 section
// 11.2), which spares a look-up of the interface's name per datagram.
func addrPort(name *unix.RawSockaddrInet6) netip.AddrPort {
	switch name.Family {
	case unix.AF_INET:
		name4 := (*unix.RawSockaddrInet4)(unsafe.Pointer(name))
		return netip.AddrPortFrom(netip.AddrFrom4(name4.Addr), hostOrder(name4.Port))
	case unix.AF_INET6:
		addr := netip.AddrFrom16(name.Addr).Unmap()
		if name.Scope_id != 0 && addr.Is6() {
			addr = addr.WithZone(strconv.FormatUint(uint64(name.Scope_id), 10))
		}
		return netip.AddrPortFrom(addr, hostOrder(name.Port))
	}
	return netip.AddrPort{}
}

// hostOrder turns a port from the order of the network.
func hostOrder(port uint16) uint16 {
	var b [2]byte
	binary.NativeEndian.PutUint16(b[:], port)
	return binary.BigEndian.Uint16(b[:])
}

func setSockaddr4(sa *unix.SockaddrInet4, to netip.AddrPort) error {
	addr := to.Addr().Unmap()
	if !addr.Is4() {
		return net.InvalidAddrError("not an IPv4 address")
	}
	sa.Port, sa.Addr = int(to.Port()), addr.As4()
	return nil
}

// setSockaddr6 also takes IPv4 addresses, mapped (RFC 4291 section 2.5.5.2).
func setSockaddr6(sa *unix.SockaddrInet6, to netip.AddrPort) error {
	addr := to.Addr()
	if !addr.IsValid() {
		return net.InvalidAddrError("no address")
	}
	zone, err := zoneID(addr.Zone())
	if err != nil {
		return err
	}
	sa.Port, sa.Addr, sa.ZoneId = int(to.Port()), addr.As16(), zone
	return nil
}

// zoneID is the number of a zone, given as a number or an interface's name.
func zoneID(zone string) (uint32, error) {
	if zone == "" {
		return 0, nil
	}
	if n, err := strconv.ParseUint(zone, 10, 32); err == nil {
		return uint32(n), nil
	}
	iface, err := net.InterfaceByName(zone)
	if err != nil {
		return 0, err
	}
	return uint32(iface.Index), nil
}
