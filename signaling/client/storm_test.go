package client_test

import (
	"context"
	"fmt"
	"os"
	"sync"
	"testing"
	"time"

	"github.com/pion/rtp"

	"madang/signaling/client"
	"madang/signaling/client/bot"
	"madang/signaling/client/clienttest"
	"madang/signaling/client/synthetic"
	"madang/signaling/protocol"
)

// paced skips a test that measures the machine, unless it runs on its own.
func paced(t *testing.T) {
	t.Helper()
	if os.Getenv("PACED") == "" {
		t.Skip("PACED is not set: this test needs the machine for itself")
	}
}

// heard is what one bot received, by the stamps in it.
type heard struct {
	self uint32        // its own number: what it hears of itself does not count
	all  chan struct{} // closed when want sources were received
	want int

	mu      sync.Mutex
	sources map[synthetic.Stamp]time.Time // who and what, and when it came first
}

func newHeard(self uint32, want int) *heard {
	return &heard{self: self, all: make(chan struct{}), want: want, sources: map[synthetic.Stamp]time.Time{}}
}

func (h *heard) onRTP(_ *client.Slot, packet *rtp.Packet, arrived time.Time) {
	stamp, ok := synthetic.ReadStamp(packet.Payload)
	if !ok || stamp.Sender == h.self {
		return
	}
	stamp.At = 0
	h.mu.Lock()
	defer h.mu.Unlock()
	if _, known := h.sources[stamp]; known {
		return
	}
	h.sources[stamp] = arrived
	if len(h.sources) == h.want {
		close(h.all)
	}
}

func (h *heard) count() int {
	h.mu.Lock()
	defer h.mu.Unlock()
	return len(h.sources)
}

// TestPacedJoinStorm: a class that opens the link in the same second.
func TestPacedJoinStorm(t *testing.T) {
	paced(t)
	for run := range 5 {
		t.Run(fmt.Sprint(run), func(t *testing.T) { storm(t, 20, 10*time.Second) })
	}
}

// TestJoinStormOfAFew is the same with so few that it may run beside others.
func TestJoinStormOfAFew(t *testing.T) {
	t.Parallel()
	storm(t, 6, within)
}

// storm lets members join and publish in the same instant, with room for all of
// the others, and waits until each has received everything.
func storm(t *testing.T, members int, limit time.Duration) {
	url := clienttest.Serve(t, clienttest.DefaultConfig())
	ctx, cancel := context.WithTimeout(t.Context(), limit)
	defer cancel()
	received := make([]*heard, members)
	start := time.Now()
	var joining, staying sync.WaitGroup
	over := make(chan struct{})
	for i := range members {
		received[i] = newHeard(uint32(i), 2*(members-1))
		joining.Add(1)
		staying.Go(func() {
			leave, err := stormMember(ctx, url, i, members, received[i])
			if err != nil {
				t.Error(err)
			}
			joining.Done()
			<-over // others still wait for what this one sends
			leave()
		})
	}
	joining.Wait()
	t.Logf("%d members have received all %d sources after %v", members, 2*(members-1), time.Since(start).Round(time.Millisecond))
	close(over)
	staying.Wait()
}

// stormMember joins, publishes, and waits for everything. leave is never nil.
func stormMember(ctx context.Context, url string, i, members int, received *heard) (leave func(), err error) {
	b, err := bot.Join(ctx, bot.Options{
		Client: client.Options{URL: url, Room: "storm", Name: fmt.Sprint(i), Pairs: members - 1, Voices: -1, OnRTP: received.onRTP},
		Camera: []synthetic.VideoConfig{{Bitrate: 60_000, FPS: 5, Seed: uint64(i), Stamp: synthetic.Stamp{Sender: uint32(i), Kind: 1}}},
		Voice:  &synthetic.VoiceConfig{Seed: uint64(i), Stamp: synthetic.Stamp{Sender: uint32(i)}},
		Began:  time.Now(),
	})
	if err != nil {
		return func() {}, fmt.Errorf("member %d: %w", i, err)
	}
	for _, source := range []protocol.Source{protocol.Mic, protocol.Camera} {
		if _, err := b.Publish(source); err != nil {
			return b.Leave, fmt.Errorf("member %d: %w", i, err)
		}
	}
	select {
	case <-received.all:
		return b.Leave, nil
	case <-ctx.Done():
		return b.Leave, fmt.Errorf("member %d received %d of %d sources", i, received.count(), received.want)
	}
}
