package main

import (
	"fmt"
	"io/fs"
	"path"
	"regexp"
	"strings"
)

// tests are all tests that there are, as their sources have them.
type tests struct {
	bodies map[string]string // of a Go test's name, all tests of its folder
	titles []*regexp.Regexp  // of the browser tests
	steps  map[string]bool   // of make test
}

var (
	goTest = regexp.MustCompile(`(?m)^func (Test\w+)\(t \*testing\.T\)`)
	// webTest is a test or a subtest with its title: a string, or a template whose
	// values are not known here.
	webTest  = regexp.MustCompile("\\b(?:test|it)\\(\\s*(\"(?:[^\"\\\\]|\\\\.)*\"|`[^`]*`)")
	template = regexp.MustCompile(`\\\$\\\{.*?\\\}`)
	testStep = regexp.MustCompile(`(?m)^step (\w+)`)
)

// findTests reads the tests of everything below a folder.
func findTests(from fs.FS) (tests, error) {
	found := tests{bodies: map[string]string{}, steps: map[string]bool{}}
	folders := map[string]string{}
	err := fs.WalkDir(from, ".", func(name string, entry fs.DirEntry, err error) error {
		base := path.Base(name)
		switch {
		case err != nil:
			return err
		case entry.IsDir() && (base == "node_modules" || base == "output" || strings.HasPrefix(base, ".") && base != "." && base != ".ci"):
			return fs.SkipDir
		case strings.HasSuffix(base, "_test.go"):
			text, err := fs.ReadFile(from, name)
			folders[path.Dir(name)] += string(text)
			return err
		case strings.HasSuffix(base, ".test.js"):
			text, err := fs.ReadFile(from, name)
			found.addTitles(string(text))
			return err
		case name == ".ci/test":
			text, err := fs.ReadFile(from, name)
			for _, match := range testStep.FindAllStringSubmatch(string(text), -1) {
				found.steps[match[1]] = true
			}
			return err
		}
		return nil
	})
	for _, text := range folders {
		for _, match := range goTest.FindAllStringSubmatch(text, -1) {
			found.bodies[match[1]] += text
		}
	}
	return found, err
}

func (ts *tests) addTitles(text string) {
	for _, match := range webTest.FindAllStringSubmatch(text, -1) {
		title := match[1][1 : len(match[1])-1]
		if match[1][0] == '"' {
			title = strings.ReplaceAll(title, `\"`, `"`)
		}
		pattern := template.ReplaceAllString(regexp.QuoteMeta(title), ".+")
		ts.titles = append(ts.titles, regexp.MustCompile("^"+pattern+"$"))
	}
}

// has tells whether what shows a row exists.
func (ts *tests) has(by string) bool {
	kind, name, _ := strings.Cut(by, ":")
	switch kind {
	case "go", "soak", "overload":
		top, sub, isSub := strings.Cut(name, "/")
		body, ok := ts.bodies[top]
		return ok && (!isSub || subtest(sub).MatchString(body))
	case "web":
		for _, title := range ts.titles {
			if title.MatchString(name) {
				return true
			}
		}
		return false
	case "step":
		_, hand := byHand(by)
		return hand || ts.steps[name]
	}
	return true
}

// subtest finds the name of a subtest as its source has it, in quotes: with spaces where
// go test writes underscores.
func subtest(name string) *regexp.Regexp {
	return regexp.MustCompile("[\"`]" + strings.ReplaceAll(regexp.QuoteMeta(name), "_", "[ _]") + "[\"`]")
}

// check returns an error that names every row whose test exists nowhere.
func (ts *tests) check(milestones []milestone) error {
	var lost []string
	for _, m := range milestones {
		for _, r := range m.rows {
			if !ts.has(r.by) {
				lost = append(lost, fmt.Sprintf("rows.tsv: %s is shown by %s, which does not exist", r.id, r.by))
			}
		}
	}
	if len(lost) > 0 {
		return fmt.Errorf("%s", strings.Join(lost, "\n"))
	}
	return nil
}
