package room

import (
	"net/netip"
	"sync"
	"time"
)

// maxBans is how many bans there are at most. One more takes the place of the one that
// ends first, of those from the address that has banned most: anybody may have a room of
// its own, and ban there as many as it likes.
const maxBans = 4096

// bans says who may not come back to a room for a time. They outlive the room, and end
// with the server. Safe for any goroutine; the zero value is ready.
type bans struct {
	mu    sync.Mutex
	until map[banned]ban
}

// banned is who is meant, in one room: an identity, or those at an address who have none.
type banned struct {
	room     string
	identity string
	from     netip.Prefix
}

// ban is when it ends, and where it comes from.
type ban struct {
	end time.Time
	by  netip.Prefix
}

// add bans a party: its identity, and its address too, or it would come without its
// token. One without either cannot be. The longer of two bans holds.
func (b *bans) add(room string, is, by Party, until, now time.Time) {
	b.mu.Lock()
	defer b.mu.Unlock()
	if b.until == nil {
		b.until = map[banned]ban{}
	}
	for _, who := range []banned{{room: room, identity: is.Identity}, {room: room, from: is.From}} {
		if who.identity == "" && !who.from.IsValid() || until.Before(b.until[who].end) {
			continue
		}
		if len(b.until) >= maxBans {
			b.makeRoom(now)
		}
		b.until[who] = ban{until, by.From}
	}
}

// makeRoom drops the bans that have ended or, if none has, one of who banned most.
// Called with the lock held.
func (b *bans) makeRoom(now time.Time) {
	from, most := map[netip.Prefix]int{}, netip.Prefix{}
	for who, is := range b.until {
		if !now.Before(is.end) {
			delete(b.until, who)
			continue
		}
		if from[is.by]++; from[is.by] > from[most] {
			most = is.by
		}
	}
	if len(b.until) < maxBans {
		return
	}
	var first banned
	for who, is := range b.until {
		if end := b.until[first].end; is.by == most && (end.IsZero() || is.end.Before(end)) {
			first = who
		}
	}
	delete(b.until, first)
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
	is, ok := b.until[who]
	if ok && !now.Before(is.end) {
		delete(b.until, who)
	}
	return ok && now.Before(is.end)
}
