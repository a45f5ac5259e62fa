package room

import (
	"errors"
	"strings"
	"testing"
	"unicode"
	"unicode/utf8"
)

func TestCleanName(t *testing.T) {
	for _, c := range []struct{ given, want, code string }{
		{"Ada", "Ada", ""},
		{"  김 하늘\t\n", "김 하늘", ""},
		{"Ada\r\nLovelace", "Ada Lovelace", ""},
		{"\u202eevil\u202c", "evil", ""},
		{"a\u0000b\u200bc\ufeff", "abc", ""},
		{"👩\u200d👩\u200d👧", "👩\u200d👩\u200d👧", ""},
		{"", "", codeBadMessage},
		{" \t ", "", codeBadMessage},
		{"\u200d\u3164\u2800", "", codeBadMessage},
		{"a\xff", "", codeBadMessage},
		{strings.Repeat("a", 64), strings.Repeat("a", 64), ""},
		{strings.Repeat("a", 65), "", codeTooBig},
		{strings.Repeat("가", 42), strings.Repeat("가", 42), ""},
		{strings.Repeat("가", 43), "", codeTooBig},
		{"e" + strings.Repeat("\u0301", 60), "e" + strings.Repeat("\u0301", 60), ""},
		{"e" + strings.Repeat("\u0301", 64), "", codeTooBig},
		{strings.Repeat(" ", 1<<20), "", codeTooBig},
	} {
		got, err := CleanName(c.given)
		var refusal *Error
		if errors.As(err, &refusal); got != c.want || code(refusal) != c.code {
			t.Errorf("CleanName(%.40q) = %q, %v; want %q, %q", c.given, got, err, c.want, c.code)
		}
	}
}

func FuzzCleanName(f *testing.F) {
	for _, seed := range []string{"Ada", "김 하늘", "\u202e x", "", "\xff", "a\u0301\u200d"} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, given string) {
		name, err := CleanName(given)
		if err != nil {
			return
		}
		if !utf8.ValidString(name) || len(name) > maxNameBytes || strings.TrimSpace(name) != name || name == "" {
			t.Fatalf("CleanName(%q) = %q", given, name)
		}
		if strings.ContainsFunc(name, unicode.IsControl) || strings.ContainsAny(name, "\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069\u200e\u200f") {
			t.Fatalf("CleanName(%q) = %q", given, name)
		}
		if again, err := CleanName(name); again != name || err != nil {
			t.Fatalf("cleaned twice %q becomes %q, %v", name, again, err)
		}
	})
}
