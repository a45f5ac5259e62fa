package main

import (
	"bufio"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"sync"
	"time"
)

// process is a server process of the bench.
type process struct {
	command *exec.Cmd
	in      io.WriteCloser
	out     *bufio.Scanner
	cores   int        // that it has while it serves
	asking  sync.Mutex // one request at a time
}

// startProcess starts a server for a scenario, off the serving cores.
func startProcess(name string, s scenario, cores int) (*process, error) {
	self, err := os.Executable()
	if err != nil {
		return nil, err
	}
	shape, err := json.Marshal(s)
	if err != nil {
		return nil, err
	}
	p := &process{cores: max(1, cores), command: exec.Command(self, "-serve", name, "-scenario", string(shape))}
	p.command.Stderr = os.Stderr
	if p.in, err = p.command.StdinPipe(); err != nil {
		return nil, err
	}
	out, err := p.command.StdoutPipe()
	if err != nil {
		return nil, err
	}
	p.out = bufio.NewScanner(out)
	p.out.Buffer(nil, 1<<20)
	if err := p.command.Start(); err != nil {
		return nil, err
	}
	return p, p.pin(false)
}

// pin gives the process the serving cores, and us the others; or takes them away.
func (p *process) pin(serving bool) error {
	return errors.Join(pin(p.command.Process.Pid, p.cores, serving), pin(os.Getpid(), p.cores, false))
}

func (p *process) ask(req request) (reply, error) {
	p.asking.Lock()
	defer p.asking.Unlock()
	var r reply
	if err := json.NewEncoder(p.in).Encode(req); err != nil {
		return r, err
	}
	if !p.out.Scan() {
		return r, errors.New("the server process ended")
	}
	if err := json.Unmarshal(p.out.Bytes(), &r); err != nil {
		return r, fmt.Errorf("read a reply: %w", err)
	}
	if r.Error != "" {
		return r, errors.New(r.Error)
	}
	return r, nil
}

// close ends the process and waits for it.
func (p *process) close() {
	_ = p.in.Close()
	_ = p.command.Wait()
}

// watch is a look at how much the cores of a process have worked, whoever for.
type watch struct {
	at    time.Time
	busy  time.Duration
	known bool
}

func (p *process) watch() watch {
	busy, err := coresBusy(p.cores)
	return watch{at: time.Now(), busy: busy, known: err == nil}
}

// mostBad is the share of the cores that others may take.
const mostBad = 0.05

// stolen says what is wrong if others took too much of the cores between two looks,
// while the process itself used that much.
func (p *process) stolen(from, to watch, used time.Duration) (wrong string) {
	share := float64(to.busy-from.busy-used) / float64(to.at.Sub(from.at)) / float64(p.cores)
	if !from.known || !to.known || share <= mostBad {
		return ""
	}
	return fmt.Sprintf("others took %.0f %% of the core", 100*share)
}
