// Command bench measures what a forwarded packet costs: CPU time of the server
// process per packet that reached a member, for Madang's media plane beside the
// plain fan-out that every Pion tutorial builds and the least that sealing and
// sending can cost. Each server is a process of its own, alone on one core where
// the system can pin; the members live in this process, on the other cores, and
// are the same for all. Rounds are interleaved, so that what else the machine
// does hits all alike: ratios count, absolutes are weather. A round in which
// packets were lost or others took part of the core does not count, and it says so.
//
//	go run ./sfu/bench -scenarios 1x200,10x10 -variants plain,madang
package main

import (
	"encoding/json"
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"runtime"
	"slices"
	"strings"
	"time"

	"madang/sfu/bench/client"
)

// settings is one run of the bench.
type settings struct {
	scenarios, variants []string
	listeners, rooms    int
	rounds              int
	length              time.Duration // of a round
	out                 string        // of the JSON
	profiles            string        // folder for CPU profiles, empty for none
}

func main() {
	var s settings
	serve := flag.String("serve", "", "serve this on standard input and output (what the bench starts itself)")
	shape := flag.String("scenario", "{}", "what is served, as JSON")
	only := flag.String("scenarios", "1x200,10x10,40x4,audio,chat", "what to measure")
	variants := flag.String("variants", "floor,plain,portable,madang,madang-nofeedback", "what to measure it with")
	flag.IntVar(&s.listeners, "listeners", 0, "listeners instead of a scenario's own")
	flag.IntVar(&s.rooms, "rooms", 0, "rooms instead of a scenario's own")
	flag.IntVar(&s.rounds, "rounds", 5, "rounds of each variant, interleaved")
	flag.DurationVar(&s.length, "length", 2*time.Second, "length of a round")
	flag.StringVar(&s.out, "json", ".results/bench.json", "where the results go")
	flag.StringVar(&s.profiles, "profiles", "", "folder for a CPU profile of each variant, by one more round")
	flag.Parse()
	s.scenarios, s.variants = strings.Split(*only, ","), strings.Split(*variants, ",")
	var err error
	if *serve != "" {
		var served scenario
		if err = json.Unmarshal([]byte(*shape), &served); err == nil {
			err = runServer(*serve, served, os.Stdin, os.Stdout)
		}
	} else {
		err = measure(s)
	}
	if err != nil {
		fmt.Fprintln(os.Stderr, "bench:", err)
		os.Exit(1)
	}
}

// measure runs all scenarios, one after the other.
func measure(s settings) error {
	if err := pin(os.Getpid(), false); err != nil {
		return err
	}
	var all []*result
	for _, sc := range scenarios() {
		if !slices.Contains(s.scenarios, sc.Name) {
			continue
		}
		sc = sc.scaled(s.listeners, s.rooms)
		if sc.Standing {
			if err := stand(sc, s, os.Stdout); err != nil {
				return fmt.Errorf("%s: %w", sc.Name, err)
			}
			continue
		}
		results, err := compare(sc, s)
		if err != nil {
			return fmt.Errorf("%s: %w", sc.Name, err)
		}
		table(os.Stdout, sc, results)
		ratios(os.Stdout, sc, results)
		all = append(all, results...)
	}
	return save(s.out, all)
}

// compare runs the variants of one scenario side by side.
func compare(sc scenario, s settings) ([]*result, error) {
	certificate, err := client.NewCertificate()
	if err != nil {
		return nil, err
	}
	var results []*result
	var runs []func() (round, error)
	add := func(r *result, run func() (round, error)) {
		r.Scenario = sc
		results, runs = append(results, r), append(runs, run)
	}
	if slices.Contains(s.variants, "floor") && sc.Media == video && runtime.GOOS == "linux" { // who has UDP_SEGMENT
		p, err := startProcess("floor", sc)
		if err != nil {
			return nil, err
		}
		defer p.close()
		add(&result{Variant: "floor", Suite: "AES-128-GCM"}, func() (round, error) { return measureFloor(p, sc, s.length) })
	}
	for _, v := range variants() {
		if !slices.Contains(s.variants, v.Name) || !v.suits(sc) {
			continue
		}
		m, err := startMeeting(v, sc, certificate)
		if err != nil {
			return nil, fmt.Errorf("%s: %w", v.Name, err)
		}
		defer m.close()
		suite := suiteName(m.clients[0].Suite())
		add(&result{Variant: v.Name, Suite: suite, PerHead: m.perHead}, func() (round, error) { return m.round(s.length, "") })
		if s.profiles != "" {
			path := filepath.Join(s.profiles, sc.Name+"-"+v.Name+".pprof")
			if _, err := m.round(s.length, path); err != nil {
				return nil, fmt.Errorf("%s: %w", v.Name, err)
			}
		}
	}
	for range s.rounds {
		for i, run := range runs {
			n, err := run()
			if err != nil {
				return nil, fmt.Errorf("%s: %w", results[i].Variant, err)
			}
			results[i].Rounds = append(results[i].Rounds, n)
		}
	}
	for _, r := range results {
		r.conclude()
	}
	return results, nil
}
