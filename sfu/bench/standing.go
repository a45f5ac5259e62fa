package main

import (
	"fmt"
	"io"
	"path/filepath"
	"runtime"
	"text/tabwriter"
	"time"

	"madang/sfu/bench/client"
)

// standing is what a member costs by being there.
type standing struct {
	Experiment string  `json:"experiment"`
	Variant    string  `json:"variant"`
	Heap       float64 `json:"heap_bytes"` // and stacks, of each
	Goroutines float64 `json:"goroutines"` // of each
	Rounds     []round `json:"rounds"`     // of those who do nothing: the cost is of each in a second
	meeting    *meeting
}

// shortest round in which CPU time of members who do nothing is told.
const standingRound = 5 * time.Second

// stand measures members who are there and receive, or do nothing, and the bare
// PeerConnections that they need.
func stand(e experiment, s settings) ([]*standing, error) {
	certificate, err := client.NewCertificate()
	if err != nil {
		return nil, err
	}
	options := client.Options{Feedback: true, Suites: suites(), Certificate: certificate}
	var both []*standing
	for _, variant := range e.Variants {
		one, err := standUp(e, variant, options)
		if err != nil {
			return nil, fmt.Errorf("%s: %w", variant, err)
		}
		defer one.meeting.close()
		if err := one.snapshots(s.profiles); err != nil {
			return nil, err
		}
		both = append(both, one)
	}
	if e.Scenarios[0].Publishers > 0 {
		return both, nil
	}
	for turn, counting := 0, 0; counting < s.rounds && turn < mostTurns*s.rounds; turn++ {
		counts := 1
		for _, one := range both {
			if err := one.idle(max(s.length, standingRound), s.profiles); err != nil {
				return nil, err
			}
			if one.Rounds[turn].Invalid != "" {
				counts = 0
			}
		}
		counting += counts
	}
	return both, nil
}

// snapshots writes what the server holds to a folder, if there is one.
func (s *standing) snapshots(profiles string) error {
	if profiles == "" {
		return nil
	}
	path := filepath.Join(profiles, s.Experiment+"-"+s.Variant)
	for _, kind := range []string{"heap", "goroutine"} {
		if _, err := s.meeting.process.ask(request{Do: kind, Path: path + "." + kind}); err != nil {
			return err
		}
	}
	return nil
}

// standUp starts a server and has all members join: those who publish first, and
// what they cost does not count.
func standUp(e experiment, variant string, options client.Options) (*standing, error) {
	sc := e.Scenarios[0]
	p, err := startProcess(variant, sc, e.Cores)
	if err != nil {
		return nil, err
	}
	one := &standing{Experiment: e.Name, Variant: variant, meeting: &meeting{scenario: sc, process: p, share: 1}}
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
			if err := s.weigh(-1); err != nil {
				return err
			}
		}
		if err := m.join(0, member, options); err != nil {
			return fmt.Errorf("member %d: %w", member, err)
		}
	}
	time.Sleep(2 * time.Second) // what a join leaves behind
	if s.Variant == "madang" && len(m.streams) > 0 {
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
	s.Heap += sign * float64(r.Heap) / heads
	s.Goroutines += sign * float64(r.Goroutines) / heads
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
		if _, err := p.ask(request{Do: "profile", Path: filepath.Join(profiles, s.Experiment+"-"+s.Variant+".pprof")}); err != nil {
			return err
		}
		defer func() { _, _ = p.ask(request{Do: "profile"}) }()
	}
	from := p.watch()
	before, err := p.ask(request{Do: "usage"})
	if err != nil {
		return err
	}
	time.Sleep(length)
	after, err := p.ask(request{Do: "usage"})
	r := round{CPU: after.CPU - before.CPU}
	r.Cost = float64(r.CPU.Microseconds()) / length.Seconds() / float64(s.meeting.scenario.Listeners)
	r.Invalid = p.stolen(from, p.watch(), r.CPU)
	s.Rounds = append(s.Rounds, r)
	return err
}

// standingTable prints both.
func standingTable(out io.Writer, sc scenario, both []*standing) {
	fmt.Fprintf(out, "\n%s: %d members, each with %d pairs\n", sc.Name, sc.Listeners, sc.Hears)
	w := tabwriter.NewWriter(out, 0, 0, 2, ' ', tabwriter.AlignRight)
	fmt.Fprintln(w, "server\tKB/member\tgoroutines\tCPU µs/s\t")
	for _, one := range both {
		fmt.Fprintf(w, "%s\t%.1f\t%.2f\t%.0f\t\n", one.Variant, one.Heap/1024, one.Goroutines, median(figures(one.Rounds, cost)))
	}
	_ = w.Flush()
	for _, one := range both {
		printInvalid(out, one.Variant, one.Rounds)
	}
}

// collect frees all that is not in use any more, so that what is left is held.
func collect() {
	runtime.GC()
	runtime.GC() // pools give back what they hold with the second
}
