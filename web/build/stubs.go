package main

import (
	"bytes"
	"maps"
	"regexp"
	"slices"
	"strings"
)

// A stub is a script of the bundle that holds nothing of its own, as all that it
// is made of is shared with others and thus in a chunk: it imports, and may give
// on what it imports under the names that others ask for.
var (
	stub       = regexp.MustCompile(`^(?:import(?:\{[^}]*\}from)?"[^"]+";)+(?:export\{[^}]*\};?)?\s*$`)
	stubImport = regexp.MustCompile(`import(?:\{([^}]*)\}from)?"/(assets/chunk-[^"]+)"`)
	exports    = regexp.MustCompile(`export\{([^}]*)\};?\s*$`)
)

// withoutStubs has each chunk that is behind a stub take its place: a request
// less, and one after the other, before anything runs.
func withoutStubs(files Files) {
	for _, name := range slices.Sorted(maps.Keys(files)) {
		content := files[name]
		if !stub.Match(content) {
			continue
		}
		if chunk := behind(content); chunk != "" {
			takePlace(files, name, chunk, content)
		}
	}
}

// behind returns the one chunk that a stub stands for: of which it gives
// something on, or else the only one; "" where there are several.
func behind(stub []byte) string {
	var given, all []string
	for _, match := range stubImport.FindAllSubmatch(stub, -1) {
		all = append(all, string(match[2]))
		if len(match[1]) > 0 {
			given = append(given, string(match[2]))
		}
	}
	for _, chunks := range [][]string{given, all} {
		if len(chunks) == 1 {
			return chunks[0]
		}
	}
	return ""
}

// takePlace puts the chunk in the place of the stub, under a name that begins as
// the stub's and has the chunk's hash, and has it export what the stub does.
func takePlace(files Files, stub, chunk string, content []byte) {
	prefix, _, _ := strings.Cut(stub, "-")
	name := prefix + strings.TrimPrefix(chunk, "assets/chunk")
	files[name] = exports.ReplaceAllLiteral(files[chunk], []byte("export{"+strings.Join(reexports(files[chunk], content), ",")+"};\n"))
	delete(files, stub)
	delete(files, chunk)
	for other, text := range files {
		text = bytes.ReplaceAll(text, []byte("/"+stub), []byte("/"+name))
		files[other] = bytes.ReplaceAll(text, []byte("/"+chunk), []byte("/"+name))
	}
}

// reexports lists what the chunk exports, and then the same as the stub calls it.
func reexports(chunk, stub []byte) []string {
	list := bindings(exports, chunk)
	all := slices.Clone(list)
	imported := bindings(stubImport, stub)
	for _, out := range bindings(exports, stub) {
		local, outer := names(out)
		for _, in := range imported {
			if inner, as := names(in); as == local {
				at := slices.IndexFunc(list, func(given string) bool { _, as := names(given); return as == inner })
				original, _ := names(list[at])
				all = append(all, original+" as "+outer)
			}
		}
	}
	return all
}

// bindings are the parts between the braces of an import or export.
func bindings(clause *regexp.Regexp, script []byte) []string {
	match := clause.FindSubmatch(script)
	if match == nil || len(match[1]) == 0 {
		return nil
	}
	return strings.Split(string(match[1]), ",")
}

// names reads "a as b", or "a", which is "a as a".
func names(binding string) (original, as string) {
	original, as, found := strings.Cut(strings.TrimSpace(binding), " as ")
	if !found {
		as = original
	}
	return original, as
}
