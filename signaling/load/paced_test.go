package load

import (
	"bytes"
	"os"
	"testing"
	"time"

	"madang/signaling/client/clienttest"
)

// paced runs a load that measures the machine, unless others run beside it. What
// a run misses that is void for want of CPU is not the server's fault: it is run
// again.
func paced(t *testing.T, change func(*Config)) {
	t.Helper()
	if os.Getenv("PACED") == "" {
		t.Skip("PACED is not set: this test needs the machine for itself")
	}
	for range 3 {
		config := DefaultConfig()
		config.URL = clienttest.Serve(t, clienttest.DefaultConfig())
		config.Duration, config.JoinRate = 6*time.Second, 50
		change(&config)
		report, err := Run(t.Context(), config, new(bytes.Buffer))
		if err != nil {
			t.Fatal(err)
		}
		var text bytes.Buffer
		report.Print(&text)
		t.Logf("%s", text.Bytes())
		if !report.Kernel.Known {
			t.Log("the kernel does not tell what it dropped")
		}
		switch {
		case len(report.Missed) == 0:
			return
		case len(report.Invalid) == 0:
			t.Fatal("a threshold was missed")
		}
	}
	t.Fatal("thresholds were missed three times, and the machine was too busy each time")
}

func TestPacedLoadOneToHundred(t *testing.T) {
	paced(t, func(c *Config) { c.Members, c.Publishers, c.Subscribers = 0, 1, 100 })
}

func TestPacedLoadTenByTen(t *testing.T) {
	paced(t, func(c *Config) { c.Members = 10 })
}
