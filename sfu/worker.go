package sfu

import (
	"time"

	"madang/sfu/history"
	"madang/sfu/rtpview"
)

// tickEvery is how often a worker looks at its clocks; packets do not wait for it.
const tickEvery = 10 * time.Millisecond

// poolBytes is how much emptied storage a worker keeps for the next history.
const poolBytes = 32 << 20

// Worker is one goroutine that owns the media of its peers: layers, slots and
// histories, without locks. Everything reaches it through its inbox; it reads
// the clock once per turn.
type Worker struct {
	inbox  *inbox
	counts counters
	done   chan struct{}

	// What follows belongs to the worker's goroutine.
	endpoints map[*endpoint]struct{}
	routers   map[*Router]struct{}
	pool      *history.Pool
	view      rtpview.Packet // of the packet at hand
	lost      []uint16       // scratch
	now       time.Time
}

func newWorker() *Worker {
	w := &Worker{
		inbox: newInbox(), done: make(chan struct{}),
		endpoints: map[*endpoint]struct{}{}, routers: map[*Router]struct{}{},
		pool: history.NewPool(poolBytes),
	}
	return w
}

// run works until stop is called.
func (w *Worker) run() {
	defer close(w.done)
	ticker := time.NewTicker(tickEvery)
	defer ticker.Stop()
	spare := &batch{}
	for {
		ticked := false
		select {
		case <-w.inbox.wake:
		case <-ticker.C:
			ticked = true
		}
		b, open := w.inbox.take(spare)
		w.turn(b, ticked, time.Now())
		if !open {
			return
		}
		spare = b
	}
}

// turn does all that has gathered: commands first, as they say what packets
// and routings refer to.
func (w *Worker) turn(b *batch, ticked bool, now time.Time) {
	w.now = now
	for _, do := range b.commands {
		do()
	}
	for _, r := range b.routers {
		r.queued.Store(false)
		w.routers[r] = struct{}{}
		r.apply(now)
	}
	for _, p := range b.packets {
		if _, here := w.endpoints[p.from]; !here {
			continue // it left
		}
		if packet := b.arena[p.start:p.end]; p.rtcp {
			p.from.receiveRTCP(packet, now)
		} else {
			p.from.receiveRTP(packet, now)
		}
	}
	if ticked {
		for e := range w.endpoints {
			e.tick(now)
		}
		for r := range w.routers {
			r.tick(now)
		}
	}
	for r := range w.routers {
		r.flush()
	}
}

// do runs a command on the worker's goroutine and waits for it. False: the
// worker has stopped. Any goroutine but the worker's.
func (w *Worker) do(command func(now time.Time)) bool {
	ran := make(chan struct{})
	if !w.inbox.command(func() { command(w.now); close(ran) }) {
		return false
	}
	select {
	case <-ran:
		return true
	case <-w.done:
		return false
	}
}

// forget lets go of a router that is closed.
func (w *Worker) forget(r *Router) { delete(w.routers, r) }

// stop ends the worker and waits for it.
func (w *Worker) stop() {
	w.inbox.close()
	w.inbox.rouse()
	<-w.done
}
