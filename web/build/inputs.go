package main

import (
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path"
	"path/filepath"
	"slices"
	"strings"
)

// inputsFile is the file of the bundle that says what it was made of.
const inputsFile = "inputs.sha256"

// inputs are the files and folders of which the bundle is made.
var inputs = []string{"sdk", "ui", "i18n", "build", "package.json", "package-lock.json", "tsconfig.json"}

// packaged are the folders in those that go with the npm package of the SDK alone.
var packaged = []string{"sdk/dist", "sdk/example"}

// InputsHash is one hash over the names and contents of everything of which the
// bundle is made. It needs no npm package, so that a stale bundle is noticed
// where only Go is installed.
func InputsHash(root string) (string, error) {
	sum := sha256.New()
	for _, input := range inputs {
		err := filepath.WalkDir(filepath.Join(root, input), func(file string, entry fs.DirEntry, err error) error {
			if err != nil {
				return err
			}
			name, err := filepath.Rel(root, file)
			if err != nil {
				return err
			}
			name = filepath.ToSlash(name)
			if entry.IsDir() {
				if slices.Contains(packaged, name) {
					return fs.SkipDir
				}
				return nil
			}
			if isApart(name) {
				return nil
			}
			content, err := os.ReadFile(file)
			if err != nil {
				return err
			}
			fmt.Fprintf(sum, "%s %d\n", name, len(content))
			sum.Write(content)
			return nil
		})
		if err != nil && !errors.Is(err, fs.ErrNotExist) {
			return "", err
		}
	}
	return hex.EncodeToString(sum.Sum(nil)), nil
}

// isApart tells files that never reach the bundle: tests, and texts to read.
func isApart(name string) bool {
	return strings.HasSuffix(name, "_test.go") || strings.Contains(path.Base(name), ".test.") || path.Ext(name) == ".md"
}
