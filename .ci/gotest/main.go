// Command gotest reads the JSON of go test -json, keeps it in a file for
// .ci/rows, and prints what a person wants to see of it: a line for every
// package, and the whole output of tests that failed. It fails if a test did.
package main

import (
	"bufio"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"strings"
)

func main() {
	if err := filter(os.Stdin, os.Stdout, os.Args[1]); err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}

// event is a line of go test -json; see go doc test2json.
type event struct {
	Action, Package, Test, Output string
	ImportPath                    string // of what did not build
	Elapsed                       float64
}

var errFailed = errors.New("there are tests that failed")

func filter(in io.Reader, out io.Writer, keep string) error {
	file, err := os.Create(keep)
	if err != nil {
		return err
	}
	defer file.Close()
	lines := bufio.NewScanner(io.TeeReader(in, file))
	lines.Buffer(nil, 16<<20)
	said := map[string]*strings.Builder{} // by package and test, until it is known how it went
	failed := false
	for lines.Scan() {
		var e event
		if json.Unmarshal(lines.Bytes(), &e) != nil {
			fmt.Fprintln(out, lines.Text()) // a failure of the go command itself
			failed = true
			continue
		}
		failed = e.print(out, said) || failed
	}
	if err := lines.Err(); err != nil {
		return err
	}
	if failed {
		return errFailed
	}
	return file.Close()
}

// print prints what is due and tells whether something failed.
func (e event) print(out io.Writer, said map[string]*strings.Builder) bool {
	name := e.Package + " " + e.Test
	switch e.Action {
	case "build-output":
		fmt.Fprint(out, e.Output)
	case "output":
		if said[name] == nil {
			said[name] = &strings.Builder{}
		}
		said[name].WriteString(e.Output)
	case "build-fail":
		return true
	case "pass", "skip", "fail":
		if e.Action == "fail" {
			fmt.Fprint(out, said[name])
		} else if e.Test == "" && e.Action == "pass" {
			fmt.Fprintf(out, "ok    %-40s %6.1f s\n", e.Package, e.Elapsed)
		}
		delete(said, name)
		return e.Action == "fail"
	}
	return false
}
