package main

import (
	"bytes"
	"errors"
	"fmt"
	"io/fs"
	"maps"
	"os"
	"path"
	"path/filepath"
	"slices"
	"strings"

	"github.com/evanw/esbuild/pkg/api"
)

// Files are the files of a bundle by their names, with slashes.
type Files map[string][]byte

// targets are the oldest engines for which the bundle is written, of late 2023:
// what the page needs of WebRTC behaves alike from there on.
var targets = []api.Engine{
	{Name: api.EngineChrome, Version: "120"},
	{Name: api.EngineFirefox, Version: "121"},
	{Name: api.EngineSafari, Version: "17.4"},
}

// BundlePage bundles ui/main.tsx and all it imports, and puts the names of the
// results into ui/index.html. Files of ui/public are taken as they are.
func BundlePage(root string) (Files, error) {
	out, err := bundle(root, minified(api.BuildOptions{
		EntryPoints: []string{"ui/main.tsx", "ui/style/main.css"},
		EntryNames:  "assets/[name]-[hash]",
		ChunkNames:  "assets/[name]-[hash]",
		AssetNames:  "assets/[name]-[hash]",
		PublicPath:  "/",
		Splitting:   true,
		Plugins:     []api.Plugin{{Name: "later", Setup: later}},
	}))
	if err != nil {
		return nil, err
	}
	withoutStubs(out)
	if err := frame(root, out); err != nil {
		return nil, err
	}
	hash, err := InputsHash(root)
	if err != nil {
		return nil, err
	}
	out[inputsFile] = []byte(hash + "\n")
	return out, nil
}

// BundleMadeUp bundles the page with the made-up room of ui/dev behind it, for
// tests of what needs no server.
func BundleMadeUp(root string) (Files, error) {
	out, err := bundle(root, api.BuildOptions{
		EntryPoints: []string{"ui/dev/main.tsx"},
		EntryNames:  "assets/[name]-[hash]",
		ChunkNames:  "assets/[name]-[hash]",
		AssetNames:  "assets/[name]-[hash]",
		PublicPath:  "/",
		Splitting:   true,
	})
	if err != nil {
		return nil, err
	}
	return out, frame(root, out)
}

// frame adds what stands around the scripts and styles: ui/index.html with their
// names, and the files of ui/public.
func frame(root string, out Files) error {
	html, err := os.ReadFile(filepath.Join(root, "ui", "index.html"))
	if err != nil {
		return err
	}
	if out["index.html"], err = link(string(html), out); err != nil {
		return err
	}
	return copyPublic(filepath.Join(root, "ui", "public"), out)
}

// BundleModules makes an ES module of every TypeScript module without a view,
// under its own path, so that tests may import each; npm packages stay outside.
func BundleModules(root string) (Files, error) {
	return bundle(root, api.BuildOptions{
		EntryPoints: []string{"sdk/*.ts", "ui/**/*.ts", "i18n/*.ts"},
		EntryNames:  "[dir]/[name]",
		Outbase:     ".",
		Packages:    api.PackagesExternal,
		Splitting:   true,
	})
}

func minified(options api.BuildOptions) api.BuildOptions {
	options.MinifyWhitespace, options.MinifyIdentifiers, options.MinifySyntax = true, true, true
	return options
}

// bundle runs esbuild with what all our bundles have in common.
func bundle(root string, options api.BuildOptions) (Files, error) {
	root, err := filepath.Abs(root)
	if err != nil {
		return nil, err
	}
	options.AbsWorkingDir = root
	options.Outdir = "dist"
	options.Bundle = true
	options.Format = api.FormatESModule
	options.Engines = targets
	options.JSX = api.JSXAutomatic
	options.JSXImportSource = "preact"
	options.LegalComments = api.LegalCommentsNone
	options.Charset = api.CharsetUTF8
	options.Loader = map[string]api.Loader{".svg": api.LoaderDataURL, ".woff2": api.LoaderFile}
	result := api.Build(options)
	if len(result.Errors) > 0 {
		text := api.FormatMessages(result.Errors, api.FormatMessagesOptions{Kind: api.ErrorMessage})
		return nil, errors.New(strings.TrimSpace(strings.Join(text, "")))
	}
	files := Files{}
	for _, file := range result.OutputFiles {
		name, err := filepath.Rel(filepath.Join(root, "dist"), file.Path)
		if err != nil {
			return nil, err
		}
		files[filepath.ToSlash(name)] = file.Contents
	}
	return files, nil
}

// link replaces /main.js and /main.css in the page by the names with hashes, and
// has the browser fetch at once what the first script will ask for.
func link(html string, files Files) ([]byte, error) {
	for _, plain := range []string{"main.js", "main.css"} {
		name := First(files, path.Ext(plain))
		if name == "" {
			return nil, fmt.Errorf("ui/main.tsx leads to no %s", plain)
		}
		linked := strings.Replace(html, `"/`+plain+`"`, `"/`+name+`"`, 1)
		if linked == html {
			return nil, fmt.Errorf(`ui/index.html does not name "/%s"`, plain)
		}
		html = linked
	}
	const script = `<script type="module"`
	for _, name := range FirstScripts(files)[1:] {
		html = strings.Replace(html, script, `<link rel="modulepreload" href="/`+name+`">`+"\n"+script, 1)
	}
	return []byte(html), nil
}

// FirstScripts returns the script that the page loads first and those that it
// cannot run without. Only what it loads later by itself, when somebody asks
// for it, is not among them: such scripts are not called chunk.
func FirstScripts(files Files) []string {
	names := []string{First(files, ".js")}
	for i := 0; i < len(names); i++ {
		for _, name := range slices.Sorted(maps.Keys(files)) {
			chunk := strings.HasPrefix(name, "assets/chunk-") && !slices.Contains(names, name)
			if chunk && bytes.Contains(files[names[i]], []byte(name)) {
				names = append(names, name)
			}
		}
	}
	return names
}

// First returns the name of the file that the page loads first: the one called
// main with this ending.
func First(files Files, ext string) string {
	for name := range files {
		if strings.HasPrefix(name, "assets/main-") && path.Ext(name) == ext {
			return name
		}
	}
	return ""
}

// copyPublic adds the files of a folder, if there is one, under their own names.
func copyPublic(folder string, out Files) error {
	err := fs.WalkDir(os.DirFS(folder), ".", func(name string, entry fs.DirEntry, err error) error {
		if err != nil || entry.IsDir() {
			return err
		}
		content, err := os.ReadFile(filepath.Join(folder, filepath.FromSlash(name)))
		out[name] = content
		return err
	})
	if errors.Is(err, fs.ErrNotExist) {
		return nil
	}
	return err
}
