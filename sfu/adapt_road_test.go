package sfu

import (
	"container/heap"
	"math/rand/v2"
	"time"
)

// road is one direction of a simulated way: a drop-tail queue before a line of
// some rate, then chance and delay. What it does may change at any time.
type road struct {
	show   *show
	random *rand.Rand // its own, so that chances do not hang on the order of maps

	rate    float64       // bits per second; 0: no limit
	bucket  int           // bytes that pass at once after a pause, as a shaper lets them
	queue   time.Duration // the longest wait before the line
	delay   time.Duration
	jitter  time.Duration // 0 to that is added, in order
	reorder float64       // share of packets that come late by late
	late    time.Duration
	loss    float64 // share lost, each by itself
	twice   float64 // share that comes twice

	free, last    time.Time       // when the line is free; the newest arrival
	waits         []time.Duration // of each packet that was not dropped
	lost, dropped int             // by chance, by the queue
}

// road makes a road that only takes its time.
func (s *show) road(delay time.Duration) *road {
	s.roads++
	return &road{show: s, random: rand.New(rand.NewPCG(s.seed, s.roads)), delay: delay}
}

// set changes the rate; what waits goes on at the new one.
func (r *road) set(rate float64) {
	if ahead := r.free.Sub(r.show.now); ahead > 0 && r.rate > 0 && rate > 0 {
		r.free = r.show.now.Add(time.Duration(float64(ahead) * r.rate / rate))
	}
	r.rate = rate
}

// takes is how long bytes take at the rate.
func (r *road) takes(bytes int) time.Duration {
	return time.Duration(float64(bytes*8) / r.rate * float64(time.Second))
}

// carry takes a packet of some bytes and calls arrive when it comes. False: it
// does not.
func (r *road) carry(bytes int, arrive func()) bool {
	now, random := r.show.now, r.random
	at := now
	if r.rate > 0 {
		wait := max(0, r.free.Sub(now))
		if wait > r.queue {
			r.dropped++
			return false
		}
		r.waits = append(r.waits, wait)
		if idle := now.Add(-r.takes(r.bucket)); r.free.Before(idle) {
			r.free = idle
		}
		if r.free = r.free.Add(r.takes(bytes)); r.free.After(now) {
			at = r.free
		}
	}
	if random.Float64() < r.loss {
		r.lost++
		return false
	}
	at = at.Add(r.delay)
	if r.jitter > 0 {
		at = at.Add(time.Duration(random.Int64N(int64(r.jitter))))
	}
	if at.Before(r.last) {
		at = r.last
	}
	r.last = at
	if random.Float64() < r.reorder {
		at = at.Add(r.late)
	}
	r.show.at(at, arrive)
	if random.Float64() < r.twice {
		r.show.at(at.Add(time.Millisecond), arrive)
	}
	return true
}

// show is a publisher and its subscribers on faulty roads around a worker in
// simulated time: everything between them is what real peers meet, but for
// sockets and encryption.
type show struct {
	*world
	start    time.Time
	seed     uint64
	roads    uint64
	random   *rand.Rand
	due      happenings
	count    int
	stage    *stage
	watchers []*watcher
	away     *world // another worker, if anybody watches from there
}

func newShow(seed uint64) *show {
	s := &show{world: newWorld(), seed: seed, random: rand.New(rand.NewPCG(seed, 11))}
	s.start = s.now
	s.stage = newStage(s)
	return s
}

// happening is something that happens at a time; of two at once the one that
// was planned first.
type happening struct {
	at    time.Time
	order int
	do    func()
}

type happenings []happening

func (h happenings) Len() int { return len(h) }
func (h happenings) Less(i, j int) bool {
	if !h[i].at.Equal(h[j].at) {
		return h[i].at.Before(h[j].at)
	}
	return h[i].order < h[j].order
}
func (h happenings) Swap(i, j int) { h[i], h[j] = h[j], h[i] }
func (h *happenings) Push(x any)   { *h = append(*h, x.(happening)) }
func (h *happenings) Pop() any {
	last := (*h)[len(*h)-1]
	*h = (*h)[:len(*h)-1]
	return last
}

// at makes something happen at a time.
func (s *show) at(when time.Time, do func()) {
	s.count++
	heap.Push(&s.due, happening{when, s.count, do})
}

// run lets time pass until so long after the start: a millisecond at a time for
// the worker, and exactly for what happens.
func (s *show) run(until time.Duration) {
	for end := s.start.Add(until); s.now.Before(end); {
		next := s.now.Add(time.Millisecond)
		for len(s.due) > 0 && !s.due[0].at.After(next) {
			h := heap.Pop(&s.due).(happening)
			if h.at.After(s.now) {
				s.now = h.at
			}
			s.worker.now = s.now
			if s.away != nil {
				s.away.worker.now = s.now
			}
			h.do()
		}
		s.now = next
		s.stage.step()
		for _, w := range s.watchers {
			w.step()
		}
		s.turn()
	}
}

// turn is the worker's, but that rooms are left alone.
func (s *show) turn() {
	s.worker.now = s.now
	ticked := s.passed()%tickEvery == 0
	if ticked {
		s.worker.tickAll(s.now)
	}
	b, _ := s.worker.inbox.take(&batch{})
	s.worker.turn(b, false, s.now)
	if s.away != nil {
		b, _ = s.away.worker.inbox.take(&batch{})
		s.away.worker.turn(b, ticked, s.now)
	}
}

// passed is the time since the start.
func (s *show) passed() time.Duration { return s.now.Sub(s.start) }
