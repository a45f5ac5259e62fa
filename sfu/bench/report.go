package main

import (
	"encoding/json"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"text/tabwriter"
)

// report is all that a run of the bench has found.
type report struct {
	Rounds     int         `json:"rounds"` // that were asked for
	Results    []*result   `json:"results"`
	Standing   []*standing `json:"standing"`
	Benchmarks []benchmark `json:"benchmarks"`
	Verdicts   []verdict   `json:"verdicts"`
}

// find returns the result of a variant in a scenario of an experiment, or nil.
func (r *report) find(experiment, scenario, variant string) *result {
	for _, one := range r.Results {
		if one.Experiment == experiment && one.Scenario.Name == scenario && one.Variant == variant {
			return one
		}
	}
	return nil
}

// standing returns what Madang's members and bare ones cost in an experiment, or nil.
func (r *report) standing(experiment string) (ours, bare *standing) {
	for _, one := range r.Standing {
		switch {
		case one.Experiment != experiment:
		case one.Variant == "bare":
			bare = one
		default:
			ours = one
		}
	}
	return ours, bare
}

// result is one variant in one scenario.
type result struct {
	Experiment string   `json:"experiment"`
	Scenario   scenario `json:"scenario"`
	Variant    string   `json:"variant"`
	Suite      string   `json:"suite"`
	Rounds     []round  `json:"rounds"`
	Valid      int      `json:"valid"`  // rounds that count
	Median     float64  `json:"us"`     // CPU µs per packet forwarded, or line of chat
	Least      float64  `json:"us_min"` // of the rounds that count
	Most       float64  `json:"us_max"`
	PerHead    perHead  `json:"per_member"`
}

// conclude takes the median of the rounds that count, or of all if none does:
// what is then wrong with it stands below the table.
func (r *result) conclude() {
	for _, n := range r.Rounds {
		if n.Invalid == "" {
			r.Valid++
		}
	}
	costs := figures(r.Rounds, cost)
	r.Median, r.Least, r.Most = median(costs), slices.Min(costs), slices.Max(costs)
}

// figures is one figure of the rounds that count, or of all if none does.
func figures(rounds []round, figure func(round) float64) []float64 {
	var counting, all []float64
	for _, n := range rounds {
		all = append(all, figure(n))
		if n.Invalid == "" {
			counting = append(counting, figure(n))
		}
	}
	if len(counting) == 0 {
		return all
	}
	return counting
}

func median(values []float64) float64 {
	if len(values) == 0 {
		return 0
	}
	sorted := slices.Sorted(slices.Values(values))
	if n := len(sorted); n%2 == 0 {
		return (sorted[n/2-1] + sorted[n/2]) / 2
	}
	return sorted[len(sorted)/2]
}

// table prints the results of one scenario.
func table(out io.Writer, s scenario, results []*result) {
	unit, per := "µs/packet", "alloc/packet"
	if s.Media == chat {
		unit, per = "µs/line", "alloc/message"
	}
	fmt.Fprintf(out, "\n%s, %s: %d × (%d publish, %d listen), each is sent %d, %d a second of %d bytes\n", results[0].Experiment, s.Name, s.Rooms, s.Publishers, s.Listeners, s.Hears, s.Rate, s.Size)
	w := tabwriter.NewWriter(out, 0, 0, 2, ' ', tabwriter.AlignRight)
	fmt.Fprintf(w, "variant\t%s\tleast\tmost\tcore\t%s\tp50 µs\tp99 µs\tKB/member\tgoroutines\tcipher\trounds\t\n", unit, per)
	for _, r := range results {
		fmt.Fprintf(w, "%s\t%.2f\t%.2f\t%.2f\t%.0f %%\t%.2f\t%.0f\t%.0f\t%.0f\t%.1f\t%s\t%d of %d\t\n", r.Variant, r.Median, r.Least, r.Most,
			100*median(figures(r.Rounds, func(n round) float64 { return n.Load })), median(figures(r.Rounds, allocations)),
			median(figures(r.Rounds, half)), median(figures(r.Rounds, nearlyAll)),
			r.PerHead.Heap/1000, r.PerHead.Goroutines, r.Suite, r.Valid, len(r.Rounds))
	}
	_ = w.Flush()
	for _, r := range results {
		printInvalid(out, r.Variant, r.Rounds)
	}
}

// printInvalid says which rounds do not count, and why.
func printInvalid(out io.Writer, variant string, rounds []round) {
	for i, n := range rounds {
		if n.Invalid != "" {
			fmt.Fprintf(out, "  INVALID: round %d of %s: %s\n", i+1, variant, n.Invalid)
		}
	}
}

// save writes all of it as JSON.
func (r *report) save(path string) error {
	text, err := json.MarshalIndent(r, "", " ")
	if err != nil {
		return err
	}
	return write(path, string(text)+"\n")
}

// note says for make rows which rows are shown: that the bench ran and nothing that
// holds on any machine was violated, and each row by the worst of its verdicts.
func (r *report) note(path string, sound bool) error {
	notes := "bench\tfailed\n"
	if sound {
		notes = "bench\tok\n"
	}
	worst := map[string]string{}
	for _, v := range r.Verdicts {
		if v.Result != met && worst[v.Row] == "" {
			worst[v.Row] = fmt.Sprintf("%s: %s is %s, needed %s", v.Result, v.What, v.measured(), v.Needed)
		}
	}
	for _, v := range r.Verdicts {
		if _, noted := worst[v.Row]; !noted {
			worst[v.Row] = "ok"
		}
		if line := "bench." + v.Row + "\t" + worst[v.Row] + "\n"; !strings.Contains(notes, line) {
			notes += line
		}
	}
	return write(path, notes)
}

func write(path, text string) error {
	if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
		return err
	}
	return os.WriteFile(path, []byte(text), 0o644)
}
