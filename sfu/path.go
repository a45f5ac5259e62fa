package sfu

import (
	"github.com/pion/rtcp"

	"madang/sfu/rtpout"
)

// Path is where one peer's packets leave: it seals and sends. Only the peer's
// worker calls it; its methods never block, keep nothing of their arguments
// after they return, and drop what cannot leave, counted by whoever drops.
type Path interface {
	// WriteRTP sends one packet. It and its bytes may be reused at once.
	WriteRTP(packet *rtpout.Packet)
	// WriteRTCP sends packets as one compound (RFC 3550 section 6.1, or of
	// reduced size, RFC 5506).
	WriteRTCP(packets []rtcp.Packet)
}

// fast is the path on which the worker itself seals and sends, decided once for
// a DTLS association; nil: Pion does it. Never both, and never another later: two
// writers would use the same nonces (RFC 7714 section 8.4).
func (p *Peer) fast() *fast {
	if p.sfu.cfg.Media.Writer == WriterPortable || p.worker.out == nil || !p.sfu.keys.given(p.worker.clock()) {
		return nil
	}
	theirs, ours, err := p.heard.Keys() // we are the DTLS server
	if err != nil {
		p.sfu.slow(err)
		return nil
	}
	f, err := newFast(ours, theirs, p.worker.out, &p.sfu.keys, &p.worker.counts)
	if err != nil {
		p.sfu.slow(err)
		return nil
	}
	f.lanes = p.worker.lanes
	return f
}
