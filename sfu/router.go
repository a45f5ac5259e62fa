package sfu

import "sync"

// Router is one room's media as control sees it: it hands the room's [Routing] to
// each worker that has peers of the room. What becomes of it there, its wings do.
// Any goroutine.
type Router struct {
	observer Observer

	mu     sync.Mutex
	wings  map[*Worker]*wing
	leader *wing // tells the room who speaks
	leads  int   // counts the leaders
	closed bool
}

func newRouter(observer Observer) *Router {
	return &Router{observer: observer, wings: map[*Worker]*wing{}}
}

// Route replaces what everyone in the room is to receive. It never waits; of
// several that come before a worker looks, the last holds.
func (r *Router) Route(routing *Routing) {
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.closed {
		return
	}
	var first *Worker
	needed := map[*Worker]bool{}
	for w := range routing.workers {
		needed[w] = true
		r.on(w)
		if first == nil {
			first = w
		}
	}
	if r.leader == nil || !needed[r.leader.worker] {
		if r.leader = r.wings[first]; r.leader != nil { // in an empty room there is none
			r.leads++
		}
	}
	for w, g := range r.wings {
		if !needed[w] {
			g.end()
			delete(r.wings, w)
			continue
		}
		o := &order{routing: routing}
		if g == r.leader {
			o.leads = r.leads
		}
		g.hand(o)
	}
}

// on is the room's wing on a worker. The lock is held.
func (r *Router) on(w *Worker) *wing {
	g := r.wings[w]
	if g == nil {
		g = newWing(w, r.observer)
		r.wings[w] = g
	}
	return g
}

// Close cuts everything that the router fed. Its observer hears nothing after
// the workers have seen it; whatever is routed after that feeds nothing.
func (r *Router) Close() {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.closed = true
	for _, g := range r.wings {
		g.end()
	}
	clear(r.wings)
	r.leader = nil
}

// workers goes through the workers that have peers of the room, those first that
// have subscribers. One may come more than once.
func (r *Routing) workers(yield func(*Worker) bool) {
	for i := range r.Views {
		if e := r.Views[i].endpoint(); e != nil && !yield(e.worker) {
			return
		}
	}
	for _, sources := range [][]*Source{r.Mics, r.Pictures} {
		for _, s := range sources {
			if !yield(s.from.worker) {
				return
			}
		}
	}
}
