package configs

import (
	"fmt"
	"strings"
)

// Problem is one thing that is wrong with the configuration.
type Problem struct {
	// Place is file:line:col, a variable or a flag; empty where the problem is
	// that something is missing everywhere.
	Place string
	// Setting is the path of what is wrong, as ice.udp_port; may be empty.
	Setting string
	// Text says what is wrong, and what may have been meant.
	Text string
	// Excerpt is the line of the file and a caret under the place, or empty.
	// Secrets in it are masked.
	Excerpt string
}

// String is the problem as people read it, without a newline at its end.
func (p Problem) String() string {
	var b strings.Builder
	for _, part := range []string{p.Place, p.Setting} {
		if part != "" {
			b.WriteString(part + ": ")
		}
	}
	b.WriteString(p.Text)
	if p.Excerpt != "" {
		b.WriteString("\n" + p.Excerpt)
	}
	return b.String()
}

// Problems is everything that is wrong, in the order of the file, then of the
// variables, then of the flags.
type Problems []Problem

// maxShown bounds what is printed of a file that is not a configuration at all.
const maxShown = 50

// Error lists all problems.
func (ps Problems) Error() string {
	var b strings.Builder
	for i, p := range ps {
		if i > 0 {
			b.WriteByte('\n')
		}
		if i == maxShown {
			fmt.Fprintf(&b, "… and %d more", len(ps)-i)
			break
		}
		b.WriteString(p.String())
	}
	return b.String()
}
