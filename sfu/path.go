package sfu

import (
	"github.com/pion/rtcp"
	"github.com/pion/rtp"
)

// Path is where one peer's packets leave: it seals and sends. Only the peer's
// worker calls it; its methods never block, keep nothing of their arguments
// after they return, and drop what cannot leave, counted by whoever drops.
type Path interface {
	// WriteRTP sends one packet. header and payload may be reused at once.
	WriteRTP(header *rtp.Header, payload []byte)
	// WriteRTCP sends packets as one compound (RFC 3550 section 6.1, or of
	// reduced size, RFC 5506).
	WriteRTCP(packets []rtcp.Packet)
}
