//go:build unix

package main

import (
	"context"
	"fmt"
	"math/rand/v2"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"slices"
	"sync"
	"testing"
	"time"

	"madang/signaling/client"
	"madang/signaling/protocol"
)

// victim is the real binary in a process of its own, which is killed and started
// again at the same address, with the same folder for its chat.
type victim struct {
	t      *testing.T
	binary string
	args   []string
	url    string
	now    *exec.Cmd
	ended  chan struct{}
}

// built is the path of the real binary.
func built(t *testing.T) string {
	t.Helper()
	if testing.Short() {
		t.Skip("builds the whole binary")
	}
	binary := filepath.Join(t.TempDir(), "madang")
	if out, err := exec.Command("go", "build", "-o", binary, ".").CombinedOutput(); err != nil {
		t.Fatalf("%v: %s", err, out)
	}
	return binary
}

func newVictim(t *testing.T, binary string) *victim {
	t.Helper()
	v := &victim{t: t, binary: binary}
	free, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	address := free.Addr().String()
	free.Close()
	v.args = append(append([]string{"serve"}, onFreePorts...), "--server.listen="+address, "--ice.tcp_port=-1",
		"--rooms.max_members=1000", "--chat.history=10000", "--chat.log_dir="+t.TempDir(), "--logging.level=error")
	t.Cleanup(v.kill)
	v.start()
	return v
}

// start returns when the server greets.
func (v *victim) start() {
	v.t.Helper()
	stdout := &safeBuffer{}
	v.now, v.ended = exec.Command(v.binary, v.args...), make(chan struct{})
	v.now.Stdout, v.now.Stderr = stdout, os.Stderr
	v.now.Env = []string{} // ours may configure another server
	if err := v.now.Start(); err != nil {
		v.t.Fatal(err)
	}
	go func(now *exec.Cmd, ended chan struct{}) {
		defer close(ended)
		now.Wait() // it says that it was killed
	}(v.now, v.ended)
	v.url = awaitURL(v.t, stdout, v.ended)
}

// kill is kill -9, and waits for the end.
func (v *victim) kill() {
	v.now.Process.Kill()
	<-v.ended
}

// talker is a member that says a line every now and then and notes what it hears.
type talker struct {
	*client.Client
	name string

	mu     sync.Mutex
	dials  []time.Time    // when it began to connect
	said   []string       // texts
	heard  map[string]int // how often, by text
	epochs map[string]bool
	acked  map[string]bool // own cids
	back   chan struct{}   // holds one for each Rejoined
}

// joinTalker joins with a live microphone.
func joinTalker(ctx context.Context, url, name string) (*talker, error) {
	t := &talker{name: name, heard: map[string]int{}, epochs: map[string]bool{}, acked: map[string]bool{}, back: make(chan struct{}, 16)}
	var err error
	t.Client, err = client.Join(ctx, client.Options{
		URL: url, Room: "yard", Name: name, Sources: []protocol.Source{protocol.Mic}, Dial: t.dial,
	})
	if err != nil {
		return nil, err
	}
	_, err = t.Publish(protocol.Mic)
	return t, err
}

func (t *talker) dial(ctx context.Context, network, address string) (net.Conn, error) {
	t.mu.Lock()
	t.dials = append(t.dials, time.Now())
	t.mu.Unlock()
	return new(net.Dialer).DialContext(ctx, network, address)
}

// listen notes what is heard until the membership is over.
func (t *talker) listen() {
	for {
		select {
		case m := <-t.Events():
			t.hear(m)
		case <-t.Done():
			return
		}
	}
}

func (t *talker) hear(m protocol.Message) {
	t.mu.Lock()
	defer t.mu.Unlock()
	switch m := m.(type) {
	case *protocol.ChatLine:
		t.heard[m.Text]++
		t.epochs[m.Epoch] = true
		if m.Name == t.name {
			t.acked[m.CID] = true
		}
	case *client.Rejoined:
		t.back <- struct{}{}
	}
}

