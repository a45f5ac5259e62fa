package configs

import (
	"slices"
	"strings"

	"go.yaml.in/yaml/v4"
)

// maxSecret bounds a file that holds a secret, in bytes.
const maxSecret = 64 << 10

// secretKeys are the keys of all secrets.
func secretKeys() []string {
	var keys []string
	for _, f := range root(&Config{}).withItems().settings(true) {
		if f.secret() && !slices.Contains(keys, f.key()) {
			keys = append(keys, f.key())
		}
	}
	return keys
}

// secretsIn are the values of all secrets of a document, wherever they stand.
func secretsIn(node *yaml.Node, secretKey func(string) bool) []string {
	var values []string
	var walk func(node *yaml.Node, secret bool)
	walk = func(node *yaml.Node, secret bool) {
		if secret && node.Kind == yaml.ScalarNode {
			values = append(values, strings.FieldsFunc(node.Value, func(r rune) bool { return r == '\n' })...)
		}
		for i, child := range node.Content {
			isValue := node.Kind == yaml.MappingNode && i%2 == 1
			walk(child, secret || isValue && secretKey(node.Content[i-1].Value))
		}
	}
	walk(node, false)
	return values
}

// readSecrets reads the secrets whose value stands in a file of its own, named
// by the setting with _file at its end. Of the two the one from the later layer
// holds; both from the same layer are a problem.
func (l *loader) readSecrets() {
	settings := root(&l.config).settings(true)
	for _, f := range settings {
		at := slices.IndexFunc(settings, func(other field) bool { return other.path == f.path+"_file" })
		if !f.secret() || at < 0 || settings[at].value.String() == "" {
			continue
		}
		l.readSecret(f, settings[at])
	}
}

func (l *loader) readSecret(f, file field) {
	direct, byFile := l.origins[f.path], l.origins[file.path]
	if f.value.String() != "" && direct.layer == byFile.layer {
		l.report(byFile, file.path, "stands beside "+f.key()+"; leave out one of them")
		return
	}
	if direct.layer > byFile.layer {
		file.value.SetString("")
		delete(l.origins, file.path)
		return
	}
	path := file.value.String()
	data, problem := readFile(path)
	secret := strings.TrimSpace(string(data))
	switch {
	case problem != "":
		l.report(byFile, file.path, quote(path)+" "+problem)
	case secret == "":
		l.report(byFile, file.path, quote(path)+" is empty")
	case len(data) > maxSecret:
		l.report(byFile, file.path, quote(path)+" is larger than 64 KiB: not a secret")
	default:
		f.value.SetString(secret)
		l.origins[f.path] = byFile
	}
}
