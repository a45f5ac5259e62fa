package signaling

import (
	"math"
	scheduler "runtime/metrics"
	"testing"
	"time"
)

func TestWaitsAreWhatOneInAHundredExceeds(t *testing.T) {
	buckets := []float64{math.Inf(-1), 0, 0.001, 0.1, math.Inf(1)}
	for name, c := range map[string]struct {
		before, now []uint64
		want        time.Duration
	}{
		"nothing":               {[]uint64{0, 0, 0, 0}, []uint64{0, 0, 0, 0}, 0},
		"nothing new":           {[]uint64{0, 5, 5, 5}, []uint64{0, 5, 5, 5}, 0},
		"the first time":        {nil, []uint64{0, 0, 3, 0}, time.Millisecond},
		"one in a hundred":      {[]uint64{0, 0, 0, 0}, []uint64{0, 99, 0, 1}, 0},
		"more":                  {[]uint64{0, 0, 0, 0}, []uint64{0, 97, 1, 2}, 100 * time.Millisecond},
		"long ago":              {[]uint64{0, 0, 0, 90}, []uint64{0, 99, 1, 90}, 0},
		"less than it can tell": {[]uint64{0, 0, 0, 0}, []uint64{9, 0, 0, 0}, 0},
	} {
		if got := exceeded(&scheduler.Float64Histogram{Counts: c.now, Buckets: buckets}, c.before, 0.01); got != c.want {
			t.Errorf("%s: %v, want %v", name, got, c.want)
		}
	}
}
