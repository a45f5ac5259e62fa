package main

import (
	"math"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// costing is a result whose rounds cost so much; what costs nothing does not count.
func costing(experiment, scenario, variant string, costs ...float64) *result {
	r := &result{Experiment: experiment, Variant: variant}
	r.Scenario.Name = scenario
	for _, c := range costs {
		n := round{Cost: c}
		if c == 0 {
			n.Invalid = "others took the core"
		}
		r.Rounds = append(r.Rounds, n)
	}
	return r
}

func TestVerdicts(t *testing.T) {
	cases := []struct {
		name    string
		results []*result
		what    string
		median  float64
		want    string
	}{
		{"enough", []*result{costing("1x200", "1x200", "plain", 8, 12, 8), costing("1x200", "1x200", "madang", 2, 2, 2)}, "1x200: plain ÷ madang", 4, met},
		{"too little", []*result{costing("1x200", "1x200", "plain", 6, 12, 6), costing("1x200", "1x200", "madang", 2, 2, 2)}, "1x200: plain ÷ madang", 3, notMet},
		{"just so", []*result{costing("1x200", "1x200", "madang", 3), costing("1x200", "1x200", "floor", 1)}, "1x200: madang ÷ floor", 3, met},
		{"too much", []*result{costing("1x200", "1x200", "madang", 4), costing("1x200", "1x200", "floor", 1)}, "1x200: madang ÷ floor", 4, notMet},
		{"one that is invalid in each turn", []*result{costing("1x200", "1x200", "madang", 2, 0, 2), costing("1x200", "1x200", "floor", 0, 1, 1)}, "1x200: madang ÷ floor", 2, invalid},
		{"cheaper as it grows", []*result{costing("rooms", "1", "madang", 9), costing("rooms", "20", "madang", 5), costing("rooms", "200", "madang", 4)}, "rooms 1 → 200: growth of cost", 0.8, met},
		{"dearer than the one before", []*result{costing("rooms", "1", "madang", 9), costing("rooms", "20", "madang", 4), costing("rooms", "200", "madang", 6)}, "rooms 1 → 200: growth of cost", 1.5, notMet},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			found := judge(&report{Rounds: len(c.results[0].Rounds), Results: c.results})
			for _, v := range found {
				if v.What == c.what {
					if math.Abs(v.Median-c.median) > 1e-9 || v.Result != c.want {
						t.Errorf("%v: %s", v.Median, v.Result)
					}
					return
				}
			}
			t.Errorf("no verdict of it in %v", found)
		})
	}
}

func TestBenchmarksAreHeldToTheirLines(t *testing.T) {
	ran, err := parseBenchmarks(strings.NewReader(`goos: linux
BenchmarkChatLine/together-4         	      60	         0 ns/op	         4.100 core-ms/line	         1.100 idle-ms/line	       0 allocs/op
BenchmarkForwardSealed/frames_of_1/feedback=true 	 1000000	       600.5 ns/op	       3 B/op	       0 allocs/op
PASS
`))
	if err != nil {
		t.Fatal(err)
	}
	verdicts := judge(&report{Benchmarks: ran})
	if len(verdicts) != 3 {
		t.Fatalf("got %v", verdicts)
	}
	if v := verdicts[0]; v.Row != "allocations" || v.Result != notMet || !v.strict || v.Median != 3 {
		t.Errorf("of the loop: %+v", v)
	}
	if v := verdicts[1]; v.Row != "allocations" || v.Result != invalid {
		t.Errorf("of what did not run: %+v", v)
	}
	if v := verdicts[2]; v.Row != "chat" || v.Result != met || math.Abs(v.Median-3) > 1e-9 {
		t.Errorf("of a line of chat: %+v", v)
	}
}

func TestRowIsShownIfAllItsVerdictsAre(t *testing.T) {
	r := &report{Verdicts: []verdict{
		{Row: "portable", Result: met}, {Row: "meetings", Result: met}, {Row: "portable", Result: met},
		{Row: "meetings", What: "40x4", Median: 3, Least: 2, Most: 4, Turns: 3, Needed: "≥ 3.3", Result: notMet},
	}}
	path := filepath.Join(t.TempDir(), "notes.tsv")
	if err := r.note(path, true); err != nil {
		t.Fatal(err)
	}
	text, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	if want := "bench\tok\nbench.portable\tok\nbench.meetings\tnot met: 40x4 is 3.00 (2.00 to 4.00), needed ≥ 3.3\n"; string(text) != want {
		t.Errorf("got:\n%s", text)
	}
}

// TestLinesNameWhatIsMeasured: a line that nothing measures would be silent.
func TestLinesNameWhatIsMeasured(t *testing.T) {
	r := &report{Benchmarks: []benchmark{
		{"BenchmarkForwardSealed/frames_of_1/feedback=true", map[string]float64{"B/op": 0}},
		{"BenchmarkChatLine/together", map[string]float64{"core-ms/line": 1}},
	}}
	for _, e := range experiments() {
		for _, variant := range e.Variants {
			if e.Standing {
				r.Standing = append(r.Standing, &standing{Experiment: e.Name, Variant: variant, Rounds: []round{{Cost: 1}}})
				continue
			}
			for _, sc := range e.Scenarios {
				r.Results = append(r.Results, costing(e.Name, sc.Name, variant, 1))
			}
		}
	}
	if verdicts := judge(r); len(verdicts) != len(lines()) {
		t.Errorf("%d verdicts of %d lines", len(verdicts), len(lines()))
	}
}
