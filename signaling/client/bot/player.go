package bot

import (
	"sync"
	"time"
)

// player calls what is to be sent when it is due, on one goroutine.
type player struct {
	late func(time.Duration)

	mu     sync.Mutex
	tracks []*track

	changed chan struct{} // holds one: tracks were added
	closing chan struct{}
	done    chan struct{}
}

// track is one thing that is sent at even times.
type track struct {
	period time.Duration
	due    time.Time
	send   func(now time.Time)
}

func newPlayer(late func(time.Duration)) *player {
	p := &player{
		late: late, changed: make(chan struct{}, 1), closing: make(chan struct{}), done: make(chan struct{}),
	}
	go p.run()
	return p
}

// play adds a track. Its seed shifts it within its period, so that many bots do
// not send all at once. Any goroutine may call it.
func (p *player) play(period time.Duration, seed uint64, send func(time.Time)) {
	shift := time.Duration(seed * 0x9e3779b97f4a7c15 % uint64(period))
	p.mu.Lock()
	p.tracks = append(p.tracks, &track{period: period, due: time.Now().Add(shift), send: send})
	p.mu.Unlock()
	select {
	case p.changed <- struct{}{}:
	default:
	}
}

// stop ends the player and waits for it.
func (p *player) stop() {
	close(p.closing)
	<-p.done
}

func (p *player) run() {
	defer close(p.done)
	timer := time.NewTimer(time.Hour)
	defer timer.Stop()
	for {
		timer.Reset(p.sendDue(time.Now()))
		select {
		case <-timer.C:
		case <-p.changed:
		case <-p.closing:
			return
		}
	}
}

// sendDue sends what is due and tells how long to sleep. What is more than a
// second late is left out, as a camera drops pictures.
func (p *player) sendDue(now time.Time) time.Duration {
	p.mu.Lock()
	tracks := p.tracks
	p.mu.Unlock()
	next := time.Hour
	for _, t := range tracks {
		for late := now.Sub(t.due); late >= 0; late = now.Sub(t.due) {
			p.late(late)
			if late < time.Second {
				t.send(time.Now())
			}
			t.due = t.due.Add(t.period)
		}
		next = min(next, time.Until(t.due))
	}
	return max(next, 0)
}
