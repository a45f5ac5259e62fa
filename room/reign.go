package room

import (
	"crypto/rand"
	"sync/atomic"
)

// reign names the time from the first member of a room to the last. What was given to
// somebody in the room lasts no longer.
type reign struct{ name atomic.Pointer[string] }

func newReign() *reign {
	r := &reign{}
	r.begin()
	return r
}

// begin is called when nobody is left.
func (r *reign) begin() {
	name := rand.Text()[:idLength]
	r.name.Store(&name)
}

// Reign names the time from the room's first member to its last: another is another
// name. Any goroutine.
func (r *Room) Reign() string { return *r.reign.name.Load() }

// Reigns tells whether a room is open, and in the reign with this name. Any goroutine.
func (r *Rooms) Reigns(room, reign string) bool {
	is, open := r.Find(room)
	return open && is.Reign() == reign
}
