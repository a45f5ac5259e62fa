package configs

import (
	"regexp"
	"slices"
	"strings"
)

// variable is the name of the variable that holds a setting.
func variable(path string) string {
	return "MADANG_" + strings.ToUpper(strings.ReplaceAll(path, ".", "_"))
}

// environment applies the variables MADANG_SECTION_FIELD.
func (l *loader) environment(environ []string) {
	settings := root(&l.config).settings(false)
	names := make([]string, len(settings))
	for i, f := range settings {
		names[i] = variable(f.path)
	}
	for _, entry := range environ {
		name, text, _ := strings.Cut(entry, "=")
		at := origin{layer: environmentLayer, name: name}
		if i := slices.Index(names, name); i >= 0 {
			l.set(settings[i], text, at)
		} else if strings.HasPrefix(name, "MADANG_") && !serviceLink.MatchString(name) {
			l.unknownVariable(at, names)
		}
	}
}

// serviceLink are the variables that Kubernetes and Docker set for a service
// whose name happens to be madang or to begin with it.
var serviceLink = regexp.MustCompile(`_(SERVICE_(HOST|PORT.*)|PORT(_\d+_(TCP|UDP).*)?|ENV_.*|NAME)$`)

// unknownVariable reports a variable that was meant for us: one that is near a
// setting's, or begins with a section's name. Others may be anybody's.
func (l *loader) unknownVariable(at origin, names []string) {
	hint := didYouMean(at.name, names)
	ours := hint != ""
	for _, section := range root(&l.config).children() {
		ours = ours || strings.HasPrefix(at.name, variable(section.path)+"_")
	}
	if ours {
		l.report(at, "", "is no setting"+hint)
	}
}

// flags applies the flags that were given, in the order of their settings.
func (l *loader) flags(given map[string]string) {
	for _, f := range root(&l.config).settings(false) {
		if text, ok := given[f.path]; ok {
			l.set(f, text, origin{layer: flagLayer, name: "--" + f.path})
		}
	}
}

func (l *loader) set(f field, text string, at origin) {
	if err := f.setText(text); err != nil {
		l.report(at, f.path, err.Error())
		return
	}
	l.origins[f.path] = at
}
