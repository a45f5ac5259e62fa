package load

import (
	"bytes"
	"runtime"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"madang/signaling/client/clienttest"
)

func TestLoadSaysWhenTheGeneratorIsSaturated(t *testing.T) {
	config := small(clienttest.Serve(t, clienttest.DefaultConfig()))
	config.Duration = time.Second
	var enough atomic.Bool
	var burning sync.WaitGroup
	for range 16 * runtime.GOMAXPROCS(0) { // each has its 10 ms before the generator's turn
		burning.Go(func() {
			for !enough.Load() {
			}
		})
	}
	report, err := Run(t.Context(), config, new(bytes.Buffer))
	enough.Store(true)
	burning.Wait()
	if err != nil {
		t.Fatal(err)
	}
	if len(report.Invalid) == 0 || report.ExitCode() != 2 {
		t.Fatalf("the run counts as valid: %+v", report.Generator)
	}
	var text strings.Builder
	if err := report.Print(&text); err != nil {
		t.Fatal(err)
	}
	if !strings.Contains(text.String(), "invalid: the load generator was the bottleneck") {
		t.Errorf("the report does not say so:\n%s", text.String())
	}
}

func TestGeneratorComplains(t *testing.T) {
	for name, c := range map[string]struct {
		generator Generator
		want      int
	}{
		"idle":             {Generator{CPU: 0.2, Machine: 0.4}, 0},
		"not known":        {Generator{CPU: 0.2, Machine: -1}, 0},
		"own CPU":          {Generator{CPU: 0.9, Machine: 0.9}, 1},
		"machine":          {Generator{CPU: 0.3, Machine: 0.99}, 1},
		"late":             {Generator{Late: Percentiles{P99: Milliseconds(80 * time.Millisecond)}}, 1},
		"all of it":        {Generator{CPU: 1, Machine: 1, Late: Percentiles{P99: Milliseconds(time.Second)}}, 3},
		"a late straggler": {Generator{Late: Percentiles{Max: Milliseconds(time.Second)}}, 0},
	} {
		if got := c.generator.complaints(); len(got) != c.want {
			t.Errorf("%s: %q, want %d complaints", name, got, c.want)
		}
	}
}

func TestCompareUsage(t *testing.T) {
	start := time.Unix(1_000_000, 0)
	from := usage{at: start, own: time.Second, busy: 100, all: 1000}
	to := usage{at: start.Add(10 * time.Second), own: 21 * time.Second, busy: 400, all: 1400}
	own, machine := compare(from, to, 4)
	if own != 0.5 || machine != 0.75 {
		t.Errorf("own %v, machine %v, want 0.5 and 0.75", own, machine)
	}
	if _, machine := compare(usage{at: start}, usage{at: start.Add(time.Second)}, 4); machine != -1 {
		t.Errorf("machine %v where nothing is known, want -1", machine)
	}
}
