package demux

import "net/netip"

// class is what a datagram is, by its first byte (RFC 7983 section 7). What is
// not named here has no business on this port.
type class uint8

const (
	classForeign class = iota
	classSTUN
	classDTLS
	classMedia // SRTP and SRTCP
)

func classOf(datagram []byte) class {
	if len(datagram) == 0 {
		return classForeign
	}
	switch b := datagram[0]; {
	case b <= 3:
		return classSTUN
	case b >= 20 && b <= 63:
		return classDTLS
	case b >= 128 && b <= 191:
		return classMedia
	}
	return classForeign
}

// IsMedia tells SRTP and SRTCP from what is Pion's: STUN and DTLS.
func IsMedia(datagram []byte) bool { return classOf(datagram) == classMedia }

// Pion keeps a candidate of its own, and so a conn, for each family.
const families = 2

// familyOf is 0 for IPv4, 1 for IPv6.
func familyOf(a netip.Addr) int {
	if a.Unmap().Is4() {
		return 0
	}
	return 1
}
