package signaling

import (
	"net"
	"net/http"
	"sync/atomic"
)

// descriptors are the files and sockets that the process may have open. While few are
// left nobody new is taken, so that those who are in can come back, and admins look.
type descriptors struct {
	most   int64 // 0: not known, and never short
	used   atomic.Int64
	opened atomic.Int64 // connections since they were counted
}

// spare is how many are kept back: a twentieth, but at least this many.
const spare = 32

func newDescriptors() descriptors { return descriptors{most: descriptorLimit()} }

// count counts those that are open.
func (d *descriptors) count() {
	if d.most > 0 {
		before := d.opened.Load()
		d.used.Store(openDescriptors())
		d.opened.Add(-before)
	}
}

// short tells whether only those are left that are kept back.
func (d *descriptors) short() bool {
	return d.most > 0 && d.used.Load()+d.opened.Load() > d.most-max(spare, d.most/20)
}

// note is told what becomes of connections, as http.Server.ConnState.
func (d *descriptors) note(_ net.Conn, state http.ConnState) {
	if state == http.StateNew {
		d.opened.Add(1)
	}
}
