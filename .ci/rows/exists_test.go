package main

import (
	"os"
	"regexp"
	"strings"
	"testing"
	"testing/fstest"
)

func TestRowsOfTestsThatDoNotExistAreNamed(t *testing.T) {
	found, err := findTests(fstest.MapFS{
		"room/a_test.go":             {Data: []byte("func TestA(t *testing.T) {\n\tt.Run(\"two words\", nil)\n}\nfunc TestHelper() {}\n")},
		"room/b.go":                  {Data: []byte("func TestB(t *testing.T) {}\n")},
		".git/c_test.go":             {Data: []byte("func TestC(t *testing.T) {}\n")},
		"web/test/a.test.js":         {Data: []byte("test(\"it works\", () => {});\n  test(`after ${n} (or ${m}) seconds`, {}, () => {});\ntest(\n  \"a \\\"word\\\"\", f);\n")},
		".ci/test":                   {Data: []byte("step() { no; }\nstep fuzz .ci/fuzz 12\n")},
		"web/node_modules/x.test.js": {Data: []byte("test(\"not ours\", f);\n")},
	})
	if err != nil {
		t.Fatal(err)
	}
	for by, want := range map[string]bool{
		"go:TestA": true, "go:TestA/two_words": true, "go:TestA/three_words": false, "soak:TestA": true,
		"go:TestHelper": false, "go:TestB": false, "go:TestC": false, "go:Test": false,
		"web:it works": true, "web:it": false, "web:after 5 (or 6) seconds": true, "web:after (or 6) seconds": false,
		`web:a "word"`: true, "web:not ours": false, "step:fuzz": true, "step:no": false, "step:bench.floor": true, "-": true,
	} {
		if found.has(by) != want {
			t.Errorf("%s exists: %t", by, !want)
		}
	}
	err = found.check([]milestone{{rows: []row{{id: "M1.a", by: "go:TestA"}, {id: "M1.b", by: "go:TestB"}, {id: "M1.c", by: "web:c"}}}})
	if err == nil || strings.Contains(err.Error(), "M1.a") || !strings.Contains(err.Error(), "M1.b") || !strings.Contains(err.Error(), "M1.c") {
		t.Errorf("says %v", err)
	}
}

func TestEveryRowNamesATestThatExists(t *testing.T) {
	text, err := os.ReadFile("../rows.tsv")
	if err != nil {
		t.Fatal(err)
	}
	milestones, err := parseTable(string(text))
	if err != nil {
		t.Fatal(err)
	}
	found, err := findTests(os.DirFS("../.."))
	if err != nil {
		t.Fatal(err)
	}
	if err := found.check(milestones); err != nil {
		t.Error(err)
	}
}

func TestSecurityNamesEveryItemOfASVS(t *testing.T) {
	found, err := findTests(os.DirFS("../.."))
	if err != nil {
		t.Fatal(err)
	}
	text, err := os.ReadFile("../../SECURITY.md")
	if err != nil {
		t.Fatal(err)
	}
	named := map[string]bool{}
	for _, name := range regexp.MustCompile(`\bTest\w+`).FindAllString(string(text), -1) {
		named[name] = true
		if !found.has("go:" + name) {
			t.Errorf("SECURITY.md names %s, which does not exist", name)
		}
	}
	for name := range found.bodies {
		if strings.HasPrefix(name, "TestASVS_") && !named[name] {
			t.Errorf("SECURITY.md does not name %s", name)
		}
	}
}
