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

	"madang/signaling/client"
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
	mostByOthers    = 0.1                    // of the server's core: the machine is not idle
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
	p := start(t, `exec nice -n -10 taskset -c 0 "$@"`, "--limits.connections_per_ip=10000", "--limits.joins_per_minute=100000", "--logging.level=error")
	talk := startTalk(t, p.url)

	const few = 50
	before := p.cpu(t)
	for range few {
		p.guest(t, "Measure")
	}
	cost := (p.cpu(t) - before) / few
	offered := overloadFactor / cost
	refusedBefore := p.metric(t, `madang_errors_total{code="unavailable"}`)

	talk.listen(t)
	arrivals := &arrivals{came: make([]time.Time, 0, 1000)}
	began, core, own := time.Now(), firstCore(t), p.cpu(t)
	every := time.Duration(float64(time.Second) / offered)
	for at := began; at.Before(began.Add(overloadLasting)); at = at.Add(every) {
		time.Sleep(time.Until(at))
		arrivals.add(t, p)
	}
	others := (firstCore(t) - core - p.cpu(t) + own) / time.Since(began).Seconds()
	arrivals.wait.Wait()
	gaps := talk.stop(t)
	if others > mostByOthers {
		t.Skipf("the machine is not idle: other processes took %.2f of the server's core", others)
	}
	if len(arrivals.failed) > 0 {
		t.Fatalf("%d did not come in, the first: %v", len(arrivals.failed), arrivals.failed[0])
	}
	capacity := (1 - others) / cost

	within, from := 0, began.Add(time.Second) // when the first who were taken are in
	for _, at := range arrivals.came {
		if at.After(from) && at.Before(from.Add(overloadLasting)) {
			within++
		}
	}
	admitted := float64(within) / overloadLasting.Seconds()
	last := slices.MaxFunc(arrivals.came, time.Time.Compare).Sub(began)
	refused := p.metric(t, `madang_errors_total{code="unavailable"}`) - refusedBefore
	slices.Sort(gaps)
	p99 := gaps[len(gaps)*99/100]
	t.Logf("a join costs %.1f ms: capacity %.1f/s, as others took %.2f of its core; offered %.1f/s for %v: %d in all; admitted %.1f/s (%.2f of the capacity), refused %.0f times, all in after %.1f s; audio %d gaps, p99 %v, longest %v",
		cost*1000, capacity, others, offered, overloadLasting, arrivals.asked.Load(), admitted, admitted/capacity, refused, last.Seconds(), len(gaps), p99, gaps[len(gaps)-1])
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

// firstCore is for how many seconds the first core was busy since the machine began.
func firstCore(t *testing.T) float64 {
	t.Helper()
	stat, err := os.ReadFile("/proc/stat")
	if err != nil {
		t.Fatal(err)
	}
	_, line, _ := strings.Cut(string(stat), "\ncpu0 ")
	var user, nice, system, idle, wait, interrupts, soft, stolen float64
	if _, err := fmt.Sscan(line, &user, &nice, &system, &idle, &wait, &interrupts, &soft, &stolen); err != nil {
		t.Fatal(err)
	}
	return (user + nice + system + interrupts + soft + stolen) / 100 // ticks
}

// arrivals are members who come at a pace, whoever is still waiting.
type arrivals struct {
	asked  atomic.Int64
	wait   sync.WaitGroup
	mu     sync.Mutex
	came   []time.Time
	failed []error
}

func (a *arrivals) add(t *testing.T, p *process) {
	number := a.asked.Add(1)
	a.wait.Go(func() {
		ctx, cancel := context.WithTimeout(t.Context(), allWithin+overloadLasting)
		defer cancel()
		c, err := client.Join(ctx, client.Options{
			URL: p.url, Room: fmt.Sprint("room-", number/10), Name: "Guest", Sources: []protocol.Source{protocol.Mic}, GiveUp: -1,
		})
		a.mu.Lock()
		defer a.mu.Unlock()
		if err != nil {
			a.failed = append(a.failed, err)
			return
		}
		t.Cleanup(c.Close)
		a.came = append(a.came, time.Now())
	})
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
