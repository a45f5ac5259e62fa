package udp

import (
	"encoding/binary"
	"net"
	"net/netip"
	"strconv"
	"unsafe"

	"golang.org/x/sys/unix"
)

// route is how sockets of the two families call one address. The family is zero
// in a name that there is not.
type route struct {
	inet4 unix.RawSockaddrInet4
	inet6 unix.RawSockaddrInet6 // also of IPv4 addresses, mapped (RFC 4291 section 2.5.5.2)
	plain bool                  // the kernel cuts no messages for the path to here
}

func newRoute(to netip.AddrPort) (r route) {
	addr := to.Addr()
	zone, ok := zoneID(addr.Zone())
	if !addr.IsValid() || !ok {
		return r
	}
	port := networkOrder(to.Port())
	r.inet6 = unix.RawSockaddrInet6{Family: unix.AF_INET6, Port: port, Addr: addr.As16(), Scope_id: zone}
	if addr = addr.Unmap(); addr.Is4() {
		r.inet4 = unix.RawSockaddrInet4{Family: unix.AF_INET, Port: port, Addr: addr.As4()}
	}
	return r
}

// zoneID is the number of a zone, given as a number or an interface's name.
func zoneID(zone string) (id uint32, ok bool) {
	if zone == "" {
		return 0, true
	}
	if n, err := strconv.ParseUint(zone, 10, 32); err == nil {
		return uint32(n), true
	}
	iface, err := net.InterfaceByName(zone)
	if err != nil {
		return 0, false
	}
	return uint32(iface.Index), true
}

// addrPort reads a socket address of either family; the zero value if it is of
// neither. The zone of a link-local address is its number (RFC 4007 section
// 11.2), which spares a look-up of the interface's name per datagram.
func addrPort(name *unix.RawSockaddrInet6) netip.AddrPort {
	switch name.Family {
	case unix.AF_INET:
		name4 := raw4(name)
		return netip.AddrPortFrom(netip.AddrFrom4(name4.Addr), networkOrder(name4.Port))
	case unix.AF_INET6:
		addr := netip.AddrFrom16(name.Addr).Unmap()
		if name.Scope_id != 0 && addr.Is6() {
			addr = addr.WithZone(strconv.FormatUint(uint64(name.Scope_id), 10))
		}
		return netip.AddrPortFrom(addr, networkOrder(name.Port))
	}
	return netip.AddrPort{}
}

// raw4 is a name as one of the shorter kind.
func raw4(name *unix.RawSockaddrInet6) *unix.RawSockaddrInet4 {
	return (*unix.RawSockaddrInet4)(unsafe.Pointer(name))
}

// networkOrder turns a port to the order of the network, or back.
func networkOrder(port uint16) uint16 {
	var b [2]byte
	binary.NativeEndian.PutUint16(b[:], port)
	return binary.BigEndian.Uint16(b[:])
}
