package main

import (
	"fmt"
	"path/filepath"
	"slices"
	"strings"

	"github.com/evanw/esbuild/pkg/api"
)

// later keeps the page's scripts few. Modules that are reached from the same
// entries share a chunk, so each part of the page that is loaded later, when
// somebody asks for it, would cut what is loaded before it into more pieces: one
// for every set of parts. Here each such part reaches all that is there before it
// anyway: the page, and for what the room asks for, the room. So the page is one
// chunk and the room another, each in the place of its stub.
func later(build api.PluginBuild) {
	const namespace = "later"
	root := build.InitialOptions.AbsWorkingDir
	within := func(path string) string {
		name, err := filepath.Rel(root, path)
		if err != nil {
			return path
		}
		return filepath.ToSlash(name)
	}
	build.OnResolve(api.OnResolveOptions{Filter: `^\.`}, func(args api.OnResolveArgs) (api.OnResolveResult, error) {
		if args.Kind != api.ResolveJSDynamicImport {
			return api.OnResolveResult{}, nil
		}
		path := within(filepath.Join(args.ResolveDir, args.Path))
		return api.OnResolveResult{Path: path, Namespace: namespace, PluginData: before(within(args.Importer))}, nil
	})
	build.OnLoad(api.OnLoadOptions{Filter: `.`, Namespace: namespace}, func(args api.OnLoadArgs) (api.OnLoadResult, error) {
		var code strings.Builder
		for _, name := range args.PluginData.([]string) {
			fmt.Fprintf(&code, "import %q\n", "./"+name)
		}
		fmt.Fprintf(&code, "export * from %q\n", "./"+args.Path)
		text := code.String()
		return api.OnLoadResult{Contents: &text, ResolveDir: root}, nil
	})
}

// before returns what is there when this module asks for a part of the page.
func before(importer string) []string {
	page := []string{"ui/main.tsx"}
	if slices.Contains([]string{"ui", "ui/home", "ui/lobby", "i18n"}, filepath.ToSlash(filepath.Dir(importer))) {
		return page
	}
	return append(page, "ui/room/room.tsx")
}
