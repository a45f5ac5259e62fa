package main

import (
	"strings"
	"testing"
)

const table = `# head
M1	built	First
M1.a	go:TestA/sub	a
M1.b	web:it # works	b
M1.c	soak:TestSoakC	c
M1.d	step:lighthouse	d
M2	not built	Second
M2.a	-	d
`

func TestReportSaysWhatEachRowIs(t *testing.T) {
	ms, err := parseTable(table)
	if err != nil {
		t.Fatal(err)
	}
	goPass := `{"Action":"pass","Test":"TestA/sub"}`
	goSkip := `{"Action":"output","Test":"TestA/sub","Output":"    a_test.go:3: no root\n"}` + "\n" + `{"Action":"skip","Test":"TestA/sub"}`
	goFail := `{"Action":"fail","Test":"TestA/sub"}`
	cases := []struct {
		name, goJSON, tap string
		ci, ok            bool
		want              string
	}{
		{"all shown", goPass, "    ok 1 - it \\# works", true, true, "2 of 4 shown"},
		{"skipped elsewhere", goSkip, "ok 1 - it \\# works # SKIP no display", false, true, "b (no display)"},
		{"skipped in CI", goSkip, "ok 1 - it \\# works", true, false, "a (no root)"},
		{"skipped once, shown once", goSkip + "\n" + goPass, "ok 1 - it \\# works", true, true, "shown      M1.a"},
		{"shown once, failed once", goPass + "\n" + goFail, "ok 1 - it \\# works", false, false, "FAILED     M1.a"},
		{"browser failed", goPass, "not ok 1 - it \\# works", false, false, "FAILED     M1.b"},
		{"nothing ran in CI", "", "", true, false, "a (no result of go:TestA/sub)"},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			rs := results{}
			if err := readGo("go:")(strings.NewReader(c.goJSON), rs); err != nil {
				t.Fatal(err)
			}
			if err := readTAP(strings.NewReader(c.tap), rs); err != nil {
				t.Fatal(err)
			}
			var out strings.Builder
			ok := true
			for _, m := range ms {
				ok = report(&out, m, rs, c.ci) && ok
			}
			if ok != c.ok || !strings.Contains(out.String(), c.want) || !strings.Contains(out.String(), "not built  M2.a") {
				t.Errorf("ok is %v, printed:\n%s", ok, out.String())
			}
		})
	}
}

func TestTableMistakes(t *testing.T) {
	for _, text := range []string{"M1\tbuilt", "M1.a\t-\tx", "M1\tbuilt\tx\nM1\tbuilt\tx", "M1\tbuilt\tx\nM2.a\t-\tx"} {
		if _, err := parseTable(text); err == nil {
			t.Errorf("%q is taken", text)
		}
	}
}

func TestStepsAreRows(t *testing.T) {
	rs := results{}
	if err := readSteps(strings.NewReader("fuzz\tok\nvet\tfailed\nbench.floor\tnot met: 4, needed ≤ 3\n"), rs); err != nil {
		t.Fatal(err)
	}
	if rs["step:fuzz"].state != passed || rs["step:vet"].state != failed || rs["step:bench.floor"] != (result{skipped, "not met: 4, needed ≤ 3"}) {
		t.Errorf("got %v", rs)
	}
}
