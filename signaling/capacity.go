package signaling

import (
	"context"
	"runtime"
	"sync"
	"time"

	"madang/signaling/admission"
	"madang/signaling/protocol"
)

// How often the server looks at how it fares.
const (
	lookEvery   = 50 * time.Millisecond // whether descriptors are short
	sampleEvery = 250 * time.Millisecond
	countEvery  = time.Second
)

// capacity is how much more the server can take: joins, by the time that it has, and
// connections, by the descriptors that are left. Safe for any goroutine.
type capacity struct {
	descriptors descriptors

	mu    sync.Mutex
	joins *admission.Controller
}

func newCapacity() *capacity {
	return &capacity{joins: admission.New(runtime.GOMAXPROCS(0), time.Now()), descriptors: newDescriptors()}
}

// watch samples until ctx ends. short is told when descriptors begin to run short,
// and when there are enough again.
func (c *capacity) watch(ctx context.Context, media Media, short func(bool)) {
	tick := time.NewTicker(lookEvery)
	defer tick.Stop()
	sampled, counted, wasShort := time.Now(), time.Now(), false
	waits := newWaits()
	waits.long() // of before
	for {
		select {
		case <-ctx.Done():
			return
		case <-tick.C:
		}
		now := time.Now()
		if now.Sub(sampled) >= sampleEvery {
			c.sample(admission.Load{CPU: processTime(), Media: sum(media.Stats().Busy), Waits: waits.long()}, now)
			sampled = now
		}
		if now.Sub(counted) >= countEvery {
			c.descriptors.count()
			counted = now
		}
		if is := c.descriptors.short(); is != wasShort {
			wasShort = is
			short(is)
		}
	}
}

func (c *capacity) sample(load admission.Load, now time.Time) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.joins.Sample(load, now)
}

// join takes a join, or says when to ask again.
func (c *capacity) join(now time.Time) error {
	c.mu.Lock()
	defer c.mu.Unlock()
	if retry, ok := c.joins.Join(now); !ok {
		return &refusal{code: protocol.Unavailable, message: "more want to come in than the server can take at a time", retry: retry}
	}
	return nil
}

// rate is how many joins a second there is time for.
func (c *capacity) rate() float64 {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.joins.Rate()
}

func sum(shares []float64) (all float64) {
	for _, share := range shares {
		all += share
	}
	return all
}
