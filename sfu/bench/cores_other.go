//go:build !linux

package main

import (
	"errors"
	"time"
)

// This system neither pins processes to cores nor tells what a core does.

func pin(int, bool) error { return nil }

func coreBusy() (time.Duration, error) { return 0, errors.ErrUnsupported }

func kernelDrops() (uint64, error) { return 0, errors.ErrUnsupported }
