package sfu

import (
	"fmt"
	"net/netip"
	"strings"
)

// Of the priorities of candidates (RFC 8445 section 5.1.2.1): what is reached by
// TCP comes behind all that is reached by UDP (RFC 6544 section 4.2).
const (
	preferUDP = 126
	preferTCP = 90
)

// withCandidates adds host candidates (RFC 8839 section 5.1) to an answer,
// behind those that Pion wrote on the line of the bundle's transport: of the UDP
// port, and of the TCP port to which clients connect (RFC 6544 section 4.5). They
// have a lower priority, the first the highest.
func withCandidates(sdp string, udp, tcp []netip.AddrPort) string {
	last := strings.LastIndex(sdp, "a=candidate:")
	if last < 0 || len(udp)+len(tcp) == 0 {
		return sdp
	}
	end := last + strings.Index(sdp[last:], "\n") + 1
	var added strings.Builder
	add := func(foundation, transport string, preference, i int, a netip.AddrPort, more string) {
		const component = 1
		priority := preference<<24 | (0x7fff-i)<<8 | (256 - component)
		fmt.Fprintf(&added, "a=candidate:%s%d %d %s %d %s %d typ host%s\r\n", foundation, i, component, transport, priority, a.Addr(), a.Port(), more)
	}
	for i, a := range udp {
		add("also", "udp", preferUDP, i, a, "")
	}
	for i, a := range tcp {
		add("stream", "tcp", preferTCP, i, a, " tcptype passive")
	}
	return sdp[:end] + added.String() + sdp[end:]
}
