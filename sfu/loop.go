package sfu

import (
	"net/netip"
	"runtime"
	"time"

	"madang/sfu/demux"
	"madang/sfu/lane"
	"madang/sfu/udp"
)

// tickEvery is how often a worker looks at its clocks, if there is anything that
// needs it; packets do not wait for it.
const tickEvery = 10 * time.Millisecond

// yieldEvery is how often a worker lets Go's scheduler have a look at it. Whoever
// goes on for 10 ms without is taken for one that hogs a processor, which is then
// taken away in its next system call and has to be won back.
const yieldEvery = 8 * time.Millisecond

// socket is a worker's UDP port as the worker uses it.
type socket interface {
	// Receive takes the datagrams that are there. If there are none it waits for
	// them, at most so long, or until Wake.
	Receive(into *udp.Burst, most time.Duration) error
	// Calm says whether little comes: then to wait is made cheap, else to wake up.
	Calm(is bool)
	// Wake ends the Receive that waits, or the next one. Any goroutine.
	Wake()
	// PollFeedback takes the feedback that went aside, and waits for none.
	PollFeedback(into *udp.Burst) error
	// Cork has what Pion sends gather, Uncork sends it.
	Cork()
	Uncork()
}

// run works until stop is called. It sleeps on the worker's socket alone: what
// comes over it, what is posted and the time wake it.
func (w *Worker) run() {
	defer close(w.done)
	spare := &batch{}
	for {
		slept := w.gather()
		b, open := w.inbox.take(spare)
		now := w.clock()
		w.busy.turn(slept, now)
		ticked := !now.Before(w.tickAt)
		if ticked {
			w.tickAt = now.Add(tickEvery)
		}
		w.turn(b, ticked, now)
		if !open {
			return
		}
		spare = b
	}
}

// gather waits until there is something to do, and takes what came over the
// port. A worker that is late does not wait, and looks at the port all the same.
// It returns when the worker went to sleep, zero for not at all.
func (w *Worker) gather() (slept time.Time) {
	next := w.nextTick()
	if due := w.leaves.Next(); !due.IsZero() && due.Before(next) {
		next = due
	}
	now := w.clock()
	if now.Sub(w.yieldedAt) >= yieldEvery {
		w.yieldedAt = now
		runtime.Gosched()
	}
	most := max(0, next.Sub(now))
	if most > 0 && w.inbox.rest(most > tickEvery) {
		slept = now
	} else {
		most = 0
	}
	w.socket.Calm(w.busy.slack)
	if err := w.socket.Receive(w.burst, most); err != nil {
		w.counts.socketErrors.Add(1)
		time.Sleep(time.Millisecond) // whatever it is, it must not make us spin
	}
	return slept
}

// arrive sorts the datagrams that came over the port.
func (w *Worker) arrive(now time.Time) {
	for i := range w.burst.Len() {
		from, datagram := w.burst.At(i)
		w.sort(datagram, from, now)
	}
}

// alight sorts the datagrams that came over a lane.
func (w *Worker) alight(l *lane.Lane, now time.Time) {
	l.Queued.Store(false)
	w.framed = l.Take(w.framed)
	for datagram, rest, ok := lane.Cut(w.framed); ok; datagram, rest, ok = lane.Cut(rest) {
		w.sort(datagram, l.Addr(), now)
	}
}

// sort finds out whose a datagram is: media of peers whose keys we have is opened
// here, in place, all else is Pion's.
func (w *Worker) sort(datagram []byte, from netip.AddrPort, now time.Time) {
	c := w.demux.Route(datagram, from, now)
	if c == nil {
		if demux.IsMedia(datagram) {
			w.stray(datagram, from, now)
		}
		return
	}
	e := c.Owner()
	if e.direct == nil || !demux.IsMedia(datagram) {
		c.Deliver(datagram, from)
		return
	}
	packet, rtcp, ok := e.direct.open(datagram)
	switch {
	case ok:
		e.direct.trial.opened()
		c.Seen(from, now)
		e.direct.follow(c, from, now)
		w.receive(e, packet, rtcp, now)
	case e.direct.trial.failed(now):
		w.log.Error("a peer was ended as the keys that were overheard for it are wrong; those to come take the portable way")
		e.failed()
	}
}

// looksMost bounds how often a tick looks for feedback.
const looksMost = 64

// overhear takes the feedback that has come since the last tick.
func (w *Worker) overhear(now time.Time) {
	for range looksMost {
		if w.socket.PollFeedback(w.burst) != nil || w.burst.Len() == 0 {
			return
		}
		w.arrive(now)
	}
}

// flush sends what gathered in a turn.
func (w *Worker) flush() {
	if w.out != nil {
		w.out.Flush()
	}
	w.socket.Uncork()
}
