package client_test

import (
	"context"
	"os"
	"runtime"
	"testing"
	"time"

	"madang/signaling/client"
	"madang/signaling/client/bot"
	"madang/signaling/client/clienttest"
	"madang/signaling/protocol"
)

// TestChurnLeavesNothingBehind: what members took, server and clients give back.
func TestChurnLeavesNothingBehind(t *testing.T) { churn(t, 100) }

// TestSoakChurn is the same for longer.
func TestSoakChurn(t *testing.T) {
	if os.Getenv("SOAK") == "" {
		t.Skip("SOAK is not set: this test takes minutes")
	}
	churn(t, 1000)
}

// holdings is what a process holds.
type holdings struct {
	goroutines, descriptors int
	heap                    uint64 // bytes that are in use after a collection
}

func measureHoldings() holdings {
	runtime.GC()
	runtime.GC() // what finalizers let go of
	var memory runtime.MemStats
	runtime.ReadMemStats(&memory)
	h := holdings{goroutines: runtime.NumGoroutine(), heap: memory.HeapAlloc}
	if open, err := os.ReadDir("/proc/self/fd"); err == nil {
		h.descriptors = len(open)
	}
	return h
}

// like tells whether h is what before was, but for what a runtime keeps.
func (h holdings) like(before holdings) bool {
	return abs(h.goroutines-before.goroutines) <= 5 && h.descriptors == before.descriptors &&
		abs(int(h.heap)-int(before.heap)) <= 2<<20
}

func abs(n int) int { return max(n, -n) }

// churn has members come and go beside one who stays, and holds what the process
// holds in the end against what it held before. The first few come before the
// count, to fill pools and caches.
func churn(t *testing.T, cycles int) {
	url := clienttest.Serve(t, clienttest.DefaultConfig())
	// Keyframes come often by themselves: no more than two a second may be asked for.
	stays := join(t, url, "churn", "Stays", func(o *bot.Options) {
		o.Camera[0].FPS, o.Camera[0].KeyframeEvery = 40, 50*time.Millisecond
	})
	publish(t, stays, protocol.Mic, protocol.Camera)
	for range 30 {
		comeAndGo(t, url, stays)
	}
	before := settled(t, url, stays, func(holdings) bool { return false })
	for range cycles {
		comeAndGo(t, url, stays)
	}
	after := settled(t, url, stays, func(h holdings) bool { return h.like(before) })
	t.Logf("before %+v, after %d cycles %+v", before, cycles, after)
	if !after.like(before) {
		t.Error("more is held than before")
	}
}

// memory is how long a room remembers who left: it forgets when the next one
// leaves after that.
const memory = 12 * time.Second

// settled is what is held when all but one have been gone for a while, or as
// soon as enough says so.
func settled(t *testing.T, url string, stays *bot.Bot, enough func(holdings) bool) (h holdings) {
	t.Helper()
	for end := time.Now().Add(memory); ; {
		eventually(t, "the room is empty again", func() bool { return len(stays.People()) == 1 })
		time.Sleep(500 * time.Millisecond)
		if h = measureHoldings(); enough(h) || time.Now().After(end) {
			return h
		}
		comeAndGo(t, url, stays)
	}
}

// comeAndGo joins, sends, receives, says something and leaves.
func comeAndGo(t *testing.T, url string, stays *bot.Bot) {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), within)
	defer cancel()
	b, err := bot.Join(ctx, bot.Options{
		Client: client.Options{URL: url, Room: "churn", Name: "Comes and goes"}, Began: time.Now(),
	})
	if err != nil {
		t.Fatal(err)
	}
	publish(t, b, protocol.Mic, protocol.Camera)
	eventually(t, "media arrives", func() bool { return len(carrying(b, stays.You())) == 2 })
	if err := b.Chat(&protocol.ChatMsg{CID: "hi", Text: "Hello"}); err != nil {
		t.Fatal(err)
	}
	b.Leave()
}
