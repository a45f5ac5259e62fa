package signaling

import (
	"bufio"
	"context"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"golang.org/x/sys/unix"

	"madang/signaling/client"
	"madang/signaling/protocol"
)

// chatServed, in the environment, has TestServeChat serve with this beat.
const chatServed = "MADANG_CHAT_BEAT"

// TestServeChat is the server of BenchmarkChatLine, a process of its own with
// one core. It says its URL, and what CPU it has used for each line it reads.
func TestServeChat(t *testing.T) {
	every, err := time.ParseDuration(os.Getenv(chatServed))
	if err != nil {
		t.Skip("serves BenchmarkChatLine")
	}
	runtime.GOMAXPROCS(1)
	h := newHouse(t, func(s *settings) {
		s.beat = &every
		s.doors.Limits.ChatPerSecond, s.doors.Limits.MessagesPerSecond = 1000, 1000
	})
	fmt.Println(h.URL())
	for input := bufio.NewScanner(os.Stdin); input.Scan(); {
		var used unix.Rusage
		if err := unix.Getrusage(unix.RUSAGE_SELF, &used); err != nil {
			t.Error(err)
		}
		fmt.Println(time.Duration(used.Utime.Nano() + used.Stime.Nano()))
	}
}

// startAlone starts a process on the last core, and takes this one off that.
func startAlone(b *testing.B, server *exec.Cmd) {
	var its, ours unix.CPUSet
	last := runtime.NumCPU() - 1
	its.Set(last)
	for core := range max(1, last) {
		ours.Set(core)
	}
	threads, err := filepath.Glob("/proc/self/task/*")
	if err != nil {
		b.Fatal(err)
	}
	for _, path := range threads {
		if id, err := strconv.Atoi(filepath.Base(path)); err == nil {
			_ = unix.SchedSetaffinity(id, &ours) // it may have ended
		}
	}
	runtime.LockOSThread()
	defer runtime.UnlockOSThread()
	if err := unix.SchedSetaffinity(0, &its); err != nil { // a child has its parent's
		b.Fatal(err)
	}
	if err := server.Start(); err != nil {
		b.Fatal(err)
	}
	if err := unix.SchedSetaffinity(0, &ours); err != nil {
		b.Fatal(err)
	}
}

// chatHall is a room with people on a server of its own.
type chatHall struct {
	b      *testing.B
	server *exec.Cmd
	in     *os.File
	out    *bufio.Scanner
	people []*client.Client
	lines  sync.WaitGroup // that are still to come
}

func newChatHall(b *testing.B, size int, every time.Duration) *chatHall {
	h := &chatHall{b: b, server: exec.Command(os.Args[0], "-test.run=^TestServeChat$")}
	in, out, err := os.Pipe()
	if err != nil {
		b.Fatal(err)
	}
	h.server.Stdin, h.in, h.server.Stderr = in, out, os.Stderr
	h.server.Env = append(os.Environ(), chatServed+"="+every.String())
	said, err := h.server.StdoutPipe()
	if err != nil {
		b.Fatal(err)
	}
	startAlone(b, h.server)
	h.out = bufio.NewScanner(said)
	url := h.hear()
	for i := range size {
		ctx, cancel := context.WithTimeout(b.Context(), patience)
		p, err := client.Join(ctx, client.Options{URL: url, Room: "hall", Name: fmt.Sprint("Visitor ", i), Pairs: -1, Voices: 1})
		if err == nil {
			h.people = append(h.people, p)
			err = p.AwaitChat(ctx)
		}
		cancel()
		if err != nil {
			b.Fatal(err)
		}
		go h.count(p)
	}
	return h
}

// count takes the lines off what comes.
func (h *chatHall) count(p *client.Client) {
	for {
		select {
		case m := <-p.Events():
			if _, ok := m.(*protocol.ChatLine); ok {
				h.lines.Done()
			}
		case <-p.Done():
			return
		}
	}
}

func (h *chatHall) hear() string {
	if !h.out.Scan() {
		h.b.Fatal("the server ended")
	}
	return h.out.Text()
}

// used is the CPU that the server has used so far.
func (h *chatHall) used() time.Duration {
	if _, err := fmt.Fprintln(h.in); err != nil {
		h.b.Fatal(err)
	}
	d, err := time.ParseDuration(h.hear())
	if err != nil {
		h.b.Fatal(err)
	}
	return d
}

// say has the first say one line.
func (h *chatHall) say(cid string) {
	h.lines.Add(len(h.people))
	if err := h.people[0].Chat(&protocol.ChatMsg{CID: cid, Text: strings.Repeat("x", 100)}); err != nil {
		h.b.Fatal(err)
	}
}

func (h *chatHall) close() {
	for _, p := range h.people {
		p.Close()
	}
	_ = h.in.Close()
	_ = h.server.Wait()
}

// BenchmarkChatLine is the CPU of a whole server for a line of 100 bytes that
// goes to 200 people by their data channels, at 20 lines a second: each line in
// a message of its own, and as it is. What the 200 cost who say nothing is told
// apart and left in.
func BenchmarkChatLine(b *testing.B) {
	const receivers, pause = 200, time.Second / 20
	for _, c := range []struct {
		name  string
		every time.Duration
	}{{"alone", 0}, {"together", chatEvery}} {
		b.Run(c.name, func(b *testing.B) {
			h := newChatHall(b, receivers, c.every)
			defer h.close()
			const rest = 6 * time.Second // what is idle wakes seldom: less would say little
			time.Sleep(rest)
			before := h.used()
			time.Sleep(rest)
			idle := (h.used() - before).Seconds() / rest.Seconds()
			for i := range 10 { // after a quiet time some lines go at once
				h.say(fmt.Sprint("before-", i))
				time.Sleep(pause)
			}
			before = h.used()
			n := 0
			for next := time.Now(); b.Loop(); n++ {
				h.say(fmt.Sprint(n))
				next = next.Add(pause)
				time.Sleep(time.Until(next))
			}
			cpu := h.used() - before
			h.lines.Wait()
			b.ReportMetric(cpu.Seconds()*1000/float64(n), "core-ms/line")
			b.ReportMetric(idle*pause.Seconds()*1000, "idle-ms/line")
			b.ReportMetric(0, "ns/op")
			b.ReportMetric(0, "allocs/op")
		})
	}
}
