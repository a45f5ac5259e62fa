package room

import "time"

// throttle lets something happen at most once in a while: at once when it is
// quiet, else when its time has come.
type throttle struct{ last time.Time }

// ready tells whether it may happen now, and takes the turn if so. If not,
// again is when it may.
func (t *throttle) ready(now time.Time, every time.Duration) (ok bool, again time.Time) {
	if again = t.last.Add(every); !t.last.IsZero() && now.Before(again) {
		return false, again
	}
	t.last = now
	return true, time.Time{}
}
