package load

import (
	"sync"
	"sync/atomic"
	"time"

	"github.com/HdrHistogram/hdrhistogram-go"
)

// shards is how many histograms stand behind one, so that hundreds of
// goroutines do not wait for each other.
const shards = 16

// latency collects times between 1 µs and a minute, to two digits. Any
// goroutine.
type latency struct {
	shards [shards]struct {
		mu   sync.Mutex
		hist *hdrhistogram.Histogram
	}
}

func newHistogram() *hdrhistogram.Histogram {
	return hdrhistogram.New(1, int64(time.Minute/time.Microsecond), 2)
}

func newLatency() *latency {
	l := &latency{}
	for i := range l.shards {
		l.shards[i].hist = newHistogram()
	}
	return l
}

// add takes one time; shard is any number, best that of who adds.
func (l *latency) add(shard int, d time.Duration) {
	us := min(max(int64(d/time.Microsecond), 1), int64(time.Minute/time.Microsecond))
	s := &l.shards[shard%shards]
	s.mu.Lock()
	defer s.mu.Unlock()
	_ = s.hist.RecordValue(us) // in range
}

// percentiles sums up what was added so far.
func (l *latency) percentiles() Percentiles {
	all := newHistogram()
	for i := range l.shards {
		s := &l.shards[i]
		s.mu.Lock()
		all.Merge(s.hist)
		s.mu.Unlock()
	}
	at := func(quantile float64) Milliseconds {
		return Milliseconds(time.Duration(all.ValueAtQuantile(quantile)) * time.Microsecond)
	}
	if all.TotalCount() == 0 {
		return Percentiles{}
	}
	return Percentiles{Count: all.TotalCount(), P50: at(50), P95: at(95), P99: at(99), Max: at(100)}
}

// meter is what all members of a run measure together. Any goroutine.
type meter struct {
	wanted            int
	connected, failed atomic.Int64

	packets, bytes atomic.Uint64 // received, payload
	tracks         atomic.Int64  // that were received at least once

	linesSent, linesBack, linesRefused atomic.Uint64

	join, firstMedia, delay, chat, late *latency

	mu     sync.Mutex
	errors map[string]int // why members failed, by text
}

func newMeter(wanted int) *meter {
	return &meter{
		wanted: wanted, errors: map[string]int{},
		join: newLatency(), firstMedia: newLatency(), delay: newLatency(), chat: newLatency(), late: newLatency(),
	}
}

// maxErrors is how many different texts are kept.
const maxErrors = 20

// fail notes why a member is not, or no longer, in.
func (m *meter) fail(err error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	if text := err.Error(); m.errors[text] > 0 || len(m.errors) < maxErrors {
		m.errors[text]++
	}
}
