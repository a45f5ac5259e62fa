package main

import (
	"context"
	"net/http"
	"os"
	"os/exec"
	"runtime"
	"strings"
	"syscall"
	"testing"
	"time"

	"madang/signaling/client"
	"madang/signaling/protocol"
)

// asMadang has this test binary be madang: a process of its own, for signals and limits.
const asMadang = "TEST_BINARY_IS_MADANG"

// patience is how long a test waits for what must come.
const patience = 30 * time.Second

func TestMain(m *testing.M) {
	if os.Getenv(asMadang) != "" {
		main()
	}
	if url := os.Getenv(asTalk); url != "" {
		talk(url)
		return
	}
	os.Exit(m.Run())
}

// process is a running madang.
type process struct {
	*exec.Cmd
	url            string
	stdout, stderr *safeBuffer
	ended          chan struct{}
}

// start runs madang through a shell command that ends in "$@".
func start(t *testing.T, shell string, args ...string) *process {
	t.Helper()
	if runtime.GOOS == "windows" {
		t.Skip("there are no signals on Windows")
	}
	self, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	p := &process{stdout: &safeBuffer{}, stderr: &safeBuffer{}, ended: make(chan struct{})}
	p.Cmd = exec.Command("sh", append([]string{"-c", shell, "sh", self, "serve"}, append(args, onFreePorts...)...)...)
	p.Env = append(os.Environ(), asMadang+"=1")
	p.Stdout, p.Stderr = p.stdout, p.stderr
	if err := p.Start(); err != nil {
		t.Fatal(err)
	}
	go func() {
		defer close(p.ended)
		_ = p.Wait() // the state says how it ended
	}()
	t.Cleanup(func() {
		_ = p.Process.Kill() // it may have ended
		<-p.ended
		if t.Failed() {
			t.Logf("%s%s", p.stdout.String(), p.stderr.String())
		}
	})
	p.url = awaitURL(t, p.stdout, p.ended)
	return p
}

const plainly = `exec "$@"`

// signal sends a signal.
func (p *process) signal(t *testing.T, s os.Signal) {
	t.Helper()
	if err := p.Process.Signal(s); err != nil {
		t.Fatal(err)
	}
}

// ends waits for the process to end and returns its exit code, -1 for a signal.
func (p *process) ends(t *testing.T) int {
	t.Helper()
	select {
	case <-p.ended:
		return p.ProcessState.ExitCode()
	case <-time.After(patience):
		t.Fatal("does not end")
		return 0
	}
}

// says waits for words on standard error.
func (p *process) says(t *testing.T, words string) {
	t.Helper()
	eventually(t, "says "+words, func() bool { return strings.Contains(p.stderr.String(), words) })
}

func eventually(t *testing.T, what string, is func() bool) {
	t.Helper()
	for deadline := time.Now().Add(patience); !is(); time.Sleep(10 * time.Millisecond) {
		if time.Now().After(deadline) {
			t.Fatalf("not in time: %s", what)
		}
	}
}

// guest joins as a person would.
func (p *process) guest(t *testing.T, name string) *client.Client {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), patience)
	defer cancel()
	c, err := client.Join(ctx, client.Options{
		URL: p.url, Room: "yard", Name: name, Sources: []protocol.Source{protocol.Mic}, GiveUp: -1,
	})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(c.Close)
	return c
}

func TestATermSignalDrainsAndExitsZero(t *testing.T) {
	p := start(t, plainly, "--server.drain=1m")
	c := p.guest(t, "Mina")
	p.signal(t, syscall.SIGTERM)
	eventually(t, "takes nobody", func() bool {
		_, status := get(t, p.url+"/readyz")
		return status == http.StatusServiceUnavailable
	})
	ctx, cancel := context.WithTimeout(t.Context(), patience)
	defer cancel()
	if late, err := client.Join(ctx, client.Options{URL: p.url, Room: "yard", Name: "Late"}); err == nil {
		late.Close()
		t.Error("somebody new was taken")
	}
	if err := c.Err(); err != nil {
		t.Errorf("who is in was sent away: %v", err)
	}
	c.Leave() // the last one
	if code := p.ends(t); code != 0 {
		t.Errorf("exits %d", code)
	}
}

func TestADrainThatIsOverEndsWithPeopleInside(t *testing.T) {
	p := start(t, plainly, "--server.drain=300ms")
	c := p.guest(t, "Mina")
	p.signal(t, syscall.SIGTERM)
	if code := p.ends(t); code != 0 {
		t.Errorf("exits %d", code)
	}
	select {
	case <-c.Done():
	case <-time.After(patience):
		t.Error("the member did not hear of it")
	}
}

func TestASecondSignalEndsAtOnce(t *testing.T) {
	p := start(t, plainly, "--server.drain=1h")
	p.guest(t, "Mina")
	p.signal(t, syscall.SIGINT)
	eventually(t, "drains", func() bool { return strings.Contains(p.stdout.String(), "Closing") })
	p.signal(t, syscall.SIGTERM)
	if code := p.ends(t); code == 0 {
		t.Error("exits 0")
	}
}
