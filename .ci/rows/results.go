package main

import (
	"bufio"
	"encoding/json"
	"errors"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"regexp"
	"strings"
)

// state is how a test went.
type state int

const (
	unknown state = iota
	skipped
	passed
	failed
)

func (s state) String() string { return [...]string{"not run", "skipped", "shown", "FAILED"}[s] }

// result is how a test went in all its runs, and for a skip why.
type result struct {
	state state
	why   string
}

// results are by the name that rows.tsv gives a test, such as go:TestX.
type results map[string]result

// of is the result of what shows a row.
func (rs results) of(r row) result {
	got := rs[r.by]
	if got.state == unknown {
		got.why = "no result of " + r.by
	}
	return got
}

// add merges a run: a failure holds over a pass, which holds over a skip.
func (rs results) add(name string, r result) {
	if r.state > rs[name].state {
		rs[name] = r
	}
}

// readResults reads everything that a run of the tests left in a folder.
func readResults(dir string) (results, error) {
	rs := results{}
	readers := []struct {
		pattern string
		read    func(io.Reader, results) error
	}{{"go-*.json", readGo("go:")}, {"soak.json", readGo("soak:")}, {"overload.json", readGo("overload:")}, {"*.tap", readTAP}, {"*.tsv", readSteps}}
	for _, reader := range readers {
		names, err := filepath.Glob(filepath.Join(dir, reader.pattern))
		if err != nil {
			return nil, err
		}
		for _, name := range names {
			file, err := os.Open(name)
			if errors.Is(err, fs.ErrNotExist) {
				continue
			} else if err != nil {
				return nil, err
			}
			err = reader.read(file, rs)
			file.Close()
			if err != nil {
				return nil, err
			}
		}
	}
	return rs, nil
}

// skipReason is what t.Skip printed, after the place.
var skipReason = regexp.MustCompile(`^\s+\S+\.go:\d+: (.*)`)

// readGo reads go test -json.
func readGo(prefix string) func(io.Reader, results) error {
	return func(r io.Reader, rs results) error {
		said := map[string]string{} // the last line of a test that has a place
		lines := bufio.NewScanner(r)
		lines.Buffer(nil, 16<<20)
		for lines.Scan() {
			var e struct{ Action, Package, Test, Output string }
			if json.Unmarshal(lines.Bytes(), &e) != nil || e.Test == "" {
				continue
			}
			key, name := e.Package+" "+e.Test, prefix+e.Test
			switch e.Action {
			case "output":
				if m := skipReason.FindStringSubmatch(e.Output); m != nil {
					said[key] = m[1]
				}
			case "pass":
				rs.add(name, result{state: passed})
			case "fail":
				rs.add(name, result{state: failed})
			case "skip":
				rs.add(name, result{skipped, said[key]})
			}
		}
		return lines.Err()
	}
}

// tapLine is a test point of the Test Anything Protocol, at any depth.
var tapLine = regexp.MustCompile(`^\s*(not )?ok \d+ - (.*?)(?: # (SKIP|TODO)(?: (.*))?)?$`)

// readTAP reads what the browser tests said.
func readTAP(r io.Reader, rs results) error {
	lines := bufio.NewScanner(r)
	lines.Buffer(nil, 16<<20)
	for lines.Scan() {
		m := tapLine.FindStringSubmatch(lines.Text())
		if m == nil {
			continue
		}
		name := "web:" + strings.ReplaceAll(m[2], `\#`, "#")
		switch {
		case m[3] != "":
			rs.add(name, result{skipped, m[4]})
		case m[1] != "":
			rs.add(name, result{state: failed})
		default:
			rs.add(name, result{state: passed})
		}
	}
	return lines.Err()
}

// readSteps reads the notes of the steps of make: name, tab, and ok, failed, or why
// it is not shown though nothing failed.
func readSteps(r io.Reader, rs results) error {
	lines := bufio.NewScanner(r)
	for lines.Scan() {
		name, how, _ := strings.Cut(lines.Text(), "\t")
		r := result{state: failed}
		switch how {
		case "ok":
			r.state = passed
		case "failed":
		default:
			r = result{skipped, how}
		}
		rs.add("step:"+name, r)
	}
	return lines.Err()
}
