package main

import (
	"bufio"
	"context"
	"encoding/json"
	"io"
	"log"
	"os"
	"os/exec"
	"sync"
	"testing"
	"time"

	"github.com/pion/rtp"

	"madang/signaling/client"
	"madang/signaling/client/synthetic"
	"madang/signaling/protocol"
)

// asTalk has this test binary be two people at a server, of whom one speaks and the
// other listens: in a process of their own, so that other clients do not disturb them.
// What is told to it on standard input has it begin to count; the end of that, say.
const asTalk = "TEST_BINARY_TALKS_AT"

// talking is a talk from outside.
type talking struct {
	in  io.WriteCloser
	out *bufio.Reader
}

// startTalk returns when the one hears the other.
func startTalk(t *testing.T, url string) *talking {
	t.Helper()
	self, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	command := exec.Command("nice", "-n", "-10", self)
	command.Env = append(os.Environ(), asTalk+"="+url)
	command.Stderr = os.Stderr
	in, err := command.StdinPipe()
	if err != nil {
		t.Fatal(err)
	}
	out, err := command.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := command.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		in.Close()
		_ = command.Wait() // it has said all
	})
	k := &talking{in, bufio.NewReader(out)}
	if _, err := k.out.ReadString('\n'); err != nil {
		t.Fatal(err)
	}
	return k
}

// listen has gaps counted from now on.
func (k *talking) listen(t *testing.T) {
	t.Helper()
	if _, err := io.WriteString(k.in, "\n"); err != nil {
		t.Fatal(err)
	}
}

// stop returns the times between packets.
func (k *talking) stop(t *testing.T) (gaps []time.Duration) {
	t.Helper()
	k.in.Close()
	if err := json.NewDecoder(k.out).Decode(&gaps); err != nil || len(gaps) == 0 {
		t.Fatalf("%d gaps: %v", len(gaps), err)
	}
	return gaps
}

// talk is the process.
func talk(url string) {
	ctx, cancel := context.WithTimeout(context.Background(), patience)
	defer cancel()
	heard := &listener{first: make(chan struct{})}
	join := func(o client.Options) *client.Client {
		o.URL, o.Room = url, "yard"
		c, err := client.Join(ctx, o)
		if err != nil {
			log.Fatal(err)
		}
		return c
	}
	speaks := join(client.Options{Name: "Speaks", Sources: []protocol.Source{protocol.Mic}})
	defer speaks.Close()
	defer join(client.Options{Name: "Listens", Sources: []protocol.Source{}, OnRTP: heard.packet}).Close()
	mic, err := speaks.Publish(protocol.Mic)
	if err != nil {
		log.Fatal(err)
	}
	stop := make(chan struct{})
	var speaking sync.WaitGroup
	speaking.Go(func() { speak(mic, stop) })
	<-heard.first
	os.Stdout.WriteString("\n")
	in := bufio.NewReader(os.Stdin)
	_, _ = in.ReadString('\n')
	heard.begin()
	_, _ = io.Copy(io.Discard, in)
	gaps := heard.end()
	close(stop)
	speaking.Wait()
	_ = json.NewEncoder(os.Stdout).Encode(gaps)
}

func speak(mic *client.Publication, stop <-chan struct{}) {
	voice := synthetic.NewVoice(synthetic.VoiceConfig{Turn: synthetic.Turn{Of: 1, Each: time.Hour}}, time.Now())
	tick := time.NewTicker(synthetic.VoicePeriod)
	defer tick.Stop()
	for {
		select {
		case <-stop:
			return
		case now := <-tick.C:
			_ = mic.WriteAudio(voice.Packet(now)) // what is lost is a gap
		}
	}
}

// listener notes the times between packets.
type listener struct {
	first  chan struct{} // closed with the first packet
	mu     sync.Mutex
	last   time.Time
	counts bool
	gaps   []time.Duration
}

func (l *listener) packet(_ *client.Slot, _ *rtp.Packet, arrived time.Time) {
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.last.IsZero() {
		close(l.first)
	}
	if l.counts {
		l.gaps = append(l.gaps, arrived.Sub(l.last))
	}
	l.last = arrived
}

func (l *listener) begin() {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.counts = true
}

func (l *listener) end() []time.Duration {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.counts = false
	return l.gaps
}
