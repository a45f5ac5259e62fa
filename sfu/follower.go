package sfu

import (
	"net/netip"
	"time"

	"github.com/pion/ice/v4"
	"github.com/pion/stun/v4"

	"madang/sfu/demux"
)

// silence is when a client is not where it was any more: two checks of ours had no
// answer, and nothing else came from there.
const silence = 4 * time.Second

// follower has ICE follow a client to another address. When a NAT has given it
// another port its checks come from there, but only Chromium's nominate that each
// time: Firefox nominates once, and we would go on sending to where nobody is.
type follower struct{ door *demux.View[*endpoint] }

// check is told by Pion's agent of each authentic check that is not of the pair in
// use, and says whether to send to where it came from, from now on. The client must
// have answered a check of ours there (RFC 7675 section 5.1): whoever repeats a
// check that he overheard has not.
func (f *follower) check(_ *stun.Message, _, remote ice.Candidate, pair *ice.CandidatePair) bool {
	at, heard, settled := f.door.Settled()
	if !settled || pair.ResponsesReceived() == 0 || time.Since(heard) < silence {
		return false
	}
	a, err := netip.ParseAddr(remote.Address())
	return err == nil && netip.AddrPortFrom(a.Unmap(), uint16(remote.Port())) != at
}
