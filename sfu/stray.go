package sfu

import (
	"encoding/binary"
	"net/netip"
	"time"

	"madang/sfu/lane"
	"madang/sfu/rtpview"
)

const (
	// straysPerSecond bounds how many packets from nowhere a worker looks at: a look
	// asks all its peers, some tens of microseconds for a thousand.
	straysPerSecond = 50
	// missedAfter is how long a peer must not have been heard where it was before it
	// is sought.
	missedAfter = 100 * time.Millisecond
)

// strays are packets of media that come from where nobody is.
type strays struct {
	since  time.Time
	looked int
}

// due tells whether one more may be looked at.
func (s *strays) due(now time.Time) bool {
	if now.Sub(s.since) >= time.Second {
		s.since, s.looked = now, 0
	}
	s.looked++
	return s.looked <= straysPerSecond
}

// stray looks at a packet from where nobody is. If a peer that fell silent has
// sealed it, that has another address: it is asked there for its consent, and its
// answer, not the packet, is what counts.
func (w *Worker) stray(datagram []byte, from netip.AddrPort, now time.Time) {
	if lane.Is(from) || !w.strays.due(now) {
		return
	}
	if e := w.sealer(datagram); e != nil && now.Sub(e.direct.heard) >= missedAfter && e.direct.recognizes(datagram, w.scratch[:0]) {
		e.door.Seek(from, now)
	}
}

// sealer is the only settled peer that sends under a sealed packet's SSRC; nil:
// there is none, or there are several.
func (w *Worker) sealer(datagram []byte) (found *endpoint) {
	isRTCP, at := rtpview.IsRTCP(datagram), 8
	if isRTCP {
		at = 4
	}
	if len(datagram) < at+4 {
		return nil
	}
	ssrc := binary.BigEndian.Uint32(datagram[at:])
	for e := range w.endpoints {
		if e.direct != nil && e.at.IsValid() && e.direct.opener.Streams(ssrc, isRTCP) {
			if found != nil {
				return nil
			}
			found = e
		}
	}
	return found
}

// recognizes tells whether a packet is the peer's, and new. It changes nothing.
func (f *fast) recognizes(datagram, scratch []byte) bool {
	if rtpview.IsRTCP(datagram) {
		return f.opener.RecognizesRTCP(datagram, scratch)
	}
	n, whole := rtpview.HeaderLen(datagram)
	return whole && f.opener.RecognizesRTP(datagram, n, scratch)
}
