package main

import (
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
)

// inputsFile is the file of the bundle that says what it was made of.
const inputsFile = "inputs.sha256"

// inputs are the files and folders of which the bundle is made.
var inputs = []string{"sdk", "ui", "i18n", "build", "package.json", "package-lock.json", "tsconfig.json"}

// InputsHash is one hash over the names and contents of everything of which the
// bundle is made. It needs no npm package, so that a stale bundle is noticed
// where only Go is installed.
func InputsHash(root string) (string, error) {
	sum := sha256.New()
	for _, input := range inputs {
		err := filepath.WalkDir(filepath.Join(root, input), func(path string, entry fs.DirEntry, err error) error {
			if err != nil || entry.IsDir() || isTest(path) {
				return err
			}
			content, err := os.ReadFile(path)
			if err != nil {
				return err
			}
			name, err := filepath.Rel(root, path)
			if err != nil {
				return err
			}
			fmt.Fprintf(sum, "%s %d\n", filepath.ToSlash(name), len(content))
			sum.Write(content)
			return nil
		})
		if err != nil && !errors.Is(err, fs.ErrNotExist) {
			return "", err
		}
	}
	return hex.EncodeToString(sum.Sum(nil)), nil
}

// isTest tells files that never reach the bundle.
func isTest(path string) bool {
	return strings.HasSuffix(path, "_test.go") || strings.Contains(filepath.Base(path), ".test.")
}
