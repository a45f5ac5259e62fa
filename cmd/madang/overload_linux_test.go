package main

import (
	"context"
	"fmt"
	"os"
	"os/exec"
	"slices"
	"strconv"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/pion/rtp"

	"madang/signaling/client"
	"madang/signaling/client/synthetic"
	"madang/signaling/protocol"
)

// What is demanded of a server into whose running rooms twice as many want to come as
// it can take.
const (
	overloadFactor  = 2.0
	overloadLasting = 5 * time.Second
	leastAdmitted   = 0.7 // of the capacity
	allWithin       = time.Minute
	longestGap      = 200 * time.Millisecond // of audio, p99
)

// TestOverloadRefusesSomeJoinsAndRunningAudioGoesOn gives the server the first core
// alone; make overload gives the clients the others.
func TestOverloadRefusesSomeJoinsAndRunningAudioGoesOn(t *testing.T) {
	if os.Getenv("OVERLOAD") == "" {
		t.Skip("measures a machine of its own: make overload")
	}
	if _, err := exec.LookPath("taskset"); err != nil {
		t.Skip("needs taskset")
	}
	p := start(t, `exec nice -n -10 taskset -c 0 "$@"`, "--limits.connections_per_ip=10000", "--logging.level=error")
	talk := p.talk(t)

	const few = 20
	before := p.cpu(t)
	for range few {
		p.guest(t, "Measure")
	}
	cost := (p.cpu(t) - before) / few
	capacity := 1 / cost
	refusedBefore := p.metric(t, `madang_errors_total{code="unavailable"}`)

	talk.listen()
	arrivals := &arrivals{came: make([]time.Time, 0, 1000)}
	began := time.Now()
	every := time.Duration(float64(time.Second) / (overloadFactor * capacity))
	for at := began; at.Before(began.Add(overloadLasting)); at = at.Add(every) {
		time.Sleep(time.Until(at))
		arrivals.add(t, p)
	}
	arrivals.wait.Wait()
	gaps := talk.stop()

	within := 0
	for _, at := range arrivals.came {
		if at.Before(began.Add(overloadLasting)) {
			within++
		}
	}
	admitted := float64(within) / overloadLasting.Seconds()
	last := slices.MaxFunc(arrivals.came, time.Time.Compare).Sub(began)
	refused := p.metric(t, `madang_errors_total{code="unavailable"}`) - refusedBefore
	slices.Sort(gaps)
	p99 := gaps[len(gaps)*99/100]
	t.Logf("a join costs %.1f ms: capacity %.1f/s; offered %.1f/s for %v: %d in all; admitted %.1f/s (%.2f of the capacity), refused %.0f times, all in after %.1f s; audio %d gaps, p99 %v, longest %v",
		cost*1000, capacity, overloadFactor*capacity, overloadLasting, arrivals.asked.Load(), admitted, admitted/capacity, refused, last.Seconds(), len(gaps), p99, gaps[len(gaps)-1])
	switch {
	case admitted < leastAdmitted*capacity:
		t.Errorf("admitted %.2f of the capacity, want %.2f", admitted/capacity, leastAdmitted)
	case refused == 0:
		t.Error("nobody was refused")
	case len(arrivals.came) < int(arrivals.asked.Load()) || last > allWithin:
		t.Errorf("%d of %d are in after %v", len(arrivals.came), arrivals.asked.Load(), last)
	case p99 > longestGap:
		t.Errorf("audio has gaps of %v (p99)", p99)
	}
}

// arrivals are members who come at a pace, whoever is still waiting.
type arrivals struct {
	asked atomic.Int64
	wait  sync.WaitGroup
	mu    sync.Mutex
	came  []time.Time
}

func (a *arrivals) add(t *testing.T, p *process) {
	number := a.asked.Add(1)
	a.wait.Go(func() {
		ctx, cancel := context.WithTimeout(t.Context(), allWithin+overloadLasting)
		defer cancel()
		c, err := client.Join(ctx, client.Options{
			URL: p.url, Room: fmt.Sprint("room-", number/10), Name: "Guest", Sources: []protocol.Source{protocol.Mic}, GiveUp: -1,
		})
		if err != nil {
			t.Error(err)
			return
		}
		t.Cleanup(c.Close)
		a.mu.Lock()
		defer a.mu.Unlock()
		a.came = append(a.came, time.Now())
	})
}

// talk is one who speaks and one who listens.
type talk struct {
	stopping chan struct{}
	spoken   chan struct{}
	mu       sync.Mutex
	listens  bool
	last     time.Time
	gaps     []time.Duration
}

func (p *process) talk(t *testing.T) *talk {
	t.Helper()
	k := &talk{stopping: make(chan struct{}), spoken: make(chan struct{})}
	speaks := p.guest(t, "Speaks")
	ctx, cancel := context.WithTimeout(t.Context(), patience)
	defer cancel()
	listens, err := client.Join(ctx, client.Options{URL: p.url, Room: "yard", Name: "Listens", Sources: []protocol.Source{}, OnRTP: k.heard})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(listens.Close)
	mic, err := speaks.Publish(protocol.Mic)
	if err != nil {
		t.Fatal(err)
	}
	if err := listens.View([]protocol.Tile{{Member: speaks.You(), Source: protocol.Camera, W: 320, H: 180}}); err != nil {
		t.Fatal(err)
	}
	go func() {
		defer close(k.spoken)
		voice := synthetic.NewVoice(synthetic.VoiceConfig{Turn: synthetic.Turn{Of: 1, Each: time.Hour}}, time.Now())
		tick := time.NewTicker(synthetic.VoicePeriod)
		defer tick.Stop()
		for {
			select {
			case <-k.stopping:
				return
			case now := <-tick.C:
				_ = mic.WriteAudio(voice.Packet(now)) // what is lost is a gap
			}
		}
	}()
	eventually(t, "the other is heard", func() bool { k.mu.Lock(); defer k.mu.Unlock(); return !k.last.IsZero() })
	return k
}

func (k *talk) heard(_ *client.Slot, _ *rtp.Packet, arrived time.Time) {
	k.mu.Lock()
	defer k.mu.Unlock()
	if k.listens && !k.last.IsZero() {
		k.gaps = append(k.gaps, arrived.Sub(k.last))
	}
	k.last = arrived
}

// listen counts gaps from now on.
func (k *talk) listen() {
	k.mu.Lock()
	defer k.mu.Unlock()
	k.listens = true
}

// stop returns all gaps.
func (k *talk) stop() []time.Duration {
	close(k.stopping)
	<-k.spoken
	k.mu.Lock()
	defer k.mu.Unlock()
	k.listens = false
	return k.gaps
}

// metric is the value of a metric, 0 if there is none.
func (p *process) metric(t *testing.T, name string) float64 {
	t.Helper()
	_, admin, _ := strings.Cut(p.stdout.String(), "Metrics: ")
	admin, _, _ = strings.Cut(admin, "\n")
	body, _ := get(t, admin)
	for line := range strings.Lines(body) {
		if text, ok := strings.CutPrefix(line, name+" "); ok {
			value, err := strconv.ParseFloat(strings.TrimSpace(text), 64)
			if err != nil {
				t.Fatal(err)
			}
			return value
		}
	}
	return 0
}
