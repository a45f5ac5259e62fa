package sfu

import "sync"

// full is the share of its time from which on a worker takes no more peers of a
// room if another one is less loaded: what is left is for what comes in bursts.
const full = 0.7

// crowd is how many peers fill a worker whatever they cost now: who sits muted when
// all come may show and watch everybody later, and no peer can be moved.
const crowd = 150

// peerLoad is what a peer counts for besides what its worker measures: who has
// just come has cost nothing yet. As share of a core.
const peerLoad = 0.001

// placement says which worker a new peer is pinned to. A room starts on the
// worker that is least loaded, and stays there until that is full; then whoever
// comes goes elsewhere. Any goroutine.
type placement struct {
	mu    sync.Mutex
	load  []func() float64 // of each worker: the share of its time that it works
	peers []int            // of each worker
	rooms map[string][]int // peers of a room on each worker; none: it has no entry
}

func newPlacement(load []func() float64) *placement {
	return &placement{load: load, peers: make([]int, len(load)), rooms: map[string][]int{}}
}

// join places another peer of a room and returns the number of its worker. Each
// has to be given back to leave.
func (p *placement) join(room string) int {
	p.mu.Lock()
	defer p.mu.Unlock()
	here := p.rooms[room]
	if here == nil {
		here = make([]int, len(p.load))
		p.rooms[room] = here
	}
	worker := p.least(func(i int) bool { return here[i] > 0 && p.load[i]() < full && p.peers[i] < crowd })
	if worker < 0 {
		worker = p.least(func(int) bool { return true })
	}
	here[worker]++
	p.peers[worker]++
	return worker
}

// least is the least loaded worker of those that may be taken, −1 for none.
func (p *placement) least(may func(worker int) bool) int {
	best, least := -1, 0.0
	for i, load := range p.load {
		if !may(i) {
			continue
		}
		if all := load() + peerLoad*float64(p.peers[i]); best < 0 || all < least {
			best, least = i, all
		}
	}
	return best
}

// leave takes a peer of a room from a worker.
func (p *placement) leave(room string, worker int) {
	p.mu.Lock()
	defer p.mu.Unlock()
	here := p.rooms[room]
	here[worker]--
	p.peers[worker]--
	for _, n := range here {
		if n > 0 {
			return
		}
	}
	delete(p.rooms, room)
}
