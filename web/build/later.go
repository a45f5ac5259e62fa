package main

import (
	"fmt"
	"path/filepath"

	"github.com/evanw/esbuild/pkg/api"
)

// later keeps the page's first scripts few. Modules that are reached from the
// same entries share a chunk, so each part of the page that is loaded later, when
// somebody asks for it, would cut what is loaded first into more pieces: one for
// every set of parts. Here each such part reaches all that is there before it
// anyway, and what is loaded first stays one chunk.
func later(build api.PluginBuild) {
	const namespace = "later"
	root := build.InitialOptions.AbsWorkingDir
	build.OnResolve(api.OnResolveOptions{Filter: `^\.`}, func(args api.OnResolveArgs) (api.OnResolveResult, error) {
		if args.Kind != api.ResolveJSDynamicImport {
			return api.OnResolveResult{}, nil
		}
		name, err := filepath.Rel(root, filepath.Join(args.ResolveDir, args.Path))
		return api.OnResolveResult{Path: filepath.ToSlash(name), Namespace: namespace}, err
	})
	build.OnLoad(api.OnLoadOptions{Filter: `.`, Namespace: namespace}, func(args api.OnLoadArgs) (api.OnLoadResult, error) {
		code := fmt.Sprintf("import %q\nexport * from %q\n", "./ui/app.tsx", "./"+args.Path)
		return api.OnLoadResult{Contents: &code, ResolveDir: root}, nil
	})
}
