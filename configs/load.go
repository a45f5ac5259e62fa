package configs

import (
	"cmp"
	"fmt"
	"slices"
)

// Sources are where a configuration is read from. What stands further down
// holds over what stands above.
type Sources struct {
	// File is the path of a YAML file; empty for none.
	File string
	// Environ are variables as os.Environ gives them; those that begin with
	// MADANG_ count.
	Environ []string
	// Flags are the flags that were given: path of the setting to text.
	Flags map[string]string
}

// Loaded is a configuration and where each of its values came from.
type Loaded struct {
	Config  Config
	origins map[string]origin
}

// Load reads a configuration. The error is [Problems], with everything that is
// wrong in all sources.
func Load(from Sources) (*Loaded, error) {
	l := newLoader()
	if from.File != "" {
		if data, problem := readFile(from.File); problem != "" {
			l.report(origin{layer: fileLayer, name: from.File}, "", problem)
		} else {
			l.file(from.File, data)
		}
	}
	return l.finish(from.Environ, from.Flags)
}

// layer is a kind of source; a later one holds over an earlier one.
type layer int

const (
	defaultLayer layer = iota
	fileLayer
	environmentLayer
	flagLayer
)

// origin is where a value came from.
type origin struct {
	layer layer
	// name is the file, the variable or the flag.
	name string
	// line and column are the place in the file, both from 1, 0 for the whole file.
	line, column int
}

// String is the origin as config show prints it.
func (o origin) String() string {
	switch {
	case o.layer == defaultLayer:
		return "default"
	case o.layer == fileLayer && o.line > 0:
		return fmt.Sprintf("%s:%d", o.name, o.line)
	}
	return o.name
}

// place is the origin as a problem names it.
func (o origin) place() string {
	if o.layer == fileLayer && o.line > 0 {
		return fmt.Sprintf("%s:%d:%d", o.name, o.line, o.column)
	}
	return o.name
}

// loader puts sources on top of each other and collects what is wrong.
type loader struct {
	config  Config
	origins map[string]origin // by path; sections and items of lists of the file too
	source  *source           // the file; nil without one
	broken  bool              // the file is not YAML: nothing is known of what it wants
	found   []finding
}

// finding is a problem with its origin, which orders it.
type finding struct {
	at            origin
	setting, text string
}

func newLoader() *loader {
	return &loader{config: Default(), origins: map[string]origin{}}
}

func (l *loader) report(at origin, setting, text string) {
	l.found = append(l.found, finding{at, setting, text})
}

// finish adds the environment and the flags to what the file gave, reads the
// secrets that stand in files, and checks the whole.
func (l *loader) finish(environ []string, flags map[string]string) (*Loaded, error) {
	l.environment(environ)
	l.flags(flags)
	if !l.broken {
		l.readSecrets()
		l.validate()
	}
	if len(l.found) > 0 {
		return nil, l.problems()
	}
	return &Loaded{Config: l.config, origins: l.origins}, nil
}

// validate maps what the packages say of their values back to the places where
// these came from. A value that could not be read was reported already.
func (l *loader) validate() {
	reported := map[string]bool{}
	for _, f := range l.found {
		reported[f.setting] = true
	}
	l.config.Validate(func(setting, problem string) {
		if !reported[setting] {
			l.report(l.nearestOrigin(setting), setting, problem)
		}
	})
}

// nearestOrigin is where a setting came from; for one that stands nowhere, where
// the section is that misses it.
func (l *loader) nearestOrigin(setting string) origin {
	for path := setting; path != ""; path = parent(path) {
		if at, ok := l.origins[path]; ok {
			return at
		}
	}
	return origin{}
}

// problems orders what was found and adds excerpts of the file.
func (l *loader) problems() Problems {
	slices.SortStableFunc(l.found, func(a, b finding) int {
		return cmp.Or(cmp.Compare(a.at.layer, b.at.layer),
			cmp.Compare(a.at.line, b.at.line), cmp.Compare(a.at.column, b.at.column),
			cmp.Compare(a.at.name, b.at.name), cmp.Compare(a.setting, b.setting))
	})
	problems := make(Problems, 0, len(l.found))
	for i, f := range l.found {
		p := Problem{Place: f.at.place(), Setting: f.setting, Text: f.text}
		if f.at.layer >= environmentLayer {
			p.Setting = "" // the name of the variable or flag says it
		}
		if f.at.layer == fileLayer && l.source != nil && i < maxShown {
			p.Text = l.source.hidden(f.text)
			p.Excerpt = l.source.excerpt(f.at.line, f.at.column)
		}
		problems = append(problems, p)
	}
	return problems
}
