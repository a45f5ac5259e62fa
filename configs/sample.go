package configs

import (
	_ "embed"
	"strings"

	"go.yaml.in/yaml/v4"
)

//go:generate go test -run ^TestSampleIsWrittenFromTheComments$ . -update

//go:embed madang.yaml
var sample string

// Sample is a configuration file with every setting at its default, and what
// each is for.
func Sample() string { return sample }

// Setting is one setting as the command line names it.
type Setting struct {
	// Path names it in all sources: ice.udp_port is the flag --ice.udp_port and
	// the variable MADANG_ICE_UDP_PORT.
	Path string
	// Usage says what it is for, in a line.
	Usage string
}

// Settings are all settings that variables and flags can hold, in order: all but
// the lists of sections.
func Settings() []Setting {
	config := Default()
	usage := sampleComments()
	var out []Setting
	for _, f := range root(&config).settings(false) {
		out = append(out, Setting{Path: f.path, Usage: usage[f.path]})
	}
	return out
}

// Suggest ends a sentence about a flag that does not exist with the one that was
// most likely meant, or with nothing.
func Suggest(flag string) string {
	var flags []string
	for _, f := range root(&Config{}).settings(false) {
		flags = append(flags, "--"+f.path)
	}
	return didYouMean("--"+flag, flags)
}

// sampleComments are the comments of the sample by the path of their setting.
func sampleComments() map[string]string {
	comments := map[string]string{}
	var walk func(node *yaml.Node, path string)
	walk = func(node *yaml.Node, path string) {
		for i := 0; node.Kind == yaml.MappingNode && i+1 < len(node.Content); i += 2 {
			key := node.Content[i]
			at := join(path, key.Value)
			comments[at] = strings.ReplaceAll(strings.ReplaceAll(key.HeadComment, "# ", ""), "\n", " ")
			walk(node.Content[i+1], at)
		}
	}
	if document, err := parse([]byte(sample)); err == nil && document != nil {
		walk(document, "")
	}
	return comments
}
