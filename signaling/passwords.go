package signaling

import (
	"context"
	"net/netip"
	"runtime"
	"sync/atomic"
	"time"

	"madang/room"
	"madang/signaling/protocol"
)

// passwords compares what people give as passwords, within bounds: a comparison with
// a hash takes some 20 ms of a core and 20 MB on purpose.
type passwords struct {
	slots     chan struct{} // held by each comparison
	waiting   atomic.Int32
	byAddress *tries[netip.Prefix]
	byTarget  *tries[target]
}

// target is what somebody guesses: the passwords of one room, or of all rooms for which
// one setting stands, since there are as many of these as an attacker likes.
type target struct{ member, owner room.Secret }

// maxComparisons bounds those who wait for a slot. One more is told to try again.
const maxComparisons = 64

func newPasswords(cfg LimitsConfig) *passwords {
	return &passwords{
		slots:     make(chan struct{}, max(1, runtime.NumCPU()/4)),
		byAddress: newTries[netip.Prefix](cfg.PasswordsPerMinute),
		byTarget:  newTries[target](cfg.RoomPasswordsPerMinute),
	}
}

// limit changes how many may be tried.
func (p *passwords) limit(cfg LimitsConfig) {
	p.byAddress.limit(cfg.PasswordsPerMinute)
	p.byTarget.limit(cfg.RoomPasswordsPerMinute)
}

// try runs a comparison, which says whether the password was right: then the try does
// not count. It waits for a slot. An error says why nothing was compared.
func (p *passwords) try(ctx context.Context, from netip.Prefix, of target, compare func() bool) error {
	now := time.Now()
	if ok, retry := p.byAddress.allow(from, now); !ok {
		return &refusal{code: protocol.TooFast, message: "too many passwords were tried", retry: retry}
	}
	if ok, retry := p.byTarget.allow(of, now); !ok {
		p.byAddress.forgive(from, now)
		return &refusal{code: protocol.Unavailable, message: "too many passwords were tried for this room", retry: retry}
	}
	right, err := p.run(ctx, compare)
	if right || err != nil {
		p.byAddress.forgive(from, now)
		p.byTarget.forgive(of, now)
	}
	return err
}

// run compares once there is a slot.
func (p *passwords) run(ctx context.Context, compare func() bool) (right bool, err error) {
	defer p.waiting.Add(-1)
	if p.waiting.Add(1) > maxComparisons {
		return false, errBusy
	}
	select {
	case p.slots <- struct{}{}:
		defer func() { <-p.slots }()
		return compare(), nil
	case <-ctx.Done():
		return false, errClosing
	}
}

// forgive takes back a try: rate has no other word for it.
func (p *tries[K]) forgive(who K, now time.Time) {
	p.mu.Lock()
	defer p.mu.Unlock()
	if own := p.by[who]; own != nil {
		own.AllowN(now, -1)
	}
}
