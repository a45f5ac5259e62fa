package sfu

import (
	"log/slog"
	"runtime/debug"
	"time"

	"github.com/pion/rtcp"

	"madang/sfu/alloc"
	"madang/sfu/demux"
	"madang/sfu/descriptor"
	"madang/sfu/history"
	"madang/sfu/lane"
	"madang/sfu/pacer"
	"madang/sfu/quality"
	"madang/sfu/rtpview"
	"madang/sfu/timers"
	"madang/sfu/twcc"
	"madang/sfu/udp"
)

// poolBytes is how much emptied storage a worker keeps for the next history.
const poolBytes = 32 << 20

// Worker is one goroutine that owns the media of its peers: layers, slots and
// histories, without locks. Everything reaches it through its inbox; it reads
// the clock once per turn.
type Worker struct {
	inbox  *inbox
	counts counters
	log    *slog.Logger
	epoch  time.Time // of the clock
	done   chan struct{}

	// What follows belongs to the worker's goroutine.
	endpoints                 map[*endpoint]struct{}
	wings                     map[*wing]struct{}
	telling                   []*wing // that have something to tell their rooms
	pool                      *history.Pool
	view                      rtpview.Packet          // of the packet at hand
	lost                      []uint16                // scratch
	descriptor                descriptor.Descriptor   // likewise
	feedback                  twcc.Reader             // likewise
	draft                     draft                   // likewise
	menu                      menu                    // likewise
	planning                  alloc.Scratch           // likewise
	raw                       rtcp.RawPacket          // likewise
	alone                     [1]rtcp.Packet          // that, to say nothing else
	reports                   reports                 // likewise
	due                       []rtcp.Packet           // likewise
	scratch                   [history.MaxPacket]byte // likewise
	bitrates                  Bitrates
	load                      quality.Load
	busy                      busy
	weighedAt                 time.Time
	weighedIn, weighedDropped uint64
	pacers                    *pacer.Pool
	fan                       fan
	stale                     []*endpoint             // whose bandwidth is to be divided anew
	ticks                     timers.Queue[*endpoint] // with whom something is due
	ticking                   []*endpoint             // scratch: those at hand
	leaves                    timers.Queue[*endpoint] // for whom something waits to leave
	checks                    timers.Queue[*endpoint] // whose consent is to be looked at
	bridges                   map[*Worker]*bridge
	crossing                  []*bridge               // that have something for other workers
	mirrors                   map[*Source]*mirror     // by the sources of other workers
	stands                    map[*endpoint]*endpoint // by their peers
	tickAt                    time.Time               // of the next tick, the earliest
	calm                      time.Time               // until when no tick is needed, but by peers; zero: it is
	now                       time.Time
	yieldedAt                 time.Time

	socket socket
	demux  *demux.Mux[*endpoint]
	burst  *udp.Burst // that was received last
	strays strays
	out    *udp.Batch  // what leaves at the end of the turn; nil where nothing seals here
	lanes  *lane.Table // of all workers
	framed []byte      // scratch: what came over the lane at hand
}

// newWorker makes a worker on a socket. It wakes up for what comes over that and
// for what is posted to its inbox.
func newWorker(on socket, bitrates Bitrates, log *slog.Logger) *Worker {
	w := &Worker{
		inbox: newInbox(on.Wake), log: log, epoch: time.Now(), done: make(chan struct{}),
		endpoints: map[*endpoint]struct{}{}, wings: map[*wing]struct{}{},
		pool: history.NewPool(poolBytes), pacers: pacer.NewPool(poolBytes),
		bitrates: bitrates,
		socket:   on, burst: udp.NewBurst(),
		bridges: map[*Worker]*bridge{}, mirrors: map[*Source]*mirror{}, stands: map[*endpoint]*endpoint{},
	}
	w.alone[0] = &w.raw
	return w
}

// clock is the worker's time: that of the system when the worker began, and
// what passed since. It goes on evenly when the system's clock is set, as the
// timestamps and sender reports of all slots hang on it. Any goroutine.
func (w *Worker) clock() time.Time { return w.epoch.Add(time.Since(w.epoch)) }

