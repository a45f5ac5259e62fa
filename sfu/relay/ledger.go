package relay

import (
	"sync"
	"time"

	"golang.org/x/time/rate"
)

// relaysMost bounds the relays of all sessions.
const relaysMost = 8192

// ledger keeps what each user has of the relay. Any goroutine.
type ledger struct {
	perUser   int
	bandwidth int // bits per second

	mu       sync.Mutex
	accounts map[string]*account
	relays   int
}

// account is one user's.
type account struct {
	user      string
	relays    int
	allowance *rate.Limiter // in bytes
}

// open counts a relay more; nil: the user, or all together, have enough.
func (l *ledger) open(user string) *account {
	l.mu.Lock()
	defer l.mu.Unlock()
	if !l.room(user) {
		return nil
	}
	a := l.accounts[user]
	if a == nil {
		perSecond := l.bandwidth / 8
		a = &account{user: user, allowance: rate.NewLimiter(rate.Limit(perSecond), perSecond/4)}
		l.accounts[user] = a
	}
	a.relays++
	l.relays++
	return a
}

// mayOpen tells whether there is room for a relay more.
func (l *ledger) mayOpen(user string) bool {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.room(user)
}

// room is under the lock.
func (l *ledger) room(user string) bool {
	a := l.accounts[user]
	return l.relays < relaysMost && (a == nil || a.relays < l.perUser)
}

// uses tells whether a user has any relay.
func (l *ledger) uses(user string) bool {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.accounts[user] != nil
}

// close counts one less.
func (l *ledger) close(a *account) {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.relays--
	if a.relays--; a.relays == 0 {
		delete(l.accounts, a.user)
	}
}

// allows tells whether a datagram may pass now; what may not is lost as on a
// narrow network.
func (a *account) allows(bytes int, now time.Time) bool { return a.allowance.AllowN(now, bytes) }
