package sfu

import (
	"fmt"
	"net/netip"
	"strings"
)

// withCandidates adds host candidates (RFC 8839 section 5.1) to an answer,
// behind those that Pion wrote on the line of the bundle's transport. They have
// a lower priority, the first the highest (RFC 8445 section 5.1.2.1).
func withCandidates(sdp string, addresses []netip.AddrPort) string {
	last := strings.LastIndex(sdp, "a=candidate:")
	if last < 0 || len(addresses) == 0 {
		return sdp
	}
	end := last + strings.Index(sdp[last:], "\n") + 1
	var added strings.Builder
	for i, a := range addresses {
		const host, component = 126, 1
		priority := host<<24 | (0x7fff-i)<<8 | (256 - component)
		fmt.Fprintf(&added, "a=candidate:also%d %d udp %d %s %d typ host\r\n", i, component, priority, a.Addr(), a.Port())
	}
	return sdp[:end] + added.String() + sdp[end:]
}
