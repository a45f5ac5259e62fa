package configs

import (
	"strings"
	"testing"
)

func TestNearest(t *testing.T) {
	choices := []string{"udp_port", "public_ips", "interfaces", "off", "self-signed"}
	for text, want := range map[string]string{
		"udp_prt": "udp_port", "UDP-PORT": "udp_port", "udpport": "udp_port", "upd_port": "udp_port",
		"interface": "interfaces", "of": "off", "selfsigned": "self-signed", "on": "", "banana": "", "": "",
		strings.Repeat("x", 100000): "",
	} {
		if got := nearest(text, choices); got != want {
			t.Errorf("nearest(%.20q) = %q, want %q", text, got, want)
		}
	}
}

func TestExcerptPointsAtThePlace(t *testing.T) {
	long := strings.Repeat("가", 100) + "x: y"
	cases := []struct {
		line         string
		column       int
		text, marker string
	}{
		{"a: b", 4, "a: b", "   ^"},
		{"\ta: b", 5, "\ta: b", "\t   ^"},
		{"가: b", 4, "가: b", "    ^"},
		{"a:\x1b[31m", 3, "a:?[31m", "  ^"},
		{"a", 9, "a", " ^"},
		{long, 101, "…" + strings.Repeat("가", 60) + "x: y", " " + strings.Repeat("  ", 60) + "^"},
	}
	for _, c := range cases {
		s := newSource("f", []byte(c.line), nil)
		want := "    1 | " + c.text + "\n      | " + c.marker
		if got := s.excerpt(1, c.column); got != want {
			t.Errorf("got\n%s\nwant\n%s", got, want)
		}
	}
	s := newSource("f", []byte("a"), nil)
	for _, at := range [][2]int{{0, 1}, {2, 1}, {1, 0}} {
		if got := s.excerpt(at[0], at[1]); got != "" {
			t.Errorf("%v shows %q", at, got)
		}
	}
}
