//go:build !linux

package main

import (
	"errors"
	"time"
)

// flood is not known on this system: it has no UDP_SEGMENT.
func flood(request) (time.Duration, uint64, error) { return 0, 0, errors.ErrUnsupported }
