package signaling

import (
	scheduler "runtime/metrics"
	"slices"
	"time"
)

// waits measures how long goroutines that could run wait for a processor: those that
// carry audio are among them. Not safe for several goroutines.
type waits struct {
	sample []scheduler.Sample
	before []uint64 // the counts of the last time
}

func newWaits() *waits {
	return &waits{sample: []scheduler.Sample{{Name: "/sched/latencies:seconds"}}}
}

// long is how long they waited since the call before, all but one in a hundred at most.
func (w *waits) long() time.Duration {
	scheduler.Read(w.sample)
	if w.sample[0].Value.Kind() != scheduler.KindFloat64Histogram {
		return 0 // a runtime that does not tell
	}
	now := w.sample[0].Value.Float64Histogram()
	took := exceeded(now, w.before, 0.01)
	w.before = append(w.before[:0], now.Counts...)
	return took
}

// exceeded is about what a share of the values exceed that came to a histogram after it
// had the counts before.
func exceeded(now *scheduler.Float64Histogram, before []uint64, share float64) time.Duration {
	came := slices.Clone(now.Counts)
	all := uint64(0)
	for i := range came {
		if i < len(before) {
			came[i] -= before[i]
		}
		all += came[i]
	}
	above := share * float64(all)
	for i, n := range slices.Backward(came) {
		if above -= float64(n); above < 0 {
			return time.Duration(max(0, now.Buckets[i]) * float64(time.Second)) // the bucket begins there
		}
	}
	return 0
}