// talk says a line in each interval, at no time in particular, until told to stop.
func (t *talker) talk(every time.Duration, stop <-chan struct{}) {
	next := time.NewTimer(rand.N(every))
	defer next.Stop()
	for n := 0; ; n++ {
		select {
		case <-next.C:
			next.Reset(every)
		case <-stop:
			return
		}
		text := fmt.Sprint(t.name, "/", n)
		t.mu.Lock()
		t.said = append(t.said, text)
		t.mu.Unlock()
		if t.Chat(&protocol.ChatMsg{CID: "of-the-test-" + text, Text: text}) != nil {
			return
		}
	}
}

// unanswered is how many of its lines were not acknowledged.
func (t *talker) unanswered() int {
	t.mu.Lock()
	defer t.mu.Unlock()
	return len(t.said) - len(t.acked)
}

// attempts is the most that it tried to connect within one second.
func (t *talker) attempts() (most int) {
	t.mu.Lock()
	defer t.mu.Unlock()
	for i, first := range t.dials {
		within := slices.IndexFunc(t.dials[i:], func(at time.Time) bool { return at.Sub(first) >= time.Second })
		if within < 0 {
			within = len(t.dials) - i
		}
		most = max(most, within)
	}
	return most
}

// crowd joins all at once, and says how long the first 95 % took.
func crowd(t *testing.T, url string, members int) (all []*talker, took time.Duration) {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), time.Minute)
	defer cancel()
	all = make([]*talker, members)
	times := make([]time.Duration, members)
	start := time.Now()
	var joining, listening sync.WaitGroup
	for i := range members {
		joining.Go(func() {
			var err error
			if all[i], err = joinTalker(ctx, url, fmt.Sprint("talker ", i)); err != nil {
				t.Error(err)
				return
			}
			times[i] = time.Since(start)
			listening.Go(all[i].listen)
		})
	}
	joining.Wait()
	t.Cleanup(func() {
		for _, one := range all {
			if one != nil {
				one.Close()
			}
		}
		listening.Wait()
	})
	if t.Failed() {
		t.FailNow()
	}
	return all, most(times)
}

// most is the time within which 95 % are.
func most(times []time.Duration) time.Duration {
	slices.Sort(times)
	return times[(len(times)*95+99)/100-1]
}

// returned waits until all have rejoined, and says how long the first 95 % took.
func returned(t *testing.T, all []*talker, since time.Time) time.Duration {
	t.Helper()
	limit := time.After(time.Minute)
	times := make([]time.Duration, len(all))
	var waiting sync.WaitGroup
	for i, one := range all {
		waiting.Go(func() {
			select {
			case <-one.back:
				times[i] = time.Since(since)
			case <-one.Done():
				t.Errorf("%s did not come back: %v", one.name, one.Err())
			case <-limit:
				t.Errorf("%s is not back", one.name)
			}
		})
	}
	waiting.Wait()
	if t.Failed() {
		t.FailNow()
	}
	return most(times)
}

// settled waits until every line was acknowledged and heard by all.
func settled(t *testing.T, all []*talker) {
	t.Helper()
	said := 0
	for _, one := range all {
		said += len(one.said)
	}
	for end := time.Now().Add(30 * time.Second); ; time.Sleep(20 * time.Millisecond) {
		waiting, missing := 0, 0
		for _, one := range all {
			waiting += one.unanswered()
			one.mu.Lock()
			missing += said - len(one.heard)
			one.mu.Unlock()
		}
		if waiting == 0 && missing == 0 {
			return
		}
		if time.Now().After(end) {
			t.Fatalf("%d lines were not acknowledged, %d of %d not heard", waiting, missing, said*len(all))
		}
	}
}

