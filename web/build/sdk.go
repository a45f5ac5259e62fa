package main

import (
	"fmt"
	"io/fs"
	"maps"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"

	"github.com/evanw/esbuild/pkg/api"
)

// BundlePackage makes what the npm package of the SDK holds beside its texts: one
// ES module to read and to bundle, the same one small, for pages that have no
// bundler, the types of both, and the licence.
func BundlePackage(root string) (Files, error) {
	files, err := bundle(root, api.BuildOptions{
		EntryPoints: []string{"sdk/index.ts"},
		EntryNames:  "madang",
	})
	if err != nil {
		return nil, err
	}
	if files["madang.min.js"], err = BundleSDK(root); err != nil {
		return nil, err
	}
	types, err := declarations(root)
	if err != nil {
		return nil, err
	}
	maps.Copy(files, types)
	files["LICENSE"], err = os.ReadFile(filepath.Join(root, "..", "LICENSE"))
	return files, err
}

// BundleSDK bundles the SDK alone as one ES module, as a page would load it.
func BundleSDK(root string) ([]byte, error) {
	out, err := bundle(root, minified(api.BuildOptions{
		EntryPoints: []string{"sdk/index.ts"},
		EntryNames:  "madang",
	}))
	if err != nil {
		return nil, err
	}
	return out["madang.js"], nil
}

// declarations has TypeScript write the types of what the SDK exports, and of no more.
func declarations(root string) (Files, error) {
	folder, err := os.MkdirTemp("", "madang-types-")
	if err != nil {
		return nil, err
	}
	defer os.RemoveAll(folder)
	compiler := filepath.Join(root, "node_modules", ".bin", "tsc")
	output, err := exec.Command(compiler, "--project", filepath.Join(root, "sdk"), "--outDir", folder).CombinedOutput()
	if err != nil {
		return nil, fmt.Errorf("the types of the SDK: %w\n%s", err, output)
	}
	types := Files{}
	return types, collect(os.DirFS(folder), "index.d.ts", types)
}

// another is what one file of declarations says of another that it needs.
var another = regexp.MustCompile(`"\./([\w-]+)\.ts"`)

// collect adds a file of declarations, and all that it leads to.
func collect(folder fs.FS, name string, types Files) error {
	if types["types/"+name] != nil {
		return nil
	}
	content, err := fs.ReadFile(folder, name)
	if err != nil {
		return err
	}
	types["types/"+name] = content
	for _, found := range another.FindAllSubmatch(content, -1) {
		if err := collect(folder, string(found[1])+".d.ts", types); err != nil {
			return err
		}
	}
	return nil
}
