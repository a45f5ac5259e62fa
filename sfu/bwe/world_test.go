package bwe

import (
	"flag"
	"math/rand/v2"
	"slices"
	"time"

	"github.com/pion/rtcp"
)

const sec = time.Second

var (
	seeds  = flag.Int("seeds", 5, "with how many chances each simulation is run")
	traced = flag.Bool("traced", false, "print what the estimator thinks on RFC 8867's link")
)

var (
	usual = Config{Min: 50_000, Start: 300_000, Max: 5_000_000}
	clean = link{rate: 3_000_000, queue: 300 * ms, delay: 50 * ms}
)

// brain is an estimator under test: ours, or another one beside it.
type brain interface {
	Sent(seq uint16, size int, now time.Time, cluster int)
	Feedback(fb *rtcp.TransportLayerCC, now time.Time)
	Tick(now time.Time)
	Probe(now time.Time, wanted int) (Cluster, bool)
	Due(now time.Time) int
	Target() int
}

// world is simulated time with one link and the flows that share it.
type world struct {
	start  time.Time
	now    time.Duration
	random *rand.Rand
	link   *link
	back   struct { // the way of feedback
		delay time.Duration
		loss  float64
		dead  bool
	}
	every  time.Duration // between feedbacks
	skew   time.Duration // of the receivers' clock
	flows  []*flow
	events []event // by time
	pass   func()  // lets a millisecond pass elsewhere too
}

type event struct {
	at time.Duration
	do func()
}

func newWorld(seed uint64, l link) *world {
	w := &world{start: time.Unix(1_700_000_000, 0), random: rand.New(rand.NewPCG(seed, 7)), link: &l, every: 100 * ms}
	l.random = w.random
	w.back.delay = l.delay
	return w
}

// fixed are chances that are the same in every run.
func fixed(seed uint64) *rand.Rand { return rand.New(rand.NewPCG(seed, 3)) }

// at makes something happen.
func (w *world) at(when time.Duration, do func()) {
	i, _ := slices.BinarySearchFunc(w.events, when, func(e event, t time.Duration) int {
		if e.at <= t {
			return -1
		}
		return 1
	})
	w.events = slices.Insert(w.events, i, event{when, do})
}

// run lets time pass, a millisecond at a time.
func (w *world) run(until time.Duration) {
	for ; w.now < until; w.now += ms {
		for len(w.events) > 0 && w.events[0].at <= w.now {
			do := w.events[0].do
			w.events = w.events[1:]
			do()
		}
		w.link.tick(w.now)
		for _, f := range w.flows {
			f.step()
		}
		if w.pass != nil {
			w.pass()
		}
	}
}

// steps are the capacities of RFC 8867 section 5.1 and when they hold.
var steps = []struct {
	from, to time.Duration
	rate     float64
}{
	{0, 40 * sec, 1_000_000}, {40 * sec, 60 * sec, 2_500_000},
	{60 * sec, 80 * sec, 600_000}, {80 * sec, 100 * sec, 1_000_000},
}

// vary changes the link as RFC 8867 section 5.1 does.
func (w *world) vary() {
	for _, s := range steps {
		w.at(s.from, func() { w.link.set(s.rate, w.now) })
	}
}