// checkLines holds that everybody heard every line once, in one epoch, live or
// from the history, and that somebody new reads the same.
func checkLines(t *testing.T, url string, all []*talker) {
	t.Helper()
	late, err := joinTalker(t.Context(), url, "late")
	if err != nil {
		t.Fatal(err)
	}
	defer late.Close()
	if err := late.AwaitChat(t.Context()); err != nil { // by one way the end comes last
		t.Fatal(err)
	}
	if err := late.Chat(&protocol.Since{}); err != nil {
		t.Fatal(err)
	}
	for caughtUp := false; !caughtUp; {
		select {
		case m := <-late.Events():
			late.hear(m)
			_, caughtUp = m.(*protocol.CaughtUp)
		case <-time.After(10 * time.Second):
			t.Fatal("the history did not come")
		}
	}
	for _, one := range append(slices.Clone(all), late) {
		if len(one.epochs) > 1 || one.Dropped() > 0 {
			t.Errorf("%s heard %d epochs, and dropped %d events", one.name, len(one.epochs), one.Dropped())
		}
		for _, author := range all {
			for _, text := range author.said {
				if n := one.heard[text]; n != 1 {
					t.Errorf("%s heard %q %d times", one.name, text, n)
				}
			}
		}
	}
}

// TestNoLineIsLostOrDoubledByKills kills the server again and again while people talk.
func TestNoLineIsLostOrDoubledByKills(t *testing.T) {
	v := newVictim(t, built(t))
	all, _ := crowd(t, v.url, 4)
	stop := make(chan struct{})
	var talking sync.WaitGroup
	for _, one := range all {
		talking.Go(func() { one.talk(120*time.Millisecond, stop) })
	}
	for range 3 {
		time.Sleep(500 * time.Millisecond) // of talk
		v.kill()
		since := time.Now()
		v.start()
		returned(t, all, since)
	}
	close(stop)
	talking.Wait()
	settled(t, all)
	checkLines(t, v.url, all)
}

// saidEvery is how often somebody says something in the crowd that comes back: each
// line is one for every member.
const saidEvery = 100 * time.Millisecond

// TestPacedReturnAfterAKill: a server that is killed, and started again at once. Of
// three times the one in the middle counts.
func TestPacedReturnAfterAKill(t *testing.T) {
	if os.Getenv("PACED") == "" {
		t.Skip("PACED is not set: this test needs the machine for itself")
	}
	members := 50
	if runtime.NumCPU() >= 4 {
		members = 200
	}
	binary := built(t)
	var colds, backs []time.Duration
	for round := range 3 {
		t.Run(fmt.Sprint(round), func(t *testing.T) {
			cold, back := killed(t, binary, members)
			colds, backs = append(colds, cold), append(backs, back)
		})
	}
	if t.Failed() {
		return
	}
	slices.Sort(colds)
	slices.Sort(backs)
	if cold, back := colds[1], backs[1]; back > 2*cold {
		t.Errorf("95 %% were back after %v, more than twice %v", back, cold)
	}
}

// killed lets a crowd talk to a server that is killed, checks what everybody has of it
// in the end, and says how long 95 % took to join at first, and to come back.
func killed(t *testing.T, binary string, members int) (cold, back time.Duration) {
	v := newVictim(t, binary)
	all, cold := crowd(t, v.url, members)
	stop := make(chan struct{})
	var talking sync.WaitGroup
	for _, one := range all {
		talking.Go(func() { one.talk(time.Duration(members)*saidEvery, stop) })
	}
	time.Sleep(2 * time.Second) // of talk
	v.kill()
	since := time.Now()
	v.start()
	opened := time.Since(since)
	back = returned(t, all, since)
	t.Logf("%d members: 95 %% joined a cold server in %v; it was killed, and open again after %v; 95 %% were back after %v",
		members, cold.Round(time.Millisecond), opened.Round(time.Millisecond), back.Round(time.Millisecond))
	time.Sleep(time.Second) // of talk
	close(stop)
	talking.Wait()
	settled(t, all)
	checkLines(t, v.url, all)
	for _, one := range all {
		if n := one.attempts(); n > 2 {
			t.Errorf("%s tried %d times within a second", one.name, n)
		}
		if is := all[0].People()[one.You()].Sources[protocol.Mic]; is != protocol.Live {
			t.Errorf("%s came back with a microphone that is %q", one.name, is)
		}
	}
	return cold, back
}
