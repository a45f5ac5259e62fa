// Command rows lists the acceptance rows of .ci/rows.tsv with what the last run
// of the tests says of each: shown, skipped and why, or failed. It exits 1 if a
// row of a milestone that is built failed, if one names a test that does not exist,
// and in CI (the variable CI is set) also if one was not shown.
package main

import (
	"fmt"
	"os"
)

func main() {
	ok, err := list(".ci/rows.tsv", ".results", os.Getenv("CI") != "")
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
	if !ok {
		os.Exit(1)
	}
}

func list(tablePath, resultsPath string, ci bool) (bool, error) {
	text, err := os.ReadFile(tablePath)
	if err != nil {
		return false, err
	}
	milestones, err := parseTable(string(text))
	if err != nil {
		return false, err
	}
	there, err := findTests(os.DirFS("."))
	if err != nil {
		return false, err
	}
	if err := there.check(milestones); err != nil {
		return false, err
	}
	results, err := readResults(resultsPath)
	if err != nil {
		return false, err
	}
	ok := true
	for _, m := range milestones {
		ok = report(os.Stdout, m, results, ci) && ok
	}
	return ok, nil
}