// turn does all that has gathered: commands first, as they say what packets
// and routings refer to. What is sent leaves at its end.
func (w *Worker) turn(b *batch, ticked bool, now time.Time) {
	w.now = now
	w.socket.Cork()
	defer w.flush()
	for _, do := range b.commands {
		do()
	}
	for _, g := range b.wings {
		g.queued.Store(false)
		w.wings[g] = struct{}{}
		g.apply(now)
	}
	for _, p := range b.parcels {
		w.open(p, now)
	}
	if len(b.commands)+len(b.wings)+len(b.parcels) > 0 {
		w.calm = time.Time{} // who knows what
	}
	w.arrive(now)
	for _, l := range b.lanes {
		w.alight(l, now)
	}
	for _, p := range b.packets {
		w.receive(p.from, b.arena[p.start:p.end], p.rtcp, now)
	}
	w.fanOut(now)
	if ticked {
		w.overhear(now)
		w.weigh(now)
		w.checkAll(now)
		w.tickAll(now)
		for _, m := range w.mirrors {
			m.tick(now)
		}
		for g := range w.wings {
			g.tick(now)
		}
		w.calm = w.calmUntil(now)
	}
	w.settle(now)
	for _, g := range w.telling {
		g.flush()
	}
	clear(w.telling)
	w.telling = w.telling[:0]
	w.cross()
}

// calmUntil is until when nothing is due with rooms and with what stands here for
// sources of other workers.
func (w *Worker) calmUntil(now time.Time) time.Time {
	if len(w.mirrors) > 0 {
		return time.Time{}
	}
	calm := w.weighedAt.Add(gradeEvery)
	for g := range w.wings {
		if due := g.due(now); due.Before(calm) {
			calm = due
		}
	}
	return calm
}

// nextTick is when a tick is needed.
func (w *Worker) nextTick() time.Time {
	next := w.calm
	for _, due := range [...]time.Time{w.ticks.Next(), w.checks.Next()} {
		if !due.IsZero() && due.Before(next) {
			next = due
		}
	}
	if next.Before(w.tickAt) {
		return w.tickAt
	}
	return next
}

// settle divides bandwidth where something changed, and sends what has waited.
func (w *Worker) settle(now time.Time) {
	for i := 0; i < len(w.stale); i++ { // planning may make others stale
		w.stale[i].plan(now)
	}
	clear(w.stale)
	w.stale = w.stale[:0]
	for {
		e, due := w.leaves.Pop(now)
		if !due {
			break
		}
		if next := e.drain(now); next.IsZero() {
			w.leaves.Stop(&e.leaves)
		} else if next.After(now) {
			w.leaves.Set(&e.leaves, next)
		} else {
			w.leaves.Set(&e.leaves, now.Add(1)) // not in this turn again
		}
	}
}

// wait has the worker send what waits for a subscriber in time.
func (w *Worker) wait(e *endpoint) { w.leaves.Set(&e.leaves, w.now) }

// receive hands one packet to the peer that sent it, unless it left.
func (w *Worker) receive(from *endpoint, packet []byte, rtcp bool, now time.Time) {
	if _, here := w.endpoints[from]; !here {
		return
	}
	defer w.contain(from)
	if rtcp {
		from.receiveRTCP(packet, now)
	} else {
		from.takeRTP(packet, now)
	}
}

// tickAll does what is due for any peer. Whoever is stirred by that has to wait
// for the next tick.
func (w *Worker) tickAll(now time.Time) {
	for e, due := w.ticks.Pop(now); due; e, due = w.ticks.Pop(now) {
		w.ticking = append(w.ticking, e)
	}
	for _, e := range w.ticking {
		w.tick(e, now)
	}
	clear(w.ticking)
	w.ticking = w.ticking[:0]
}

// tick does what is due for one peer.
func (w *Worker) tick(e *endpoint, now time.Time) {
	defer w.contain(e)
	e.tick(now)
	e.schedule(now)
}

// contain is deferred around what one peer has the worker do: a panic there
// ends that peer and nobody else.
func (w *Worker) contain(e *endpoint) {
	cause := recover()
	if cause == nil {
		return
	}
	w.fan.end()
	w.counts.panics.Add(1)
	w.log.Error("a peer was ended by a panic", "panic", cause, "stack", string(debug.Stack()))
	delete(w.endpoints, e)
	w.ticks.Stop(&e.ticks)
	e.failed()
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

// forget lets go of a wing that is over.
func (w *Worker) forget(g *wing) { delete(w.wings, g) }

// stop ends the worker and waits for it.
func (w *Worker) stop() {
	w.inbox.close()
	<-w.done
}
