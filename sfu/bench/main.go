// Command bench measures what a forwarded packet costs: CPU time of the server
// process per packet that reached a member, for Madang's media plane beside the
// plain fan-out that every Pion tutorial builds and the least that sealing and
// sending can cost. Each server is a process of its own, alone on one core where
// the system can pin; the members live in this process, on the other cores, and
// are the same for all. Rounds are interleaved, so that what else the machine
// does hits all alike: ratios count, absolutes are weather. A round in which
// packets were lost or others took part of the core does not count, and it says so.
//
// At the end stands what is demanded of the figures and whether they meet it. A
// machine that is busy makes verdicts, and no failure: the command fails if it could
// not measure, or if what is the same on any machine is not as demanded.
//
//	go run ./sfu/bench -scenarios 1x200,10x10 -variants plain,madang
package main

import (
	"encoding/json"
	"errors"
	"flag"
	"fmt"
	"os"
	"slices"
	"strings"
	"time"
)

// settings is one run of the bench.
type settings struct {
	experiments, variants []string // none: all
	rounds                int
	length                time.Duration // of a round
	benchmarks            string        // file of what go test -bench printed, empty for none
	out, notes            string        // of the JSON, and of what make rows reads; empty for none
	profiles              string        // folder for CPU profiles, empty for none
}

func main() {
	var s settings
	serve := flag.String("serve", "", "serve this on standard input and output (what the bench starts itself)")
	shape := flag.String("scenario", "{}", "what is served, as JSON")
	flag.Func("scenarios", "what to measure instead of all, by commas", list(&s.experiments))
	flag.Func("variants", "what to measure it with instead of all that belongs to it, by commas", list(&s.variants))
	flag.IntVar(&s.rounds, "rounds", 5, "rounds of each variant that are to count, interleaved")
	flag.DurationVar(&s.length, "length", 2*time.Second, "length of a round")
	flag.StringVar(&s.benchmarks, "benchmarks", "", "what go test -bench printed, to be held to its lines too")
	flag.StringVar(&s.out, "json", ".results/bench.json", "where the results go")
	flag.StringVar(&s.notes, "notes", "", "where it is noted which acceptance rows are shown")
	flag.StringVar(&s.profiles, "profiles", "", "folder for a CPU profile of each variant, by one more round")
	flag.Parse()
	var err error
	if *serve != "" {
		var served scenario
		if err = json.Unmarshal([]byte(*shape), &served); err == nil {
			err = runServer(*serve, served, os.Stdin, os.Stdout)
		}
	} else {
		err = run(s)
	}
	if err != nil {
		fmt.Fprintln(os.Stderr, "bench:", err)
		os.Exit(1)
	}
}

// list sets a flag that has several values.
func list(to *[]string) func(string) error {
	return func(text string) error {
		*to = strings.Split(text, ",")
		return nil
	}
}

// run measures, judges and reports.
func run(s settings) error {
	benchmarks, err := readBenchmarks(s.benchmarks)
	if err != nil {
		return err
	}
	r := &report{Rounds: s.rounds, Benchmarks: benchmarks}
	failure := measure(r, s)
	r.Verdicts = judge(r)
	verdictTable(os.Stdout, r.Verdicts)
	for _, v := range r.Verdicts {
		if v.strict && v.Result != met {
			failure = errors.Join(failure, fmt.Errorf("%s is %.2f, needed is %s on any machine", v.What, v.Median, v.Needed))
		}
	}
	if s.notes != "" {
		failure = errors.Join(failure, r.note(s.notes, failure == nil))
	}
	return errors.Join(failure, r.save(s.out))
}

// measure runs all experiments that are asked for, one after the other.
func measure(r *report, s settings) error {
	for _, e := range experiments() {
		if len(s.experiments) > 0 && !slices.Contains(s.experiments, e.Name) {
			continue
		}
		if e.Standing {
			both, err := stand(e, s)
			if err != nil {
				return fmt.Errorf("%s: %w", e.Name, err)
			}
			standingTable(os.Stdout, e.Scenarios[0], both)
			r.Standing = append(r.Standing, both...)
			continue
		}
		results, err := compare(e, s)
		if err != nil {
			return fmt.Errorf("%s: %w", e.Name, err)
		}
		for _, sc := range e.Scenarios {
			table(os.Stdout, sc, slices.DeleteFunc(slices.Clone(results), func(r *result) bool { return r.Scenario.Name != sc.Name }))
		}
		r.Results = append(r.Results, results...)
	}
	return nil
}
