package client_test

import (
	"context"
	"fmt"
	"os"
	"runtime"
	"sync"
	"testing"
	"time"

	"madang/signaling/client"
	"madang/signaling/client/bot"
	"madang/signaling/client/clienttest"
	"madang/signaling/protocol"
)

// TestChurnLeavesNothingBehind: what members took, server and clients give back.
func TestChurnLeavesNothingBehind(t *testing.T) { churn(t, 1, 100, 2<<20) }

// TestSoakChurn is the same for longer.
func TestSoakChurn(t *testing.T) {
	soaking(t)
	churn(t, 1, 1000, 2<<20)
}

// TestSoakTenThousandJoinsAndLeaves is the same in several rooms at once.
func TestSoakTenThousandJoinsAndLeaves(t *testing.T) {
	soaking(t)
	churn(t, 4, 10_000, 3<<20)
}

// soaking is for how long tests soak; without they are skipped.
func soaking(t *testing.T) time.Duration {
	t.Helper()
	text := os.Getenv("SOAK")
	if text == "" {
		t.Skip("SOAK is not set: this test takes minutes")
	}
	long, err := time.ParseDuration(text)
	if err != nil {
		t.Fatal(err)
	}
	return long
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

// like tells whether h is what before was, but for what a runtime keeps: so many
// bytes.
func (h holdings) like(before holdings, bytes int) bool {
	return abs(h.goroutines-before.goroutines) <= 5 && h.descriptors == before.descriptors &&
		abs(int(h.heap)-int(before.heap)) <= bytes
}

func abs(n int) int { return max(n, -n) }

// churn has members come and go beside one in each room who stays, and holds what
// the process holds in the end against what it held before. The first few come
// before the count, to fill pools, caches and what a session keeps to say again.
func churn(t *testing.T, rooms, cycles, bytes int) {
	config := clienttest.DefaultConfig()
	config.Rooms.Chat.History = 20
	url := clienttest.Serve(t, config)
	var stay []*bot.Bot
	for i := range rooms {
		// Keyframes come often by themselves: no more than two a second may be asked for.
		b := join(t, url, fmt.Sprint("churn", i), "Stays", func(o *bot.Options) {
			o.Camera[0].FPS, o.Camera[0].KeyframeEvery = 40, 50*time.Millisecond
		})
		publish(t, b, protocol.Mic, protocol.Camera)
		go ignore(b)
		stay = append(stay, b)
	}
	comeAndGo(t, url, stay, max(30, cycles/rooms/16))
	before := settled(t, url, stay, func(holdings) bool { return false })
	comeAndGo(t, url, stay, cycles/rooms)
	after := settled(t, url, stay, func(h holdings) bool { return h.like(before, bytes) })
	t.Logf("before %+v, after %d cycles %+v", before, cycles, after)
	if !after.like(before, bytes) {
		t.Error("more is held than before")
	}
}

// ignore reads what b is told, until it leaves: what nobody reads is kept.
func ignore(b *bot.Bot) {
	for {
		select {
		case <-b.Events():
		case <-b.Done():
			return
		}
	}
}

// memory is how long a room remembers who left: it forgets when the next one
// leaves after that.
const memory = 12 * time.Second

// settled is what is held when all but those who stay have been gone for a while, or
// as soon as enough says so.
func settled(t *testing.T, url string, stay []*bot.Bot, enough func(holdings) bool) (h holdings) {
	t.Helper()
	for end := time.Now().Add(memory); ; {
		for _, b := range stay {
			eventually(t, "the room is empty again", func() bool { return len(b.People()) == 1 })
		}
		time.Sleep(500 * time.Millisecond)
		if h = measureHoldings(); enough(h) || time.Now().After(end) {
			return h
		}
		comeAndGo(t, url, stay, 1)
	}
}

// comeAndGo has so many come and go in each room, one after the other.
func comeAndGo(t *testing.T, url string, stay []*bot.Bot, times int) {
	t.Helper()
	var visiting sync.WaitGroup
	for i, b := range stay {
		visiting.Go(func() {
			for range times {
				if err := visit(t.Context(), url, fmt.Sprint("churn", i), b); err != nil {
					t.Error(err)
					return
				}
			}
		})
	}
	visiting.Wait()
	if t.Failed() {
		t.FailNow()
	}
}

// visit joins, sends, receives, says something and leaves.
func visit(ctx context.Context, url, room string, stays *bot.Bot) error {
	ctx, cancel := context.WithTimeout(ctx, within)
	defer cancel()
	b, err := bot.Join(ctx, bot.Options{Client: client.Options{URL: url, Room: room, Name: "Comes and goes"}, Began: time.Now()})
	if err != nil {
		return err
	}
	defer b.Leave()
	for _, source := range []protocol.Source{protocol.Mic, protocol.Camera} {
		if _, err := b.Publish(source); err != nil {
			return err
		}
	}
	for len(carrying(b, stays.You())) < 2 {
		select {
		case <-ctx.Done():
			return fmt.Errorf("no media came: %w", ctx.Err())
		case <-time.After(5 * time.Millisecond):
		}
	}
	return b.Chat(&protocol.ChatMsg{CID: "hi", Text: "Hello"})
}
