package main

import (
	"bufio"
	"io"
	"os"
	"regexp"
	"strconv"
	"strings"
)

// benchmark is one run of a benchmark that go test -bench printed.
type benchmark struct {
	Name    string             `json:"name"`
	Figures map[string]float64 `json:"figures"` // by unit
}

// processors is what go test puts behind the name of a benchmark.
var processors = regexp.MustCompile(`-\d+$`)

// readBenchmarks reads a file of what go test -bench printed; an empty path has none.
func readBenchmarks(path string) ([]benchmark, error) {
	if path == "" {
		return nil, nil
	}
	f, err := os.Open(path)
	if err != nil {
		return nil, err
	}
	defer f.Close()
	return parseBenchmarks(f)
}

// parseBenchmarks reads Go's benchmark format: a name, how often it ran, and then
// values with their units. All other lines are passed over.
func parseBenchmarks(text io.Reader) (all []benchmark, err error) {
	lines := bufio.NewScanner(text)
	for lines.Scan() {
		fields := strings.Fields(lines.Text())
		if len(fields) < 4 || len(fields)%2 != 0 || !strings.HasPrefix(fields[0], "Benchmark") {
			continue
		}
		ran := benchmark{Name: processors.ReplaceAllString(fields[0], ""), Figures: map[string]float64{}}
		for i := 2; i < len(fields); i += 2 {
			value, err := strconv.ParseFloat(fields[i], 64)
			if err != nil {
				break
			}
			ran.Figures[fields[i+1]] = value
		}
		all = append(all, ran)
	}
	return all, lines.Err()
}
