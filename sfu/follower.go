package sfu

import (
	"time"

	"github.com/pion/ice/v4"
	"github.com/pion/stun/v4"
)

// silence is when a client is not where it was any more: two checks of ours had no
// answer, and nothing else came from there.
const silence = 2 * iceKeepalive

// follower has ICE follow a client to another address. When a NAT has given it
// another port its checks come from there, but only Chromium's nominate that each
// time: Firefox nominates once, and we would go on sending to where nobody is. It
// belongs to the goroutine of Pion's agent.
type follower struct {
	at ice.Candidate // where the client was last; nil at first
}

// check is told of each authentic check of the client, and says whether to send
// to where it came from, from now on. It must have answered a check of ours there
// (RFC 7675 section 5.1): whoever repeats a check that he overheard has not.
func (f *follower) check(_ *stun.Message, _, remote ice.Candidate, pair *ice.CandidatePair) bool {
	switch {
	case f.at == nil || remote.Equal(f.at):
		f.at = remote
		return false
	case pair.ResponsesReceived() == 0 || time.Since(f.at.LastReceived()) < silence:
		return false
	}
	f.at = remote
	return true
}
