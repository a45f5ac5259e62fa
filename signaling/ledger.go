package signaling

import (
	"sync"
	"time"
)

// ledger remembers something of each name until a time, and of so many names at most.
// Time is an argument. Safe for any goroutine.
type ledger[V any] struct {
	mu      sync.Mutex
	most    int
	entries map[string]memo[V]
}

type memo[V any] struct {
	value V
	until time.Time
}

func newLedger[V any](most int) *ledger[V] {
	return &ledger[V]{most: most, entries: map[string]memo[V]{}}
}

// get returns what is remembered of a name.
func (l *ledger[V]) get(name string, now time.Time) (value V, known bool) {
	l.mu.Lock()
	defer l.mu.Unlock()
	e, known := l.entries[name]
	if !known || !now.Before(e.until) {
		return value, false
	}
	return e.value, true
}

// change puts what a function makes of what is remembered of a name, the zero value
// for nothing, unless it says not to. Full of names whose time has not come, the
// ledger takes no other, and change is false too.
func (l *ledger[V]) change(name string, until, now time.Time, to func(V) (V, bool)) bool {
	l.mu.Lock()
	defer l.mu.Unlock()
	e, known := l.entries[name]
	if !known && len(l.entries) >= l.most {
		l.forget(now)
	}
	if !known && len(l.entries) >= l.most {
		return false
	}
	if !now.Before(e.until) {
		e = memo[V]{}
	}
	value, ok := to(e.value)
	if ok {
		l.entries[name] = memo[V]{value, until}
	}
	return ok
}

// remove drops a name if a function says so of what is remembered.
func (l *ledger[V]) remove(name string, where func(V) bool) {
	l.mu.Lock()
	defer l.mu.Unlock()
	if e, known := l.entries[name]; known && where(e.value) {
		delete(l.entries, name)
	}
}

// forget drops what need not be remembered any more. With the lock held.
func (l *ledger[V]) forget(now time.Time) {
	for name, e := range l.entries {
		if !now.Before(e.until) {
			delete(l.entries, name)
		}
	}
}
