package configs

import (
	"flag"
	"fmt"
	"go/ast"
	"go/doc/comment"
	"go/parser"
	"go/token"
	"io/fs"
	"os"
	"path/filepath"
	"reflect"
	"regexp"
	"strings"
	"testing"
)

var update = flag.Bool("update", false, "write madang.yaml anew")

const sampleHead = `# Madang: every setting, at its default, and what it is for. madang reads the file
# that --config names, or madang.yaml in the folder where it starts. Leave out what
# you do not change. Variables hold over the file, and flags over both:
# MADANG_ICE_UDP_PORT=3500 and --ice.udp_port=3500 are ice.udp_port here; lists are
# written a,b there. madang config check says what is wrong, madang config show
# what holds and where it came from. Paths start where madang does. A server that
# runs reads the file again when it changes and on SIGHUP, and says what took effect,
# what waits for a restart, or what is wrong, in which case nothing changes.

`

func TestSampleIsWrittenFromTheComments(t *testing.T) {
	config := Default()
	comments := &comments{structs: map[reflect.Type]*ast.StructType{}}
	r := &renderer{above: func(f field) []string { return comments.of(t, f) }}
	r.render(root(&config), "")
	want := sampleHead + r.out.String()
	if *update {
		if err := os.WriteFile("madang.yaml", []byte(want), 0o644); err != nil {
			t.Fatal(err)
		}
		return
	}
	if sample != want {
		t.Errorf("madang.yaml is not what the comments say: run go generate ./configs\nwant:\n%s", want)
	}
}

// comments finds the doc comments of fields in the sources of their packages.
type comments struct {
	structs map[reflect.Type]*ast.StructType
}

// of is the comment of a field, wrapped, with its choices, its example and, for
// a list of sections, what each of them holds.
func (c *comments) of(t *testing.T, f field) []string {
	doc := c.doc(t, f)
	if doc == "" {
		t.Errorf("%s has no doc comment", f.path)
	}
	if len(f.choices) > 0 && !strings.Contains(doc, f.choices[0]) {
		doc += fmt.Sprintf(" One of %s.", strings.Join(f.choices, ", "))
	}
	lines := wrap(doc)
	if f.list() {
		item := field{path: f.path, value: reflect.New(f.value.Type().Elem()).Elem()}
		for _, child := range item.children() {
			lines = append(lines, "  "+child.key()+": "+firstSentence(c.doc(t, child)))
		}
	}
	if f.example != "" {
		lines = append(lines, "Example: "+f.example)
	}
	return lines
}

// doc is the doc comment of a field on one line.
func (c *comments) doc(t *testing.T, f field) string {
	declared, ok := c.structs[f.owner]
	if !ok {
		declared = parseStruct(t, f.owner)
		c.structs[f.owner] = declared
	}
	for _, candidate := range declared.Fields.List {
		for _, name := range candidate.Names {
			if name.Name == f.name {
				return strings.Join(strings.Fields(candidate.Doc.Text()), " ")
			}
		}
	}
	t.Fatalf("%s.%s is not in its source", f.owner, f.name)
	return ""
}

func parseStruct(t *testing.T, of reflect.Type) *ast.StructType {
	dir := filepath.Join("..", filepath.FromSlash(strings.TrimPrefix(of.PkgPath(), "madang/")))
	files, err := filepath.Glob(filepath.Join(dir, "*.go"))
	if err != nil {
		t.Fatal(err)
	}
	for _, name := range files {
		file, err := parser.ParseFile(token.NewFileSet(), name, nil, parser.ParseComments)
		if err != nil {
			t.Fatal(err)
		}
		for _, d := range file.Decls {
			group, ok := d.(*ast.GenDecl)
			for i := 0; ok && i < len(group.Specs); i++ {
				spec, isType := group.Specs[i].(*ast.TypeSpec)
				if !isType || spec.Name.Name != of.Name() {
					continue
				}
				return spec.Type.(*ast.StructType)
			}
		}
	}
	t.Fatal(fmt.Errorf("%s: %w", of, fs.ErrNotExist))
	return nil
}

func wrap(text string) []string {
	var p comment.Parser
	printer := comment.Printer{TextWidth: 78}
	return strings.Split(strings.TrimSpace(string(printer.Text(p.Parse(text)))), "\n")
}

func firstSentence(text string) string {
	if i := strings.Index(text, ". "); i >= 0 {
		return text[:i+1]
	}
	return text
}

func TestSampleIsTheDefaults(t *testing.T) {
	loaded, err := load(sample, nil, nil)
	if err != nil {
		t.Fatal(err)
	}
	if got, want := fmt.Sprintf("%+v", loaded.Config), fmt.Sprintf("%+v", Default()); got != want {
		t.Errorf("the sample gives\n%s\nwant\n%s", got, want)
	}
	for _, s := range Settings() {
		if s.Usage == "" {
			t.Errorf("%s has no usage", s.Path)
		}
	}
}

func TestExamplesAreValues(t *testing.T) {
	config := Default()
	secret := filepath.Join(t.TempDir(), "secret")
	if err := os.WriteFile(secret, []byte("open, as 32 bytes or more of a secret do\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	secrets := regexp.MustCompile(`/run/secrets/[\w-]+`)
	for _, section := range root(&config).children() {
		for _, f := range section.children() {
			example := secrets.ReplaceAllLiteralString(f.example, secret)
			if example == "" {
				continue
			}
			if _, err := load(section.key()+":\n  "+f.key()+": "+example, nil, nil); err != nil {
				t.Error(err)
			}
		}
	}
}

// load reads a configuration from texts.
func load(file string, environ []string, flags map[string]string) (*Loaded, error) {
	l := newLoader()
	l.file("madang.yaml", []byte(file))
	return l.finish(environ, flags)
}
