//go:build !unix

package main

import (
	"errors"
	"time"
)

// processTime is not known on this system.
func processTime() (time.Duration, error) { return 0, errors.ErrUnsupported }
