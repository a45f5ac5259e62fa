package room

import (
	"net/netip"
	"sync"
	"time"
)

// maxBans is how many bans there are at most. One more takes the place of the one that
// ends first.
const maxBans = 4096

// bans says who may not come back to a room for a time. They outlive the room, and end
// with the server. Safe for any goroutine; the zero value is ready.
type bans struct {
	mu    sync.Mutex
	until map[banned]time.Time
}

// banned is who is meant, in one room: an identity or, of who has none, the address.
type banned struct {
	room     string
	identity string
	from     netip.Prefix
}

// add bans a party. One without identity and address cannot be.
func (b *bans) add(room string, is Party, until, now time.Time) {
	who := banned{room: room, identity: is.Identity}
	if is.Identity == "" {
		who.from = is.From
	}
	if is.Identity == "" && !is.From.IsValid() {
		return
	}
	b.mu.Lock()
	defer b.mu.Unlock()
	if b.until == nil {
		b.until = map[banned]time.Time{}
	}
	if len(b.until) >= maxBans {
		b.makeRoom(now)
	}
	b.until[who] = until
}

// makeRoom drops the bans that have ended or, if none has, the one that ends first.
// Called with the lock held.
func (b *bans) makeRoom(now time.Time) {
	var first banned
	for who, until := range b.until {
		if !now.Before(until) {
			delete(b.until, who)
		} else if end, ok := b.until[first]; !ok || until.Before(end) {
			first = who
		}
	}
	if len(b.until) >= maxBans {
		delete(b.until, first)
	}
}

// identity tells whether an identity is banned from a room.
func (b *bans) identity(room, identity string, now time.Time) bool {
	return identity != "" && b.holds(banned{room: room, identity: identity}, now)
}

// address tells whether an address is.
func (b *bans) address(room string, from netip.Prefix, now time.Time) bool {
	return b.holds(banned{room: room, from: from}, now)
}

func (b *bans) holds(who banned, now time.Time) bool {
	b.mu.Lock()
	defer b.mu.Unlock()
	until, ok := b.until[who]
	if ok && !now.Before(until) {
		delete(b.until, who)
	}
	return ok && now.Before(until)
}
