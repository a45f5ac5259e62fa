package main

import (
	"bufio"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"runtime"
	"runtime/pprof"
	"time"

	"madang/sfu"
)

// request is what the bench asks of a server process, a JSON object a line.
type request struct {
	Do      string        `json:"do"`      // join, usage, memory, profile, heap, allocs, goroutine, flood
	Room    int           `json:"room"`    // of who joins
	Member  int           `json:"member"`  // its number in the room
	Offer   string        `json:"offer"`   // of who joins
	Path    string        `json:"path"`    // of a profile; empty ends it
	To      []string      `json:"to"`      // addresses to flood
	Size    int           `json:"size"`    // bytes of payload to flood with
	Segment int           `json:"segment"` // packets for one address at a time
	Times   int           `json:"times"`   // that each address gets so many, every frameEvery
	For     time.Duration `json:"for"`     // how long to flood
}

// reply answers a request.
type reply struct {
	Answer string `json:"answer,omitempty"`
	usage
	Sent  uint64 `json:"sent,omitempty"` // packets of a flood
	Error string `json:"error,omitempty"`
}

// usage is what the server process has used since its start, or holds.
type usage struct {
	CPU         time.Duration `json:"cpu,omitempty"`
	Allocations uint64        `json:"allocations,omitempty"`
	Heap        uint64        `json:"heap,omitempty"` // bytes of heap and stacks
	Goroutines  int           `json:"goroutines,omitempty"`
}

// server is what a variant runs: it forwards what members publish in a room to
// the others, as the scenario says.
type server interface {
	join(room, member int, offer string) (answer string, err error)
}

func newServer(name string, s scenario) (server, error) {
	switch name {
	case "plain":
		return newPlain(s), nil
	case "madang":
		return newMadang(s, sfu.WriterAuto, 1, 1)
	case "portable":
		return newMadang(s, sfu.WriterPortable, 1, 1)
	case "madang-2":
		return newMadang(s, sfu.WriterAuto, 2, 1)
	case "spilled":
		return newMadang(s, sfu.WriterAuto, 2, 2)
	case "bare":
		return newBare()
	case "floor":
		return nil, nil
	}
	return nil, fmt.Errorf("there is no server %q", name)
}

// threads is how many run at once: as many as there are cores for a server, and with
// workers, which keep theirs while they wait, one more for all else.
func threads(name string) int {
	switch name {
	case "madang", "portable":
		return 1 + 1
	case "madang-2", "spilled":
		return 2 + 1
	}
	return 1
}

// runServer serves a variant until its input ends.
func runServer(name string, s scenario, in io.Reader, out io.Writer) error {
	runtime.GOMAXPROCS(threads(name))
	served, err := newServer(name, s)
	if err != nil {
		return err
	}
	lines := bufio.NewScanner(in)
	lines.Buffer(nil, 1<<20)
	replies := json.NewEncoder(out)
	for lines.Scan() {
		var req request
		if err := json.Unmarshal(lines.Bytes(), &req); err != nil {
			return fmt.Errorf("read a request: %w", err)
		}
		if err := replies.Encode(serveOne(served, req)); err != nil {
			return err
		}
	}
	return lines.Err()
}

func serveOne(s server, req request) (r reply) {
	var err error
	switch req.Do {
	case "join":
		r.Answer, err = s.join(req.Room, req.Member, req.Offer)
	case "usage":
		r.usage, err = used()
	case "memory":
		collect()
		r.usage, err = used()
	case "profile":
		err = profile(req.Path)
	case "heap", "allocs", "goroutine":
		err = snapshot(req.Do, req.Path)
	case "flood":
		r.CPU, r.Sent, err = flood(req)
	default:
		err = fmt.Errorf("cannot %q", req.Do)
	}
	if err != nil {
		r.Error = err.Error()
	}
	return r
}

func used() (u usage, err error) {
	var m runtime.MemStats
	runtime.ReadMemStats(&m)
	u.Allocations, u.Heap, u.Goroutines = m.Mallocs, m.HeapAlloc+m.StackInuse, runtime.NumGoroutine()
	u.CPU, err = processTime()
	return u, err
}

// profile begins a CPU profile in a file, or ends it.
func profile(path string) error {
	if path == "" {
		pprof.StopCPUProfile()
		return nil
	}
	f, err := os.Create(path)
	if err != nil {
		return err
	}
	return pprof.StartCPUProfile(f)
}

// snapshot writes a profile of what is there now.
func snapshot(kind, path string) error {
	f, err := os.Create(path)
	if err != nil {
		return err
	}
	return errors.Join(pprof.Lookup(kind).WriteTo(f, 0), f.Close())
}
