package signaling

import (
	"time"

	"madang/room"
)

// How long a member may be silent.
const (
	// askAfter is when a WebSocket is asked whether anybody is there, beside its
	// pings: those are too far apart to tell.
	askAfter = 4 * time.Second
	// silentAfter is when a member of whom nothing is heard, over WebSocket and
	// media, is shown to be reconnecting.
	silentAfter = 8 * time.Second
	// peekEvery is how often one is looked at who is shown to be reconnecting.
	peekEvery = 250 * time.Millisecond
)

// absence says what comes of a member's silence. It is told the time.
type absence struct {
	window time.Duration // for which a member is waited for

	away   time.Time // since when there is no WebSocket; zero: there is one
	failed time.Time // since when there is no media connection any more; zero: there is one
	bye    time.Time // when the member leaves unless it comes back; zero: it has not said so
	silent bool      // the others see it as reconnecting
}

// lose notes that the WebSocket is lost.
func (a *absence) lose(now time.Time) { a.away = now }

// hold notes a bye that takes effect later.
func (a *absence) hold(until time.Time) { a.bye = until }

// back notes that there is a WebSocket again, and tells for how long there was none.
func (a *absence) back(now time.Time) (away time.Duration) {
	if !a.away.IsZero() {
		away = now.Sub(a.away)
	}
	a.away, a.bye = time.Time{}, time.Time{}
	return away
}

// media notes whether the media connection has failed.
func (a *absence) media(failed bool, now time.Time) {
	switch {
	case !failed:
		a.failed = time.Time{}
	case a.failed.IsZero():
		a.failed = now
	}
}

// verdict is what is to be done about a member.
type verdict struct {
	leave *ending // nil: it stays
	ask   bool    // its WebSocket
	seen  room.PersonState
	again time.Time // when to look the next time, at the latest
}

// look judges a member that was last heard at a time.
func (a *absence) look(heard, now time.Time) verdict {
	switch {
	case due(a.bye, 0, now):
		return verdict{leave: &endLeft}
	case due(a.away, a.window, now):
		return verdict{leave: &endLost}
	case due(a.failed, a.window, now):
		failed := endMediaFailed()
		return verdict{leave: &failed}
	}
	v := verdict{seen: room.PersonIn, again: heard.Add(askAfter)}
	switch quiet := now.Sub(heard); {
	case quiet >= silentAfter:
		v.seen, v.again = room.PersonReconnecting, now.Add(peekEvery)
	case quiet >= askAfter:
		v.ask, v.again = a.away.IsZero(), heard.Add(silentAfter)
	}
	for _, end := range []time.Time{a.bye, after(a.away, a.window), after(a.failed, a.window)} {
		if !end.IsZero() && end.Before(v.again) {
			v.again = end
		}
	}
	return v
}

// due tells whether a time, if there is one, and a while after it have passed.
func due(since time.Time, wait time.Duration, now time.Time) bool {
	return !since.IsZero() && now.Sub(since) >= wait
}

// after is a while after a time; zero for none.
func after(since time.Time, wait time.Duration) time.Time {
	if since.IsZero() {
		return since
	}
	return since.Add(wait)
}
