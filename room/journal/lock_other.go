//go:build !(linux || darwin || freebsd || netbsd || openbsd || dragonfly)

package journal

import (
	"fmt"
	"os"
	"path/filepath"
)

// lock holds that the folder can be written. Here nothing keeps another process from
// it.
func lock(dir string) (unlock func(), err error) {
	if err := os.WriteFile(filepath.Join(dir, "lock"), nil, 0o600); err != nil {
		return nil, fmt.Errorf("the folder of the chat cannot be written: %w", err)
	}
	return func() {}, nil
}
