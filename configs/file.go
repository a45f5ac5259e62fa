package configs

import (
	"bytes"
	"errors"
	"io"
	"os"
	"unicode/utf8"

	"go.yaml.in/yaml/v4"
	"go.yaml.in/yaml/v4/plugin/loaderlimits"
)

// maxFile and maxDepth bound what is read: bytes of the file, and levels of
// nesting in it. A configuration needs a hundredth of the one and half of the other.
const (
	maxFile  = 1 << 20
	maxDepth = 16
)

// readFile returns what a file holds, or a problem.
func readFile(path string) ([]byte, string) {
	file, err := os.Open(path)
	if err != nil {
		return nil, "cannot be read: " + cause(err)
	}
	defer file.Close()
	data, err := io.ReadAll(io.LimitReader(file, maxFile+1))
	switch {
	case err != nil:
		return nil, "cannot be read: " + cause(err)
	case len(data) > maxFile:
		return nil, "is larger than 1 MiB: not a configuration"
	}
	return data, ""
}

// cause is what the system says, without the path, which stands before it.
func cause(err error) string {
	var pathError *os.PathError
	if errors.As(err, &pathError) {
		return pathError.Err.Error()
	}
	return err.Error()
}

// file applies a YAML document to the defaults.
func (l *loader) file(name string, data []byte) {
	data = bytes.TrimPrefix(data, []byte("\ufeff"))
	l.source = newSource(name, data, secretKeys())
	document, err := parse(data)
	switch {
	case err != nil:
		l.broken = true
		l.report(l.at(err.line, err.column), "", err.text)
	case document != nil: // otherwise it is empty, or comments only
		l.source.secrets = secretsIn(document, l.source.secretKey)
		l.section(document, root(&l.config))
	}
}

// at is a place in the file.
func (l *loader) at(line, column int) origin {
	return origin{layer: fileLayer, name: l.source.name, line: line, column: column}
}

// syntaxError says why a text is not one YAML document.
type syntaxError struct {
	line, column int
	text         string
}

// parse reads the one document of a file as nodes; nil if there is none.
func parse(data []byte) (*yaml.Node, *syntaxError) {
	if line := invalidUTF8(data); line > 0 {
		return nil, &syntaxError{line, 1, "this line is not UTF-8 text"}
	}
	// Duplicate keys are for us to report, with their places.
	parser, err := yaml.NewLoader(bytes.NewReader(data), yaml.WithUniqueKeys(false),
		yaml.WithPlugin(loaderlimits.New(loaderlimits.DepthValue(maxDepth))))
	if err != nil {
		return nil, asSyntaxError(err)
	}
	var first, second yaml.Node
	if err := parser.Load(&first); errors.Is(err, io.EOF) {
		return nil, nil
	} else if err != nil {
		return nil, asSyntaxError(err)
	}
	if err := parser.Load(&second); err == nil {
		return nil, &syntaxError{second.Line, second.Column, "a second document begins here, and only one is read"}
	} else if !errors.Is(err, io.EOF) {
		return nil, asSyntaxError(err)
	}
	return first.Content[0], nil
}

func asSyntaxError(err error) *syntaxError {
	var at *yaml.LoadError
	if !errors.As(err, &at) {
		return &syntaxError{1, 1, "is not YAML: " + err.Error()}
	}
	text := "is not YAML: " + at.Message
	if at.ContextMsg != "" {
		text += " " + at.ContextMsg
	}
	return &syntaxError{max(at.Mark.Line, 1), max(at.Mark.Column, 1), text}
}

// invalidUTF8 is the line of the first byte that is no text, or 0.
func invalidUTF8(data []byte) int {
	for i, line := range bytes.SplitAfter(data, []byte("\n")) {
		if !utf8.Valid(line) {
			return i + 1
		}
	}
	return 0
}
