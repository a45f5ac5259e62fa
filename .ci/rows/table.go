package main

import (
	"fmt"
	"io"
	"strings"
)

// milestone is an issue of the plan and its rows.
type milestone struct {
	id, title string
	built     bool
	rows      []row
}

// row is one thing that must be shown, and by what.
type row struct {
	id, by, title string
}

// byHand tells whether make test does not run what shows a row, for it takes
// too long or has the machine for itself.
func byHand(by string) (target string, ok bool) {
	switch {
	case strings.HasPrefix(by, "soak:"):
		return "make soak", true
	case strings.HasPrefix(by, "overload:"):
		return "make overload", true
	case by == "step:bench", strings.HasPrefix(by, "step:bench."):
		return "make bench", true
	case by == "step:lighthouse":
		return "make lighthouse", true
	}
	return "", false
}

// parseTable reads .ci/rows.tsv; the head of that file describes it.
func parseTable(text string) ([]milestone, error) {
	var out []milestone
	seen := map[string]bool{}
	for i, line := range strings.Split(text, "\n") {
		if line == "" || strings.HasPrefix(line, "#") {
			continue
		}
		fields := strings.Split(line, "\t")
		if len(fields) != 3 || seen[fields[0]] {
			return nil, fmt.Errorf("rows.tsv:%d: needs three fields and an id of its own", i+1)
		}
		seen[fields[0]] = true
		group, _, isRow := strings.Cut(fields[0], ".")
		switch {
		case !isRow:
			out = append(out, milestone{id: group, title: fields[2], built: fields[1] == "built"})
		case len(out) == 0 || out[len(out)-1].id != group:
			return nil, fmt.Errorf("rows.tsv:%d: %s stands outside its milestone", i+1, fields[0])
		default:
			last := &out[len(out)-1]
			last.rows = append(last.rows, row{fields[0], fields[1], fields[2]})
		}
	}
	return out, nil
}

// report prints a milestone and tells whether it holds.
func report(w io.Writer, m milestone, results results, ci bool) bool {
	if !m.built {
		fmt.Fprintf(w, "\n%s %s: not built yet\n", m.id, m.title)
		for _, r := range m.rows {
			fmt.Fprintf(w, "  not built  %-30s %s\n", r.id, r.title)
		}
		return true
	}
	ok, shown := true, 0
	fmt.Fprintf(w, "\n%s %s\n", m.id, m.title)
	for _, r := range m.rows {
		got := results.of(r)
		target, hand := byHand(r.by)
		if hand && got.state == unknown {
			got = result{state: skipped, why: "run " + target}
		}
		switch got.state {
		case passed:
			shown++
		case failed:
			ok = false
		default:
			ok = ok && (hand || !ci)
		}
		why := ""
		if got.why != "" {
			why = " (" + got.why + ")"
		}
		fmt.Fprintf(w, "  %-9s  %-30s %s%s\n", got.state, r.id, r.title, why)
	}
	fmt.Fprintf(w, "  %d of %d shown\n", shown, len(m.rows))
	return ok
}
