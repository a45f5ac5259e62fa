package main

import (
	"fmt"
	"io"
	"path/filepath"
	"runtime"
	"slices"
	"text/tabwriter"
	"time"

	"madang/sfu/bench/client"
)

// standing is what a member costs by being there, beside the bare PeerConnection
// that it needs.
type standing struct {
	server  string
	heap    float64   // bytes of heap and stacks, of each
	threads float64   // goroutines, of each
	rounds  []float64 // CPU µs in a second, of each
	meeting *meeting
	first   int // of its members, those who were there before
}

// shortest round in which CPU time of members who do nothing is told.
const standingRound = 5 * time.Second

// stand measures a scenario of members who are there and receive, or do nothing.
func stand(sc scenario, s settings, out io.Writer) error {
	certificate, err := client.NewCertificate()
	if err != nil {
		return err
	}
	options := client.Options{Feedback: true, Suites: suites(), Certificate: certificate}
	var both []*standing
	for _, server := range []string{"madang", "bare"} {
		one, err := standUp(server, sc, options)
		if err != nil {
			return fmt.Errorf("%s: %w", server, err)
		}
		defer one.meeting.close()
		if s.profiles != "" {
			path := filepath.Join(s.profiles, sc.Name+"-"+server)
			for _, kind := range []string{"heap", "goroutine"} {
				if _, err := one.meeting.process.ask(request{Do: kind, Path: path + "." + kind}); err != nil {
					return err
				}
			}
		}
		both = append(both, one)
	}
	if sc.Publishers == 0 {
		for range s.rounds {
			for _, one := range both {
				if err := one.idle(max(s.length, standingRound), s.profiles); err != nil {
					return err
				}
			}
		}
	}
	standingTable(out, sc, both)
	return nil
}

// standUp starts a server and has all members join: those who publish first, and
// what they cost does not count.
func standUp(server string, sc scenario, options client.Options) (*standing, error) {
	p, err := startProcess(server, sc)
	if err != nil {
		return nil, err
	}
	one := &standing{server: server, meeting: &meeting{scenario: sc, process: p, share: 1}}
	if err := one.gather(options); err != nil {
		one.meeting.close()
		return nil, err
	}
	return one, nil
}

func (s *standing) gather(options client.Options) error {
	m := s.meeting
	for member := range m.scenario.members() {
		if member == m.scenario.Publishers {
			m.run(time.Second)
			s.first = member
			if err := s.weigh(-1); err != nil {
				return err
			}
		}
		if err := m.join(0, member, options); err != nil {
			return fmt.Errorf("member %d: %w", member, err)
		}
	}
	time.Sleep(2 * time.Second) // what a join leaves behind
	if s.server == "madang" && len(m.streams) > 0 {
		if err := m.flow(); err != nil {
			return err
		}
	}
	return s.weigh(1)
}

// weigh adds what the server holds now, or takes it off.
func (s *standing) weigh(sign float64) error {
	r, err := s.meeting.process.ask(request{Do: "memory"})
	heads := float64(s.meeting.scenario.Listeners)
	s.heap += sign * float64(r.Heap) / heads
	s.threads += sign * float64(r.Goroutines) / heads
	return err
}

// idle measures the CPU time that the members take while nothing happens, with a
// profile in a folder, if there is one: it takes some time itself.
func (s *standing) idle(length time.Duration, profiles string) error {
	p := s.meeting.process
	if err := p.pin(true); err != nil {
		return err
	}
	defer func() { _ = p.pin(false) }()
	if profiles != "" {
		if _, err := p.ask(request{Do: "profile", Path: filepath.Join(profiles, s.meeting.scenario.Name+"-"+s.server+".pprof")}); err != nil {
			return err
		}
		defer func() { _, _ = p.ask(request{Do: "profile"}) }()
	}
	before, err := p.ask(request{Do: "usage"})
	if err != nil {
		return err
	}
	time.Sleep(length)
	after, err := p.ask(request{Do: "usage"})
	s.rounds = append(s.rounds, float64((after.CPU-before.CPU).Microseconds())/length.Seconds()/float64(s.meeting.scenario.Listeners))
	return err
}

// standingTable prints both, and Madang's share beyond the bare PeerConnection.
func standingTable(out io.Writer, sc scenario, both []*standing) {
	fmt.Fprintf(out, "\n%s: %d members, each with %d pairs\n", sc.Name, sc.Listeners, sc.Hears)
	w := tabwriter.NewWriter(out, 0, 0, 2, ' ', tabwriter.AlignRight)
	fmt.Fprintln(w, "server\tKB/member\tgoroutines\tCPU µs/s\tleast\tmost\t")
	for _, one := range both {
		if len(one.rounds) == 0 {
			one.rounds = []float64{0}
		}
		fmt.Fprintf(w, "%s\t%.1f\t%.2f\t%.0f\t%.0f\t%.0f\t\n", one.server, one.heap/1024, one.threads,
			median(one.rounds), slices.Min(one.rounds), slices.Max(one.rounds))
	}
	_ = w.Flush()
	ours, bare := both[0], both[1]
	fmt.Fprintf(out, "  %s: madang ÷ bare: heap %.2f, goroutines %.2f", sc.Name, ours.heap/bare.heap, ours.threads/bare.threads)
	if sc.Publishers == 0 {
		var each []float64
		for i := range ours.rounds {
			each = append(each, ours.rounds[i]/max(bare.rounds[i], 1e-3))
		}
		fmt.Fprintf(out, ", CPU %.2f (%.2f to %.2f)\n", median(each), slices.Min(each), slices.Max(each))
		return
	}
	fmt.Fprintf(out, "; %.1f KB more, of %d allowed\n", (ours.heap-bare.heap)/1024, 20+2*sc.Hears)
}

// collect frees all that is not in use any more, so that what is left is held.
func collect() {
	runtime.GC()
	runtime.GC() // pools give back what they hold with the second
}
