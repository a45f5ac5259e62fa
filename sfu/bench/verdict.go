package main

import (
	"fmt"
	"io"
	"slices"
	"text/tabwriter"
)

// line is one thing that is demanded of the figures.
type line struct {
	row    string // that it shows, of .ci/rows.tsv
	what   string
	least  bool // else the bound is the most that it may be
	bound  float64
	strict bool // the same on any machine, however busy: the bench fails with it
	sample func(*report) sample
}

// sample is what was measured for a line: a value of each turn of the rounds that
// counts.
type sample struct {
	values   []float64
	measured bool
	sure     bool // however few the values are
}

// verdict is a line and what was measured for it.
type verdict struct {
	Row    string  `json:"row"`
	What   string  `json:"what"`
	Needed string  `json:"needed"`
	Median float64 `json:"measured"`
	Least  float64 `json:"min"`
	Most   float64 `json:"max"`
	Turns  int     `json:"turns"` // that count
	Result string  `json:"result"`
	strict bool
}

// What a verdict may be.
const (
	met     = "met"
	notMet  = "not met"
	invalid = "invalid" // not half of the rounds that were asked for count
)

// lines are what is demanded. Cost is CPU per packet that reached a member.
func lines() []line {
	return []line{
		{"webinar", "1x200: plain ÷ madang", true, 3.8, false, quotient("1x200", "plain", "madang", cost)},
		{"meetings", "10x10: plain ÷ madang", true, 3.3, false, quotient("10x10", "plain", "madang", cost)},
		{"meetings", "40x4: plain ÷ madang", true, 3.3, false, quotient("40x4", "plain", "madang", cost)},
		{"floor", "1x200: madang ÷ floor", false, 3, false, quotient("1x200", "madang", "floor", cost)},
		{"portable", "1x200: plain ÷ portable", true, 2, false, quotient("1x200", "plain", "portable", cost)},
		{"portable", "10x10: plain ÷ portable", true, 1.5, false, quotient("10x10", "plain", "portable", cost)},
		{"feedback", "1x200: madang ÷ madang-nofeedback", false, 1.15, false, quotient("1x200", "madang", "madang-nofeedback", cost)},
		{"feedback", "10x10: madang ÷ madang-nofeedback", false, 1.15, false, quotient("10x10", "madang", "madang-nofeedback", cost)},
		{"feedback", "40x4: madang ÷ madang-nofeedback", false, 1.15, false, quotient("40x4", "madang", "madang-nofeedback", cost)},
		{"feedback", "audio: madang ÷ madang-nofeedback", false, 1.15, false, quotient("audio", "madang", "madang-nofeedback", cost)},
		{"allocations", "1x200: allocations per packet", false, 0.1, false, plainly("1x200", "madang", allocations)},
		{"allocations", "10x10: allocations per packet", false, 0.1, false, plainly("10x10", "madang", allocations)},
		{"allocations", "40x4: allocations per packet", false, 0.1, false, plainly("40x4", "madang", allocations)},
		{"allocations", "loop's own benchmark, frames of 1: bytes per packet", false, 0, true, benchmarked("BenchmarkForwardSealed/frames_of_1/feedback=true", "B/op", "")},
		{"allocations", "loop's own benchmark, frames of 8: bytes per packet", false, 0, true, benchmarked("BenchmarkForwardSealed/frames_of_8/feedback=true", "B/op", "")},
		{"memory", "4 pairs: KB per receiver over bare", false, 20 + 2*4, true, beyond("memory4")},
		{"memory", "25 pairs: KB per receiver over bare", false, 20 + 2*25, true, beyond("memory25")},
		{"idle", "goroutines ÷ bare", false, 1.15, true, beside("idle", func(s *standing) float64 { return s.Goroutines })},
		{"idle", "heap ÷ bare", false, 1.15, true, beside("idle", func(s *standing) float64 { return s.Heap })},
		{"idle", "CPU ÷ bare", false, 1.15, false, resting("idle")},
		{"delay", "1x200 at half load: p50 madang ÷ plain", false, 1, false, delayed("1x200", half)},
		{"delay", "1x200 at half load: p99 madang ÷ plain", false, 1, false, delayed("1x200", nearlyAll)},
		{"delay", "10x10 at half load: p50 madang ÷ plain", false, 1, false, delayed("10x10", half)},
		{"delay", "10x10 at half load: p99 madang ÷ plain", false, 1, false, delayed("10x10", nearlyAll)},
		{"scale", "subscribers 50 → 800: growth of cost", false, 1.25, false, growth("subscribers")},
		{"scale", "rooms 1 → 200: growth of cost", false, 1.25, false, growth("rooms")},
		{"scale-flat", "subscribers 50 → 800: largest ÷ smallest cost", false, 1.25, false, span("subscribers")},
		{"scale-flat", "rooms 1 → 200: largest ÷ smallest cost", false, 1.25, false, span("rooms")},
		{"workers", "1x200: 2 workers ÷ 1", false, 1.1, false, within("workers", "1x200", "madang-2", "madang", cost)},
		{"workers", "40x4: 2 workers ÷ 1", false, 1.1, false, within("workers", "40x4", "madang-2", "madang", cost)},
		{"chat", "whole server: ms per line over idle", false, 4, false, benchmarked("BenchmarkChatLine/together", "core-ms/line", "idle-ms/line")},
	}
}

func cost(n round) float64        { return n.Cost }
func allocations(n round) float64 { return n.Allocations }
func half(n round) float64        { return n.DelayP50 }
func nearlyAll(n round) float64   { return n.DelayP99 }

// judge holds what was measured against what is demanded of it.
func judge(r *report) (all []verdict) {
	for _, l := range lines() {
		s := l.sample(r)
		if !s.measured {
			continue
		}
		v := verdict{Row: l.row, What: l.what, Needed: fmt.Sprintf("≤ %g", l.bound), Turns: len(s.values), Result: invalid, strict: l.strict}
		if l.least {
			v.Needed = fmt.Sprintf("≥ %g", l.bound)
		}
		if len(s.values) > 0 {
			v.Median, v.Least, v.Most = median(s.values), slices.Min(s.values), slices.Max(s.values)
		}
		if s.sure || 2*len(s.values) > r.Rounds {
			v.Result = notMet
			if v.Median == l.bound || v.Median > l.bound == l.least {
				v.Result = met
			}
		}
		all = append(all, v)
	}
	return all
}

// verdictTable prints the verdicts.
func verdictTable(out io.Writer, all []verdict) {
	w := tabwriter.NewWriter(out, 0, 0, 2, ' ', 0)
	fmt.Fprintln(w, "\nline\tneeded\tmeasured (spread)\tverdict")
	for _, v := range all {
		fmt.Fprintf(w, "%s\t%s\t%s\t%s\n", v.What, v.Needed, v.measured(), v.Result)
	}
	_ = w.Flush()
}

// measured is the median with its spread.
func (v verdict) measured() string {
	if v.Turns == 0 {
		return "unknown, as no round counts"
	}
	return fmt.Sprintf("%.2f (%.2f to %.2f)", v.Median, v.Least, v.Most)
}
