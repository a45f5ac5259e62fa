// Command bench measures what a forwarded packet costs: CPU time of the server
// process per packet that reached a subscriber, for Madang's media plane beside
// the plain fan-out that every Pion tutorial builds (TrackLocalStaticRTP with
// the default interceptors). Each server is a process of its own, pinned to one
// core where the system can; publisher and subscribers live in this process and
// are the same for both. Rounds are interleaved, so that what else the machine
// does hits both alike: ratios count, absolutes are weather.
//
//	go run ./sfu/bench -subscribers 100 -rounds 5
package main

import (
	"encoding/json"
	"flag"
	"fmt"
	"os"
	"slices"
	"time"
)

// settings is one run of the bench.
type settings struct {
	subscribers int
	rate        int // packets a second
	size        int // bytes of payload
	rounds      int
	length      time.Duration // of a round
	json        bool
}

// round is what one server did in one round.
type round struct {
	Variant   string        `json:"variant"`
	CPU       time.Duration `json:"cpu_ns"`
	Forwarded uint64        `json:"forwarded"` // packets that the subscribers received
	Expected  uint64        `json:"expected"`
	PerPacket float64       `json:"us_per_packet"`
}

func main() {
	var s settings
	serve := flag.String("serve", "", "serve this variant on standard input and output (what the bench starts itself)")
	flag.IntVar(&s.subscribers, "subscribers", 100, "subscribers of the one publisher")
	flag.IntVar(&s.rate, "rate", 200, "packets a second")
	flag.IntVar(&s.size, "size", 1100, "bytes of payload")
	flag.IntVar(&s.rounds, "rounds", 5, "rounds of each variant, interleaved")
	flag.DurationVar(&s.length, "length", 3*time.Second, "length of a round")
	flag.BoolVar(&s.json, "json", false, "print JSON lines instead of a table")
	flag.Parse()
	var err error
	if *serve != "" {
		err = runServer(*serve, os.Stdin, os.Stdout)
	} else {
		err = compare(s)
	}
	if err != nil {
		fmt.Fprintln(os.Stderr, "bench:", err)
		os.Exit(1)
	}
}

// compare runs both variants side by side and prints what they cost.
func compare(s settings) error {
	variants := []string{"plain", "madang"}
	meetings := map[string]*meeting{}
	for _, v := range variants {
		m, err := startMeeting(v, s)
		if err != nil {
			return fmt.Errorf("%s: %w", v, err)
		}
		defer m.close()
		meetings[v] = m
	}
	costs := map[string][]float64{}
	for range s.rounds {
		for _, v := range variants {
			r, err := meetings[v].round(s)
			if err != nil {
				return fmt.Errorf("%s: %w", v, err)
			}
			costs[v] = append(costs[v], r.PerPacket)
			printRound(r, s.json)
		}
	}
	plain, ours := median(costs["plain"]), median(costs["madang"])
	fmt.Printf("1 → %d, %d packets/s of %d bytes, median of %d rounds: plain %.2f µs, madang %.2f µs, plain ÷ madang %.2f\n",
		s.subscribers, s.rate, s.size, s.rounds, plain, ours, plain/ours)
	return nil
}

func printRound(r round, asJSON bool) {
	if asJSON {
		_ = json.NewEncoder(os.Stdout).Encode(r)
		return
	}
	note := ""
	if float64(r.Forwarded) < 0.95*float64(r.Expected) {
		note = "  INVALID: packets were lost, the machine is too busy"
	}
	fmt.Printf("%-7s %6.2f µs/packet  %8d of %8d packets%s\n", r.Variant, r.PerPacket, r.Forwarded, r.Expected, note)
}

func median(values []float64) float64 {
	sorted := slices.Sorted(slices.Values(values))
	return sorted[len(sorted)/2]
}
