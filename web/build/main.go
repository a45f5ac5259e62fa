// Command build bundles the page: sdk/, ui/ and i18n/ of web/ into web/dist.
//
//	go run ./web/build               writes web/dist
//	go run ./web/build -modules DIR  writes the TypeScript modules as ES modules, for tests
//
// It needs the npm packages of web/ (npm ci) for the first, and nothing for the second.
package main

import (
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"time"
)

func main() {
	root := flag.String("root", "web", "folder that holds sdk, ui and i18n")
	modules := flag.String("modules", "", "write only the modules, into this folder")
	flag.Parse()
	if err := run(*root, *modules); err != nil {
		fmt.Fprintln(os.Stderr, "build:", err)
		os.Exit(1)
	}
}

func run(root, modules string) error {
	began := time.Now()
	if modules != "" {
		files, err := BundleModules(root)
		if err != nil {
			return err
		}
		return replace(modules, files)
	}
	files, err := BundlePage(root)
	if err != nil {
		return err
	}
	dist := filepath.Join(root, "dist")
	if err := replace(dist, files); err != nil {
		return err
	}
	fmt.Printf("%s: %d files in %d ms\n", dist, len(files), time.Since(began).Milliseconds())
	return nil
}

// replace makes the folder hold exactly these files.
func replace(folder string, files Files) error {
	if err := os.RemoveAll(folder); err != nil {
		return err
	}
	for name, content := range files {
		path := filepath.Join(folder, filepath.FromSlash(name))
		if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
			return err
		}
		if err := os.WriteFile(path, content, 0o644); err != nil {
			return err
		}
	}
	return nil
}
