package load

import "time"

// usage is what a machine had used at a moment.
type usage struct {
	at   time.Time
	own  time.Duration // CPU of this process
	busy uint64        // of all cores, in ticks; 0 where it cannot be known
	all  uint64        // ticks that passed on all cores
}

// compare is how the generator fared between two moments, on so many cores.
func compare(from, to usage, cores int) (own, machine float64) {
	if wall := to.at.Sub(from.at); wall > 0 {
		own = float64(to.own-from.own) / float64(wall) / float64(cores)
	}
	machine = -1
	if to.all > from.all {
		machine = float64(to.busy-from.busy) / float64(to.all-from.all)
	}
	return own, machine
}

// Drops are datagrams that the kernel threw away because a receive buffer was
// full.
type Drops struct {
	// Known is false where the system does not tell.
	Known bool `json:"known"`
	// Own happened at this process's sockets, Machine at any of the machine's.
	Own     uint64 `json:"own"`
	Machine uint64 `json:"machine"`
}

// since is what was dropped after an earlier count. Own counts sockets that are
// open now.
func (d Drops) since(earlier Drops) Drops {
	d.Own -= min(d.Own, earlier.Own)
	d.Machine -= min(d.Machine, earlier.Machine)
	return d
}
