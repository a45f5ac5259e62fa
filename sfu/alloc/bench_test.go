package alloc

import (
	"testing"
	"time"
)

// wall is a view of 25 tiles with all the points that a camera can have.
func wall() (asks []Ask[int]) {
	for i := range 25 {
		asks = append(asks, camera(i, 720))
	}
	asks[7].Screen, asks[3].Pinned = true, true
	return asks
}

func TestAllocateDoesNotAllocate(t *testing.T) {
	var a Allocator[int]
	asks, now, budget := wall(), start, 0
	a.Allocate(budget, asks, now)
	if n := testing.AllocsPerRun(1000, func() {
		now, budget = now.Add(100*time.Millisecond), (budget+1_234_567)%20_000_000
		asks[0], asks[20] = asks[20], asks[0]
		a.Allocate(budget, asks, now)
	}); n != 0 {
		t.Errorf("%v allocations", n)
	}
}

func BenchmarkAllocate25(b *testing.B) {
	var a Allocator[int]
	asks, now := wall(), start
	for b.Loop() {
		now = now.Add(100 * time.Millisecond)
		a.Allocate(12_000_000, asks, now)
	}
}
