package main

import (
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

func TestFilterPrintsWhatFailed(t *testing.T) {
	cases := []struct {
		name, in, want, not string
		err                 error
	}{
		{"pass", `{"Action":"output","Package":"p","Test":"TestA","Output":"quiet\n"}` + "\n" +
			`{"Action":"pass","Package":"p","Test":"TestA"}` + "\n" + `{"Action":"pass","Package":"p","Elapsed":1.5}`,
			"ok    p", "quiet", nil},
		{"fail", `{"Action":"output","Package":"p","Test":"TestA","Output":"loud\n"}` + "\n" +
			`{"Action":"fail","Package":"p","Test":"TestA"}`, "loud", "ok", errFailed},
		{"does not build", `{"Action":"build-output","Output":"undefined: x\n"}` + "\n" + `{"Action":"build-fail"}`,
			"undefined: x", "ok", errFailed},
		{"not JSON", "no such folder", "no such folder", "ok", errFailed},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			var out strings.Builder
			keep := filepath.Join(t.TempDir(), "kept")
			err := filter(strings.NewReader(c.in), &out, keep)
			if !errors.Is(err, c.err) || !strings.Contains(out.String(), c.want) || strings.Contains(out.String(), c.not) {
				t.Errorf("error %v, printed:\n%s", err, out.String())
			}
			if kept, _ := os.ReadFile(keep); string(kept) != c.in {
				t.Errorf("kept %q", kept)
			}
		})
	}
}
