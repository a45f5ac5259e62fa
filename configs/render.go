package configs

import (
	"fmt"
	"io"
	"reflect"
	"regexp"
	"strconv"
	"strings"
	"time"
)

// renderer writes a Config as YAML with comments.
type renderer struct {
	// above are the lines of the comment over a field; may be nil.
	above func(f field) []string
	// beside is the comment at the end of a setting's line; may be nil.
	beside func(f field) string
	out    strings.Builder
}

// render writes everything below f at an indentation.
func (r *renderer) render(f field, indent string) {
	for i, child := range f.children() {
		if r.above != nil {
			if i > 0 && indent == "" {
				r.out.WriteByte('\n')
			}
			for _, line := range r.above(child) {
				r.line(indent+"#", line)
			}
		}
		r.field(child, indent)
	}
}

// field writes one field: the key, and what is under it.
func (r *renderer) field(f field, indent string) {
	head := indent + f.key() + ":"
	switch {
	case f.section():
		r.line(head, "")
		r.render(f, indent+"  ")
	case f.list() && f.value.Len() > 0:
		r.line(head, "")
		for i := range f.value.Len() {
			item := &renderer{above: r.above, beside: r.beside}
			item.render(f.item(i), indent+"    ")
			r.out.WriteString(indent + "  - " + strings.TrimPrefix(item.out.String(), indent+"    "))
		}
	case r.beside != nil:
		r.line(fmt.Sprintf("%-40s", head+" "+scalar(f)), "# "+r.beside(f))
	default:
		r.line(head, scalar(f))
	}
}

func (r *renderer) line(head, tail string) {
	r.out.WriteString(strings.TrimRight(head+" "+tail, " ") + "\n")
}

// scalar is a setting's value as YAML; a secret's is masked.
func scalar(f field) string {
	switch v := f.value; {
	case f.secret() && v.String() != "":
		return text(mask)
	case isDuration(v):
		return formatDuration(time.Duration(v.Int()))
	case v.Kind() == reflect.Int:
		return strconv.FormatInt(v.Int(), 10)
	case v.Kind() == reflect.Slice:
		items := make([]string, v.Len())
		for i := range items {
			items[i] = scalar(f.item(i))
		}
		return "[" + strings.Join(items, ", ") + "]"
	default:
		return text(v.String())
	}
}

var (
	// plainText needs no quotes, in a list neither.
	plainText = regexp.MustCompile(`^[A-Za-z/][A-Za-z0-9_./-]*(:[0-9]+)?$`)
	// plainWord has a meaning of its own without quotes.
	plainWord = regexp.MustCompile(`^(?i:true|false|null)$`)
)

// text writes a text with quotes only where it needs them.
func text(s string) string {
	if plainText.MatchString(s) && !plainWord.MatchString(s) {
		return s
	}
	return strconv.Quote(s)
}

// Show writes the configuration as YAML with where each value came from, and
// secrets masked.
func (l *Loaded) Show(w io.Writer) error {
	r := &renderer{beside: func(f field) string {
		from := l.origins[f.path].String()
		if f.secret() && l.origins[f.path] == l.origins[f.path+"_file"] && f.value.String() != "" {
			from = "the file in " + f.path + "_file"
		}
		return from
	}}
	r.render(root(&l.Config), "")
	_, err := io.WriteString(w, r.out.String())
	return err
}
