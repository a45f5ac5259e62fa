package configs

import (
	"fmt"
	"reflect"
	"slices"
	"strings"

	"go.yaml.in/yaml/v4"
)

// section decodes a mapping into a struct, key by key.
func (l *loader) section(node *yaml.Node, f field) {
	if !l.plain(node, f) || isNull(node) {
		return // a section whose lines are all commented out has no value
	}
	if node.Kind != yaml.MappingNode {
		l.reportNode(node, f.path, "holds settings, so lines like name: value belong here")
		return
	}
	children := f.children()
	lines := map[string]int{}
	for i := 0; i+1 < len(node.Content); i += 2 {
		key, value := node.Content[i], node.Content[i+1]
		if key.Kind != yaml.ScalarNode {
			l.reportNode(key, f.path, "a key is one word")
			continue
		}
		if first, twice := lines[key.Value]; twice {
			l.reportNode(key, join(f.path, key.Value), fmt.Sprintf("stands twice, first in line %d", first))
			continue
		}
		lines[key.Value] = key.Line
		at := slices.IndexFunc(children, func(c field) bool { return c.key() == key.Value })
		if at < 0 {
			l.unknown(key, f, children)
			continue
		}
		l.place(key, value, children[at])
		l.decode(value, children[at])
	}
}

// place notes where a field stands: a section by its key, a setting by its value.
func (l *loader) place(key, value *yaml.Node, f field) {
	if f.section() || isNull(value) {
		value = key
	}
	l.origins[f.path] = l.at(value.Line, value.Column)
}

func (l *loader) unknown(key *yaml.Node, f field, siblings []field) {
	where := "section"
	if f.path != "" {
		where = "setting in " + f.path
	}
	everywhere := root(&l.config).settings(false)
	l.reportNode(key, "", fmt.Sprintf("%s is no %s%s", quote(key.Value), where, suggestKey(key.Value, siblings, everywhere)))
}

// decode decodes any field.
func (l *loader) decode(node *yaml.Node, f field) {
	switch {
	case f.section():
		l.section(node, f)
	case !l.plain(node, f):
	case isNull(node):
		l.report(l.origins[f.path], f.path, "has no value; leave the line out for the default")
	case f.value.Kind() == reflect.Slice:
		l.sequence(node, f)
	default:
		l.scalar(node, f)
	}
}

// sequence decodes a list of values or of sections.
func (l *loader) sequence(node *yaml.Node, f field) {
	if node.Kind != yaml.SequenceNode {
		l.reportNode(node, f.path, "is a list, as in [a, b]")
		return
	}
	n := len(node.Content)
	f.value.Set(reflect.MakeSlice(f.value.Type(), n, n))
	for i, item := range node.Content {
		at := f.item(i)
		l.origins[at.path] = l.at(item.Line, item.Column)
		l.decode(item, at)
	}
}

// scalar decodes one value, strictly: text where text belongs, a number where a
// number belongs.
func (l *loader) scalar(node *yaml.Node, f field) {
	if node.Kind != yaml.ScalarNode {
		l.reportNode(node, f.path, "is one value, not a list or a section")
		return
	}
	quoted := node.Style&(yaml.SingleQuotedStyle|yaml.DoubleQuotedStyle|yaml.LiteralStyle|yaml.FoldedStyle) != 0
	isText := f.value.Kind() == reflect.String
	switch {
	case isText && node.ShortTag() != "!!str":
		l.reportNode(node, f.path, f.shown(node.Value)+" must be in quotes to be text")
		return
	case f.value.Kind() == reflect.Int && quoted:
		l.reportNode(node, f.path, quote(node.Value)+" is text; leave out the quotes")
		return
	}
	if err := f.setText(node.Value); err != nil {
		l.reportNode(node, f.path, err.Error())
	}
}

// shown is what stands there, fit for a message.
func (f field) shown(text string) string {
	if f.secret() {
		return mask
	}
	return strings.Trim(quote(text), `"`)
}

// plain refuses what makes YAML hard to read and dangerous to expand.
func (l *loader) plain(node *yaml.Node, f field) bool {
	if node.Kind == yaml.AliasNode || node.Anchor != "" || node.Style&yaml.TaggedStyle != 0 {
		l.reportNode(node, f.path, "anchors, aliases and tags are not read here; write the value out")
		return false
	}
	return true
}

func (l *loader) reportNode(node *yaml.Node, setting, text string) {
	l.report(l.at(node.Line, node.Column), setting, text)
}

func isNull(node *yaml.Node) bool {
	return node.Kind == yaml.ScalarNode && node.ShortTag() == "!!null"
}

// parent is the path of what holds a field: a section, or a list for an item.
func parent(path string) string { return path[:max(strings.LastIndexAny(path, ".["), 0)] }

// index is the path of an item of a list.
func index(path string, i int) string { return fmt.Sprintf("%s[%d]", path, i) }
