package main

import (
	"encoding/json"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"slices"
	"text/tabwriter"
)

// result is one variant in one scenario.
type result struct {
	Scenario scenario `json:"scenario"`
	Variant  string   `json:"variant"`
	Suite    string   `json:"suite"`
	Rounds   []round  `json:"rounds"`
	Valid    int      `json:"valid"`  // rounds that count
	Median   float64  `json:"us"`     // CPU µs per packet forwarded, or line of chat
	Least    float64  `json:"us_min"` // of the rounds that count
	Most     float64  `json:"us_max"`
	PerHead  perHead  `json:"per_member"`
}

// conclude takes the median of the rounds that count, or of all if none does:
// what is then wrong with it stands below the table.
func (r *result) conclude() {
	for _, n := range r.Rounds {
		if n.Invalid == "" {
			r.Valid++
		}
	}
	costs := r.figures(func(n round) float64 { return n.Cost })
	r.Median, r.Least, r.Most = median(costs), slices.Min(costs), slices.Max(costs)
}

// figures is one figure of the rounds that count, or of all if none does.
func (r *result) figures(figure func(round) float64) (figures []float64) {
	for _, n := range r.Rounds {
		if n.Invalid == "" || r.Valid == 0 {
			figures = append(figures, figure(n))
		}
	}
	return figures
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
	fmt.Fprintf(out, "\n%s: %d × (%d publish, %d listen), each is sent %d, %d a second of %d bytes\n", s.Name, s.Rooms, s.Publishers, s.Listeners, s.Hears, s.Rate, s.Size)
	w := tabwriter.NewWriter(out, 0, 0, 2, ' ', tabwriter.AlignRight)
	fmt.Fprintf(w, "variant\t%s\tleast\tmost\tcore\t%s\tp50 µs\tp99 µs\tKB/member\tgoroutines\tcipher\trounds\t\n", unit, per)
	for _, r := range results {
		fmt.Fprintf(w, "%s\t%.2f\t%.2f\t%.2f\t%.0f %%\t%.2f\t%.0f\t%.0f\t%.0f\t%.1f\t%s\t%d of %d\t\n", r.Variant, r.Median, r.Least, r.Most,
			100*median(r.figures(func(n round) float64 { return n.Load })),
			median(r.figures(func(n round) float64 { return n.Allocations })),
			median(r.figures(func(n round) float64 { return n.DelayP50 })),
			median(r.figures(func(n round) float64 { return n.DelayP99 })),
			r.PerHead.Heap/1000, r.PerHead.Goroutines, r.Suite, r.Valid, len(r.Rounds))
	}
	_ = w.Flush()
	for _, r := range results {
		for i, n := range r.Rounds {
			if n.Invalid != "" {
				fmt.Fprintf(out, "  INVALID: round %d of %s: %s\n", i+1, r.Variant, n.Invalid)
			}
		}
	}
}

// ratios are the figures that the project is held to: medians of the ratios within
// each turn of the rounds, as what else the machine does changes from turn to turn.
func ratios(out io.Writer, s scenario, results []*result) {
	by := map[string]*result{}
	for _, r := range results {
		by[r.Variant] = r
	}
	for _, pair := range [][2]string{{"plain", "madang"}, {"plain", "portable"}, {"madang", "floor"}, {"madang", "madang-nofeedback"}, {"spilled", "madang"}} {
		if a, b := by[pair[0]], by[pair[1]]; a != nil && b != nil {
			each := turns(a, b)
			fmt.Fprintf(out, "  %s: %s ÷ %s = %.2f (%.2f to %.2f)\n", s.Name, a.Variant, b.Variant, median(each), slices.Min(each), slices.Max(each))
		}
	}
}

// turns is the ratio of two variants in each turn in which both rounds count, or
// in all if there is no such turn.
func turns(a, b *result) (counting []float64) {
	var all []float64
	for i := range a.Rounds {
		x, y := a.Rounds[i], b.Rounds[i]
		all = append(all, x.Cost/max(y.Cost, 1e-3))
		if x.Invalid == "" && y.Invalid == "" {
			counting = append(counting, all[i])
		}
	}
	if len(counting) == 0 {
		return all
	}
	return counting
}

// save writes all results as JSON.
func save(path string, results []*result) error {
	text, err := json.MarshalIndent(results, "", " ")
	if err != nil {
		return err
	}
	if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
		return err
	}
	return os.WriteFile(path, append(text, '\n'), 0o644)
}
