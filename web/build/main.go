// Command build bundles the page: sdk/, ui/ and i18n/ of web/ into web/dist.
//
//	go run ./web/build               writes web/dist
//	go run ./web/build -modules DIR  writes the TypeScript modules as ES modules, for tests
//	go run ./web/build -made-up DIR  writes the page with a made-up room behind it, for tests
//	go run ./web/build -sdk DIR      writes what the npm package of the SDK holds beside its texts
//
// It needs the npm packages of web/ (npm ci), but for the modules.
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
	madeUp := flag.String("made-up", "", "write only the page with a made-up room, into this folder")
	sdk := flag.String("sdk", "", "write only the SDK, into this folder")
	flag.Parse()
	if err := run(*root, *modules, *madeUp, *sdk); err != nil {
		fmt.Fprintln(os.Stderr, "build:", err)
		os.Exit(1)
	}
}

func run(root, modules, madeUp, sdk string) error {
	switch {
	case modules != "":
		return write(modules, BundleModules, root)
	case madeUp != "":
		return write(madeUp, BundleMadeUp, root)
	case sdk != "":
		return write(sdk, BundlePackage, root)
	}
	began := time.Now()
	dist := filepath.Join(root, "dist")
	if err := write(dist, BundlePage, root); err != nil {
		return err
	}
	fmt.Printf("%s: built in %d ms\n", dist, time.Since(began).Milliseconds())
	return nil
}

// write has the folder hold what is made of root, and nothing else.
func write(folder string, make func(root string) (Files, error), root string) error {
	files, err := make(root)
	if err != nil {
		return err
	}
	return replace(folder, files)
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
