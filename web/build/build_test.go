package main

import (
	"bytes"
	"compress/gzip"
	"io/fs"
	"maps"
	"os"
	"path"
	"path/filepath"
	"slices"
	"strings"
	"testing"
)

const root = ".."

// committed reads web/dist.
func committed(t *testing.T) Files {
	t.Helper()
	files := Files{}
	dist := os.DirFS(filepath.Join(root, "dist"))
	err := fs.WalkDir(dist, ".", func(name string, entry fs.DirEntry, err error) error {
		if err != nil || entry.IsDir() {
			return err
		}
		files[name], err = fs.ReadFile(dist, name)
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return files
}

func TestDistIsFresh(t *testing.T) {
	want, err := InputsHash(root)
	if err != nil {
		t.Fatal(err)
	}
	if got := strings.TrimSpace(string(committed(t)[inputsFile])); got != want {
		t.Fatalf("web/dist is stale: run go run ./web/build and commit web/dist (built from %.12s, the sources are %.12s)", got, want)
	}
}

func TestDistIsWhatTheBuildMakes(t *testing.T) {
	if _, err := os.Stat(filepath.Join(root, "node_modules", "preact")); err != nil {
		t.Skip("the npm packages of web/ are not installed; the hash of the inputs was compared")
	}
	built, err := BundlePage(root)
	if err != nil {
		t.Fatal(err)
	}
	dist := committed(t)
	if got, want := slices.Sorted(maps.Keys(dist)), slices.Sorted(maps.Keys(built)); !slices.Equal(got, want) {
		t.Fatalf("web/dist holds %v, the build makes %v", got, want)
	}
	for name, content := range built {
		if !bytes.Equal(dist[name], content) {
			t.Errorf("web/dist/%s differs from what the build makes", name)
		}
	}
}

func TestChunkInPlaceOfItsStubKeepsItsNames(t *testing.T) {
	files := Files{
		"assets/room-S.js":  []byte(`import{b as c}from"/assets/chunk-X.js";export{c as d};`),
		"assets/chunk-X.js": []byte(`var $e=1;export{$e as b};`),
	}
	withoutStubs(files)
	const want = "var $e=1;export{$e as b,$e as d};\n"
	if got := string(files["assets/room-X.js"]); got != want || len(files) != 1 {
		t.Fatalf("got %q of %v, want %q alone", got, slices.Sorted(maps.Keys(files)), want)
	}
}

func gzipped(t *testing.T, content []byte) int {
	t.Helper()
	var out bytes.Buffer
	w, err := gzip.NewWriterLevel(&out, gzip.BestCompression)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := w.Write(content); err != nil {
		t.Fatal(err)
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	return out.Len()
}

// longestWords returns the largest of the languages: a page needs one.
func longestWords(t *testing.T, dist Files) []byte {
	t.Helper()
	var longest []byte
	for name, content := range dist {
		isLanguage, _ := path.Match("assets/??-*.js", name)
		if isLanguage && len(content) > len(longest) {
			longest = content
		}
	}
	return longest
}

func TestPageKeepsItsSizeBudget(t *testing.T) {
	dist := committed(t)
	sdk, err := BundleSDK(root)
	if err != nil {
		t.Fatal(err)
	}
	scripts := [][]byte{longestWords(t, dist)}
	for _, name := range FirstScripts(dist) {
		scripts = append(scripts, dist[name])
	}
	for _, part := range []struct {
		name     string
		contents [][]byte
		most     int // bytes, gzip
	}{
		{"the SDK", [][]byte{sdk}, 15 << 10},
		{"the first scripts", scripts, 45 << 10},
		{"the style sheet", [][]byte{dist[First(dist, ".css")]}, 10 << 10},
	} {
		size := 0
		for _, content := range part.contents {
			if len(content) == 0 {
				t.Errorf("%s: one is empty", part.name)
			}
			size += gzipped(t, content)
		}
		t.Logf("%s: %.1f KB gzip of at most %d", part.name, float64(size)/1024, part.most>>10)
		if size > part.most {
			t.Errorf("%s is %d bytes gzip, at most %d", part.name, size, part.most)
		}
	}
}

func TestPageIsFewFiles(t *testing.T) {
	const most = 3 // of 6 requests: three more are for its words, what the room wants, and the room
	html := committed(t)["index.html"]
	html = bytes.ReplaceAll(html, []byte(`rel="manifest" href="/`), nil) // is fetched apart, where somebody installs the page
	if files := 1 + bytes.Count(html, []byte(` src="`)) + bytes.Count(html, []byte(` href="/`)); files > most {
		t.Errorf("the page and what it names are %d files, at most %d", files, most)
	}
}

func TestPageLoadsNothingFromElsewhere(t *testing.T) {
	dist := committed(t)
	for _, attribute := range []string{`src="http`, `href="http`, `src="//`, `href="//`} {
		if bytes.Contains(dist["index.html"], []byte(attribute)) {
			t.Errorf("index.html holds %s", attribute)
		}
	}
	for name, content := range dist {
		if strings.HasSuffix(name, ".css") && bytes.Contains(content, []byte("url(http")) {
			t.Errorf("%s loads from another host", name)
		}
	}
}

func TestAChunkTakesThePlaceOfItsStub(t *testing.T) {
	files := Files{
		"assets/main-A.js":  []byte(`import"/assets/chunk-M.js";` + "\n"),
		"assets/chunk-M.js": []byte(`function $(){}import("/assets/room-B.js");export{$ as a};`),
		"assets/room-B.js":  []byte(`import{b as o}from"/assets/chunk-R.js";import"/assets/chunk-M.js";export{o as RoomView};`),
		"assets/chunk-R.js": []byte(`import{a}from"/assets/chunk-M.js";function y(){}import("/assets/chat-C.js");export{a,y as b};`),
		"assets/chat-C.js":  []byte(`import{b}from"/assets/chunk-R.js";import"/assets/chunk-M.js";b();export{b as Chat};`),
	}
	withoutStubs(files)
	want := map[string]string{
		"assets/main-M.js": `function $(){}import("/assets/room-R.js");export{$ as a};`,
		"assets/room-R.js": `import{a}from"/assets/main-M.js";function y(){}import("/assets/chat-C.js");export{a,y as b,y as RoomView};`,
		"assets/chat-C.js": `import{b}from"/assets/room-R.js";import"/assets/main-M.js";b();export{b as Chat};`,
	}
	for name, content := range files {
		if got := strings.TrimSpace(string(content)); got != want[name] {
			t.Errorf("%s is\n%s\nwant\n%s", name, got, want[name])
		}
	}
	if len(files) != len(want) {
		t.Errorf("%v", slices.Sorted(maps.Keys(files)))
	}
}

func TestPageFetchesAtOnceWhatItCannotRunWithout(t *testing.T) {
	files := Files{
		"assets/main-A.js":       []byte(`import"/assets/chunk-B.js";import("/assets/panel-C.js")`),
		"assets/chunk-B.js":      []byte(`import"/assets/chunk-D.js"`),
		"assets/chunk-D.js":      []byte(`import"/assets/chunk-B.js"`),
		"assets/panel-C.js":      []byte(`import"/assets/chunk-E.js"`),
		"assets/chunk-E.js":      nil,
		"assets/main-F.css":      nil,
		"assets/chunk-other.css": nil,
	}
	if got, want := FirstScripts(files), []string{"assets/main-A.js", "assets/chunk-B.js", "assets/chunk-D.js"}; !slices.Equal(got, want) {
		t.Errorf("the first scripts are %v, want %v", got, want)
	}
	dist := committed(t)
	for _, name := range FirstScripts(dist) {
		if !bytes.Contains(dist["index.html"], []byte("/"+name)) {
			t.Errorf("index.html does not name %s", name)
		}
	}
	later := 0
	for name := range dist {
		if strings.HasSuffix(name, ".js") && !slices.Contains(FirstScripts(dist), name) {
			later++
		}
	}
	if later == 0 {
		t.Error("everything is loaded at once, the statistics too")
	}
}
